import { assertNever } from '../../core/lib/assert-never.ts'
import type { ModelProgress } from '../../store/state.ts'
import { formatBytes } from './quantities.ts'

/** A load phase as words and a share of 1; null when its length is unknown. */
export function describeProgress(progress: ModelProgress): {
  readonly label: string
  readonly share: number | null
} {
  switch (progress.phase) {
    case 'download':
      return {
        label: `Fetching the model, ${bytesOf(progress.doneBytes, progress.totalBytes)}`,
        share: progress.totalBytes ? progress.doneBytes / progress.totalBytes : null,
      }
    case 'engine':
      return { label: 'Starting the engine', share: null }
    case 'weights':
      return {
        label: `Reading the weights, ${bytesOf(progress.doneBytes, progress.totalBytes)}`,
        share: progress.totalBytes ? progress.doneBytes / progress.totalBytes : null,
      }
    case 'warm-up':
      return { label: 'Warming up', share: null }
    case 'reference':
      return {
        label: `Computing on the CPU what the GPU must match, ${bytesOf(progress.doneBytes, progress.totalBytes)}`,
        share: progress.doneBytes / progress.totalBytes,
      }
    case 'self-test':
      return {
        label: `Checking what the GPU computes, ${progress.done} of ${progress.total}`,
        share: progress.done / progress.total,
      }
    default:
      return assertNever(progress)
  }
}

function bytesOf(doneBytes: number, totalBytes: number | null): string {
  return totalBytes === null
    ? formatBytes(doneBytes)
    : `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`
}
