import { createSHA256 } from 'hash-wasm'

import { openSyncFile } from '../download/sync-file.ts'

/** One job a worker: to stop it is to end the worker. */
export type StoreJob =
  | { readonly type: 'hash'; readonly file: File }
  /** Copies into OPFS, and hashes what it copies. */
  | {
      readonly type: 'copy'
      readonly file: File
      readonly folder: FileSystemDirectoryHandle
      readonly name: string
    }

export type StoreJobReply =
  | { readonly type: 'progress'; readonly doneBytes: number }
  | { readonly type: 'done'; readonly sha256: string }
  /** `name` is that of the browser's exception. */
  | { readonly type: 'failed'; readonly name: string; readonly detail: string }

type Port = {
  postMessage(message: StoreJobReply): void
  addEventListener(type: 'message', listener: (event: MessageEvent<StoreJob>) => void): void
}

const SLICE_BYTES = 4 * 2 ** 20
const PROGRESS_MS = 100

export function serveJobs(port: Port): void {
  port.addEventListener('message', ({ data }) => {
    void run(data, (doneBytes) => port.postMessage({ type: 'progress', doneBytes })).then(
      (sha256) => port.postMessage({ type: 'done', sha256 }),
      (cause: unknown) => {
        const error = cause instanceof Error ? cause : new Error(String(cause))
        port.postMessage({ type: 'failed', name: error.name, detail: error.message })
      },
    )
  })
}

async function run(job: StoreJob, onProgress: (doneBytes: number) => void): Promise<string> {
  const { file } = job
  const hasher = await createSHA256()
  hasher.init()
  const copy = job.type === 'copy' ? await openSyncFile(job.folder, job.name) : null
  const read = (at: number) => file.slice(at, at + SLICE_BYTES).arrayBuffer()
  let toldAtMs = -Infinity
  try {
    copy?.truncate(file.size)
    let next = read(0)
    for (let at = 0; at < file.size; at += SLICE_BYTES) {
      const bytes = new Uint8Array(await next)
      // The next slice is read while this one is hashed.
      next = read(at + SLICE_BYTES)
      if (copy && copy.write(bytes, { at }) !== bytes.length) {
        throw new Error('The disk took only a part.')
      }
      hasher.update(bytes)
      const nowMs = performance.now()
      if (nowMs - toldAtMs < PROGRESS_MS) continue
      toldAtMs = nowMs
      onProgress(at + bytes.length)
    }
    copy?.flush()
    onProgress(file.size)
    return hasher.digest()
  } finally {
    copy?.close()
  }
}
