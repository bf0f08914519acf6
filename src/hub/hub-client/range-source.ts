import type { ByteSource } from '../../core/gguf/model-files.ts'
import { ok, type Result } from '../../core/lib/result.ts'
import { rangeError, type HubError } from '../hub-error.ts'

export type RangeSource = ByteSource & {
  /** Why the last read failed. */
  readonly error: () => HubError | null
}

/** An answer whose body is still to come: reading it may fail like the request itself. */
export type HubAnswer = {
  readonly response: Response
  readonly read: <T>(how: (response: Response) => Promise<T>) => Promise<Result<T, HubError>>
}

type Get = (range: string) => Promise<Result<HubAnswer, HubError>>

/**
 * The start of a remote file as a byte source: what was fetched is kept, and only what is missing is asked for.
 *
 * A host without Range sends the whole file, of which no more is read than is wanted.
 */
export function createRangeSource(
  { path, sizeBytes }: { readonly path: string; readonly sizeBytes: number },
  get: Get,
): RangeSource {
  let known = new Uint8Array(0)
  let failure: HubError | null = null

  async function extendTo(end: number): Promise<Result<null, HubError>> {
    const start = known.length
    if (end <= start) return ok(null)
    const answer = await get(`bytes=${start}-${end - 1}`)
    if (!answer.ok) return answer
    const { response, read } = answer.value
    const problem = rangeError(response, { start, end, sizeBytes })
    if (problem && problem.kind !== 'range-unsupported') {
      await response.body?.cancel()
      return { ok: false, error: problem }
    }
    const from = problem ? 0 : start
    const bytes = await read((whole) => readBytes(whole, end - from))
    if (!bytes.ok) return bytes
    const joined = new Uint8Array(from + bytes.value.length)
    joined.set(known.subarray(0, from))
    joined.set(bytes.value, from)
    known = joined
    return ok(null)
  }

  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    size: sizeBytes,
    error: () => failure,
    slice: (start, end) => ({
      async arrayBuffer() {
        const extended = await extendTo(end)
        if (!extended.ok) {
          failure = extended.error
          throw new Error(extended.error.kind)
        }
        return known.slice(start, end).buffer
      },
    }),
  }
}

/** At most so many bytes of the body; the rest is not fetched. */
async function readBytes(response: Response, most: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(most)
  let length = 0
  const reader = response.body?.getReader()
  while (reader && length < most) {
    const { done, value } = await reader.read()
    if (done) break
    const part = value.subarray(0, most - length)
    bytes.set(part, length)
    length += part.length
  }
  await reader?.cancel()
  return bytes.subarray(0, length)
}
