import { fitGpuLayers, type GpuLayers } from '../core/gguf/gpu-layers.ts'
import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import type { LoadOptions } from './engine.ts'
import type { FoundAdapter, NoGpuReason } from './gpu-adapter.ts'

/** What to ask wllama for. What it then does is read from its log. */
export type BackendPlan =
  | {
      readonly type: 'cpu'
      readonly threads: PlannedThreads
      readonly reason: CpuReason
      readonly why: string
    }
  | {
      readonly type: 'webgpu'
      readonly threads: PlannedThreads
      readonly adapter: string
      /** More than `totalLayers` means all. */
      readonly layers: number
      readonly totalLayers: number
      /** What kept the other layers off; null when all are to be on the GPU, or the user wants fewer. */
      readonly obstacle: GpuLayers['obstacle']
    }

export type CpuReason =
  | 'switched-off'
  | 'small-model'
  | 'too-large-for-gpu'
  /** An earlier self-test. */
  | 'wrong-numbers'
  | NoGpuReason

/** Null: as many as a measurement at the load finds best. */
export type PlannedThreads = { readonly count: number | null; readonly why: string }

export type Machine = {
  readonly gpu: FoundAdapter
  readonly cores: number
  readonly isCrossOriginIsolated: boolean
}

export type PlannedModel = { readonly header: GgufHeader; readonly sizeBytes: number }

/** Below this a model has computed its answer on the CPU before a GPU has compiled its shaders. */
const SMALL_MODEL_BYTES = 64 * 1024 * 1024

/** Below this a second thread gains a third on idle cores and loses up to nine tenths on busy ones. Figures: README. */
const TINY_MODEL_BYTES = 16 * 1024 * 1024

/**
 * Decides between CPU and WebGPU, before anything is loaded. llama.cpp's WebGPU needs `shader-f16` and falls back to the CPU
 * silently without it.
 */
export function chooseBackend(
  options: LoadOptions,
  { header, sizeBytes }: PlannedModel,
  machine: Machine,
): BackendPlan {
  const { gpu } = machine
  const threads = chooseThreads(options.threads, sizeBytes, machine)
  const onCpu = (reason: CpuReason, why: string): BackendPlan => ({
    type: 'cpu',
    threads,
    reason,
    why,
  })
  if (options.gpuLayers === 0) return onCpu('switched-off', 'Switched off in the settings')
  if (options.gpuLayers === null && sizeBytes < SMALL_MODEL_BYTES) {
    return onCpu('small-model', 'Small model: the CPU starts faster')
  }
  if (gpu.type === 'none') return onCpu(gpu.reason, gpu.why)
  const { limits, name } = gpu.facts
  const fit = fitGpuLayers(header, options, limits ?? UNLIMITED)
  if (options.gpuLayers === null && fit.layers === 0 && fit.obstacle) {
    const { subject, neededBytes, limitBytes } = fit.obstacle
    const why = `${subject} takes ${mebibytes(neededBytes)}, and a buffer of this GPU holds ${mebibytes(limitBytes)}`
    return onCpu('too-large-for-gpu', why)
  }
  return {
    type: 'webgpu',
    threads,
    adapter: name,
    layers: options.gpuLayers ?? (fit.obstacle ? fit.layers : ALL_LAYERS),
    totalLayers: fit.totalLayers,
    obstacle: options.gpuLayers === null ? fit.obstacle : null,
  }
}

/** The plan without a GPU that computed wrong numbers for this model before. */
export function withoutGpu(plan: BackendPlan): Extract<BackendPlan, { type: 'cpu' }> {
  if (plan.type === 'cpu') return plan
  const why = 'The GPU computed wrong numbers in an earlier self-test'
  return { type: 'cpu', threads: plan.threads, reason: 'wrong-numbers', why }
}

/** wllama's default: more layers than any model has. */
const ALL_LAYERS = 99_999

const UNLIMITED = { maxStorageBufferBindingSize: Infinity, maxBufferSize: Infinity }

/** Threads need shared memory. */
function chooseThreads(wanted: number | null, sizeBytes: number, machine: Machine): PlannedThreads {
  if (!machine.isCrossOriginIsolated) {
    return { count: 1, why: 'This page is not cross-origin isolated' }
  }
  if (wanted !== null) return { count: Math.max(1, Math.floor(wanted)), why: 'As set' }
  if (machine.cores < 2) return { count: 1, why: 'One core' }
  if (sizeBytes < TINY_MODEL_BYTES) {
    return { count: 1, why: 'A model this small only loses by more' }
  }
  return { count: null, why: '' }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MiB`
}
