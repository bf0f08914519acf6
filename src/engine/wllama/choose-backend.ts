import type { LoadOptions } from '../engine.ts'
import { findAdapter, type Gpu, type GpuAdapter } from '../gpu-adapter.ts'

/** What to ask wllama for. What it then does is read from its log. */
export type BackendPlan =
  | { readonly type: 'cpu'; readonly threads: number; readonly why: string }
  | { readonly type: 'webgpu'; readonly threads: number; readonly adapter: string }

export type Machine = {
  readonly gpu: Gpu | undefined
  readonly cores: number
  readonly isCrossOriginIsolated: boolean
}

/** Below this a model has computed its answer on the CPU before a GPU has compiled its shaders. */
const SMALL_MODEL_BYTES = 64 * 1024 * 1024

/** Below this a second thread gains a third on idle cores and loses up to nine tenths on busy ones. Figures: README. */
const TINY_MODEL_BYTES = 16 * 1024 * 1024

/** More threads wait for each other more than they compute; the main thread and the GPU process want a core too. */
const MOST_THREADS = 4

/** Decides between CPU and WebGPU. llama.cpp's WebGPU needs `shader-f16` and falls back to the CPU silently without it. */
export async function chooseBackend(
  options: LoadOptions,
  sizeBytes: number,
  machine: Machine,
): Promise<BackendPlan> {
  const threads = chooseThreads(options.threads, sizeBytes, machine)
  const onCpu = (why: string): BackendPlan => ({ type: 'cpu', threads, why })
  if (options.gpuLayers === 0) return onCpu('Switched off in the settings')
  if (options.gpuLayers === null && sizeBytes < SMALL_MODEL_BYTES) {
    return onCpu('Small model: the CPU starts faster')
  }
  const found = await findAdapter(machine.gpu)
  if (found.type === 'none') return onCpu(found.why)
  return { type: 'webgpu', threads, adapter: adapterName(found.adapter) }
}

/** Threads need shared memory. Half of the logical cores are real ones; all threads wait for the slowest, so a busy core costs much. */
function chooseThreads(wanted: number | null, sizeBytes: number, machine: Machine): number {
  if (!machine.isCrossOriginIsolated) return 1
  if (wanted !== null) return Math.max(1, Math.floor(wanted))
  if (sizeBytes < TINY_MODEL_BYTES) return 1
  return Math.min(MOST_THREADS, Math.max(1, Math.floor(machine.cores / 2)))
}

function adapterName({ info }: GpuAdapter): string {
  if (info?.description) return info.description
  const name = [info?.vendor, info?.architecture, info?.device].filter(Boolean).join(' ')
  return name || 'WebGPU'
}
