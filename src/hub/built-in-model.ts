import { err, ok, type Result } from '../core/lib/result.ts'

/** The `general.name` inside the built-in model's file: shown while that file is still on its way. */
export const BUILT_IN_MODEL_NAME = 'Callground Nano'

/** Below the site's base URL. */
export const BUILT_IN_MODEL_PATH = 'models/callground-nano.gguf'

/** Why the built-in model could not be fetched. Trying again is worthwhile for each but `aborted`. */
export type BuiltInModelError =
  /** No answer, or the connection broke on the way. */
  | { readonly kind: 'fetch-failed'; readonly detail: string }
  | { readonly kind: 'http-status'; readonly status: number }
  /** The server announced another size than it sent. */
  | {
      readonly kind: 'size-mismatch'
      readonly expectedBytes: number
      readonly receivedBytes: number
    }
  | { readonly kind: 'aborted' }

export type BuiltInModelRequest = {
  readonly url: string | URL
  readonly fetch: typeof fetch
  /** Called for every chunk; `totalBytes` is null when the server does not say. */
  readonly onProgress: (doneBytes: number, totalBytes: number | null) => void
}

/** Fetches the model that ships with the site, as a file that `openLocalModel` takes. Never throws. */
export async function fetchBuiltInModel(
  request: BuiltInModelRequest,
  signal: AbortSignal,
): Promise<Result<File, BuiltInModelError>> {
  try {
    const response = await request.fetch(request.url, { signal })
    if (!response.ok) return err({ kind: 'http-status', status: response.status })
    const totalBytes = announcedSize(response)
    const chunks = await readChunks(response, (doneBytes) =>
      request.onProgress(doneBytes, totalBytes),
    )
    const file = new File(
      chunks,
      BUILT_IN_MODEL_PATH.slice(BUILT_IN_MODEL_PATH.lastIndexOf('/') + 1),
    )
    if (totalBytes !== null && totalBytes !== file.size) {
      return err({ kind: 'size-mismatch', expectedBytes: totalBytes, receivedBytes: file.size })
    }
    return ok(file)
  } catch (cause) {
    if (signal.aborted) return err({ kind: 'aborted' })
    return err({
      kind: 'fetch-failed',
      detail: cause instanceof Error ? cause.message : String(cause),
    })
  }
}

/** Content-Length counts the bytes on the wire, so it says nothing about a compressed body. */
function announcedSize(response: Response): number | null {
  const encoding = response.headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') return null
  const length = Number(response.headers.get('content-length'))
  return Number.isSafeInteger(length) && length > 0 ? length : null
}

async function readChunks(
  response: Response,
  onProgress: (doneBytes: number) => void,
): Promise<BlobPart[]> {
  if (!response.body) return [await response.arrayBuffer()]
  const chunks: BlobPart[] = []
  const reader = response.body.getReader()
  let doneBytes = 0
  onProgress(0)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return chunks
      chunks.push(value)
      doneBytes += value.byteLength
      onProgress(doneBytes)
    }
  } finally {
    reader.releaseLock()
  }
}
