import { createMD5 } from 'hash-wasm'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { fetchError, responseError, type HubError } from '../hub-error.ts'

/** Where WebLLM 0.2.86 looks for a model's files: names of the Cache API, shared with it. */
export const MODEL_CACHE = 'webllm/model'
export const CONFIG_CACHE = 'webllm/config'
export const LIBRARY_CACHE = 'webllm/wasm'
export const MLC_CACHES = [MODEL_CACHE, CONFIG_CACHE, LIBRARY_CACHE] as const

export type MlcFileError =
  | { readonly kind: 'fetch'; readonly url: string; readonly error: HubError }
  /** It arrived, and is not what it should be. `detail` is a sentence. */
  | { readonly kind: 'bad-file'; readonly url: string; readonly detail: string }
  | { readonly kind: 'no-space'; readonly neededBytes: number | null }

export type WantedFile = {
  readonly cache: (typeof MLC_CACHES)[number]
  readonly url: string
  /** What the list of files says; null for a file that is in no list. */
  readonly expected: { readonly sizeBytes: number; readonly md5: string | null } | null
}

export type FetchDeps = {
  readonly fetch: typeof fetch
  /** The token for this origin, or null. */
  readonly token: (origin: string) => string | null
  readonly isOnline: () => boolean
}

/** Silence for this long is the end of a connection. */
const STALL_MS = 30_000

/**
 * A file from the cache; fetched, checked and put there first when it is missing or has another size.
 *
 * WebLLM itself checks neither size nor content of weights, and keeps a web page that a server sent in their place.
 * `onBytes` is told what has come since it was last called; for a file that was there already, all of it at once.
 */
export async function cachedFile(
  deps: FetchDeps,
  { wanted, onBytes }: { readonly wanted: WantedFile; readonly onBytes?: (bytes: number) => void },
  signal: AbortSignal,
): Promise<Result<Response, MlcFileError>> {
  const { url, expected } = wanted
  const cache = await caches.open(wanted.cache)
  const found = await cache.match(url)
  if (found) {
    const sizeBytes = Number(found.headers.get('content-length'))
    if (!expected || sizeBytes === expected.sizeBytes) {
      onBytes?.(expected?.sizeBytes ?? sizeBytes)
      return ok(found)
    }
    await cache.delete(url)
  }
  const file = await fetchWhole(deps, { wanted, onBytes: onBytes ?? (() => undefined) }, signal)
  if (!file.ok) return file
  try {
    const headers = {
      'Content-Type': file.value.type || 'application/octet-stream',
      'Content-Length': String(file.value.size),
    }
    await cache.put(url, new Response(file.value, { headers }))
    return ok(new Response(file.value, { headers }))
  } catch (cause) {
    // A browser refuses to write for no other reason.
    if (cause instanceof DOMException && cause.name === 'QuotaExceededError') {
      return err({ kind: 'no-space', neededBytes: file.value.size })
    }
    throw cause
  }
}

async function fetchWhole(
  deps: FetchDeps,
  { wanted, onBytes }: { readonly wanted: WantedFile; readonly onBytes: (bytes: number) => void },
  signal: AbortSignal,
): Promise<Result<Blob, MlcFileError>> {
  const { url, expected } = wanted
  const stall = createStall()
  const failed = (cause: unknown) => {
    const reason: unknown = stall.signal.aborted ? stall.signal.reason : cause
    const how = { signal, isOnline: deps.isOnline }
    const error = fetchError(reason, { url, timeoutMs: STALL_MS }, how)
    return err({ kind: 'fetch' as const, url, error })
  }
  const token = deps.token(new URL(url).origin)
  try {
    const response = await deps.fetch.call(undefined, url, {
      headers: token === null ? {} : { Authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, stall.signal]),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    })
    if (!response.ok) {
      await response.body?.cancel()
      const request = {
        url,
        repo: repoOf(url),
        baseUrl: new URL(url).origin,
        hadToken: token !== null,
        timeoutMs: STALL_MS,
      }
      return err({ kind: 'fetch', url, error: responseError(response, request) })
    }
    const md5 = expected?.md5 ? await createMD5() : null
    const chunks: Uint8Array<ArrayBuffer>[] = []
    let received = 0
    for await (const chunk of readBody(response)) {
      stall.restart()
      chunks.push(chunk)
      received += chunk.length
      md5?.update(chunk)
      onBytes(chunk.length)
    }
    if (expected && received !== expected.sizeBytes) {
      onBytes(-received)
      const detail = `It has ${received} bytes and should have ${expected.sizeBytes}.`
      return err({ kind: 'bad-file', url, detail })
    }
    if (md5 && md5.digest('hex') !== expected?.md5?.toLowerCase()) {
      onBytes(-received)
      return err({ kind: 'bad-file', url, detail: 'Its content does not match its checksum.' })
    }
    return ok(new Blob(chunks, { type: response.headers.get('content-type') ?? '' }))
  } catch (cause) {
    return failed(cause)
  } finally {
    stall.stop()
  }
}

async function* readBody(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.releaseLock()
  }
}

/** Aborts when nothing has come for a while. */
function createStall() {
  const controller = new AbortController()
  const give = () => controller.abort(new DOMException('The server went silent.', 'TimeoutError'))
  let timer = setTimeout(give, STALL_MS)
  return {
    signal: controller.signal,
    restart() {
      clearTimeout(timer)
      timer = setTimeout(give, STALL_MS)
    },
    stop: () => clearTimeout(timer),
  }
}

/** `owner/name` of an address of the Hub's form. */
function repoOf(url: string): string | null {
  return /\/([^/]+\/[^/]+)\/resolve\//.exec(new URL(url).pathname)?.[1] ?? null
}
