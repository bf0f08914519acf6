import { err, ok, type Result } from '../lib/result.ts'
import { ByteCursor, HeaderFault, NeedsBytes } from './byte-cursor.ts'
import { fileLook } from './file-look.ts'
import type { GgufError, GgufHeader } from './gguf-header.ts'
import type { ByteSource } from './model-files.ts'
import { GGUF_MAGIC, parseGgufHeader } from './parse-gguf-header.ts'

/** Enough for the header of a model with a small vocabulary; one of 150,000 tokens has 6 MB. */
const FIRST_SLICE_BYTES = 1024 * 1024
/** Forty times the largest header known. */
const MAX_HEADER_BYTES = 256 * 1024 * 1024

/**
 * Reads the header of a GGUF file: metadata, tensor list and the size that the file must have.
 *
 * Reads only as much of the start as the header takes. Safe on any bytes: no length is believed before it is checked.
 * The tensor data is not read, so a file that is cut off there has a header whose `expectedSizeBytes` says so.
 */
export async function readGgufHeader(source: ByteSource): Promise<Result<GgufHeader, GgufError>> {
  let length = Math.min(FIRST_SLICE_BYTES, source.size)
  for (;;) {
    const bytes = await readStart(source, length)
    if (!bytes.ok) return bytes
    const parsed = parse(bytes.value)
    if (parsed.type === 'done') return parsed.result
    if (parsed.upTo > MAX_HEADER_BYTES) {
      return err({
        kind: 'corrupt',
        detail: `it claims a header of ${parsed.upTo} bytes`,
        at: length,
      })
    }
    if (parsed.upTo > source.size) {
      return err({
        kind: 'truncated-header',
        sizeBytes: source.size,
        neededBytes: parsed.upTo,
      })
    }
    length = Math.min(source.size, Math.max(length * 2, parsed.upTo))
  }
}

async function readStart(
  source: ByteSource,
  length: number,
): Promise<Result<Uint8Array, GgufError>> {
  try {
    const bytes = new Uint8Array(await source.slice(0, length).arrayBuffer())
    if (bytes.length === length) return ok(bytes)
    return err({ kind: 'unreadable', detail: `got ${bytes.length} of ${length} bytes` })
  } catch (error) {
    return err({
      kind: 'unreadable',
      detail: error instanceof Error ? error.message : String(error),
    })
  }
}

type Parsed =
  | { readonly type: 'done'; readonly result: Result<GgufHeader, GgufError> }
  | { readonly type: 'needs'; readonly upTo: number }

function parse(bytes: Uint8Array): Parsed {
  if (!hasMagic(bytes)) {
    return { type: 'done', result: err({ kind: 'not-gguf', looksLike: fileLook(bytes) }) }
  }
  try {
    return { type: 'done', result: ok(parseGgufHeader(new ByteCursor(bytes))) }
  } catch (error) {
    if (error instanceof NeedsBytes) return { type: 'needs', upTo: error.upTo }
    if (error instanceof HeaderFault) return { type: 'done', result: err(error.error) }
    throw error
  }
}

function hasMagic(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 4 &&
    new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true) === GGUF_MAGIC
  )
}
