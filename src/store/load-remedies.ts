import { blockCount } from '../core/gguf/gpu-layers.ts'
import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import type { EngineError } from '../engine/engine.ts'
import type { LoadRemedy } from './state.ts'

export type FailedLoad = {
  readonly error: EngineError
  readonly header: GgufHeader
  /** As asked for; null: all that fit. */
  readonly gpuLayers: number | null
  /** Whether a GPU computed, or was to. */
  readonly wasOnGpu: boolean
}

/** What can be tried with one click when a GPU may be to blame. */
export function loadRemedies(failed: FailedLoad): readonly LoadRemedy[] {
  const { error, header, gpuLayers, wasOnGpu } = failed
  if (!wasOnGpu || !isOfGpu(error)) return []
  const all = blockCount(header) + 1
  const half = Math.floor(Math.min(gpuLayers ?? all, all) / 2)
  return [
    ...(half >= 1 ? [{ label: `Load with ${half} GPU layers`, gpuLayers: half }] : []),
    { label: 'Load on the CPU', gpuLayers: 0 },
  ]
}

function isOfGpu({ kind }: EngineError): boolean {
  return (
    kind === 'device-lost' ||
    kind === 'gpu-failed' ||
    kind === 'out-of-memory' ||
    kind === 'crashed'
  )
}
