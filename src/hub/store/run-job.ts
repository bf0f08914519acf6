import { err, ok, type Result } from '../../core/lib/result.ts'
import type { StoreJob, StoreJobReply } from './serve-jobs.ts'

export type JobError =
  | { readonly kind: 'aborted' }
  | { readonly kind: 'out-of-space' }
  | { readonly kind: 'storage'; readonly detail: string }

/** Hashes or copies one file in a worker of its own; gives its SHA-256 as hex. */
export function runJob(
  job: StoreJob,
  onProgress: (doneBytes: number) => void,
  signal: AbortSignal,
): Promise<Result<string, JobError>> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(err({ kind: 'aborted' }))
    const worker = new Worker(new URL('./store.worker.ts', import.meta.url), {
      type: 'module',
      name: 'model-store',
    })
    const finish = (result: Result<string, JobError>) => {
      worker.terminate()
      signal.removeEventListener('abort', onAbort)
      resolve(result)
    }
    const onAbort = () => finish(err({ kind: 'aborted' }))
    signal.addEventListener('abort', onAbort)
    worker.addEventListener('error', ({ message }) => {
      finish(err({ kind: 'storage', detail: message || 'The worker could not be started.' }))
    })
    worker.addEventListener('message', ({ data }: MessageEvent<StoreJobReply>) => {
      switch (data.type) {
        case 'progress':
          return onProgress(data.doneBytes)
        case 'done':
          return finish(ok(data.sha256))
        case 'failed':
          return finish(
            err(
              data.name === 'QuotaExceededError'
                ? { kind: 'out-of-space' }
                : { kind: 'storage', detail: data.detail },
            ),
          )
      }
    })
    worker.postMessage(job)
  })
}
