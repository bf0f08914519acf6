import { err, ok, type Result } from '../lib/result.ts'
import { ByteCursor, HeaderFault, NeedsBytes } from './byte-cursor.ts'
import type { GgufError, GgufHeader } from './gguf-header.ts'
import type { ByteSource } from './model-files.ts'

/** A model's vocabulary, by token id. Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#tokenizer */
export type GgufVocabulary = {
  readonly tokens: readonly string[]
  /** 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte; empty when the file does not say. */
  readonly types: readonly number[]
  /** Of SentencePiece vocabularies; empty otherwise. */
  readonly scores: readonly number[]
  /** Of byte pair encodings, the first merged first, two tokens parted by a space; empty otherwise. */
  readonly merges: readonly string[]
}

const TYPE_STRING = 8
const TYPE_ARRAY = 9
const SIZE_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
}

/**
 * Reads the vocabulary, which `readGgufHeader` skips: of a model with 150,000 tokens it is most of the header.
 *
 * Takes the header that was read from the same source, so what is read again is known to be whole.
 */
export async function readVocabulary(
  source: ByteSource,
  header: GgufHeader,
): Promise<Result<GgufVocabulary, GgufError>> {
  try {
    const bytes = new Uint8Array(await source.slice(0, header.dataOffset).arrayBuffer())
    return ok(parseVocabulary(new ByteCursor(bytes)))
  } catch (error) {
    if (error instanceof HeaderFault) return err(error.error)
    if (error instanceof NeedsBytes) {
      return err({ kind: 'truncated-header', sizeBytes: source.size, neededBytes: error.upTo })
    }
    return err({
      kind: 'unreadable',
      detail: error instanceof Error ? error.message : String(error),
    })
  }
}

function parseVocabulary(cursor: ByteCursor): GgufVocabulary {
  // Magic, version and the number of tensors.
  cursor.skip(16)
  const count = cursor.size('the number of metadata entries')
  const vocabulary = {
    tokens: [] as readonly string[],
    types: [] as readonly number[],
    scores: [] as readonly number[],
    merges: [] as readonly string[],
  }
  for (let index = 0; index < count; index++) {
    const key = cursor.text('a metadata key')
    const type = cursor.u32()
    if (type === TYPE_STRING) cursor.skipText(key)
    else if (type === TYPE_ARRAY) readArray(cursor, key, vocabulary)
    else cursor.skip(sizeOf(cursor, type))
  }
  return vocabulary
}

function readArray(
  cursor: ByteCursor,
  key: string,
  vocabulary: { -readonly [K in keyof GgufVocabulary]: GgufVocabulary[K] },
): void {
  const type = cursor.u32()
  const length = cursor.size(`the length of ${key}`)
  if (type !== TYPE_STRING) {
    if (key === 'tokenizer.ggml.token_type') {
      vocabulary.types = times(cursor, length, () => cursor.i32())
    } else if (key === 'tokenizer.ggml.scores') {
      vocabulary.scores = times(cursor, length, () => cursor.f32())
    } else cursor.skip(length * sizeOf(cursor, type))
    return
  }
  const texts = () => times(cursor, length, () => cursor.text(key))
  if (key === 'tokenizer.ggml.tokens') vocabulary.tokens = texts()
  else if (key === 'tokenizer.ggml.merges') vocabulary.merges = texts()
  else for (let index = 0; index < length; index++) cursor.skipText(key)
}

function times<Value>(cursor: ByteCursor, length: number, read: () => Value): readonly Value[] {
  // The least that a value takes, before a length is believed.
  cursor.require(length)
  const values: Value[] = []
  for (let index = 0; index < length; index++) values.push(read())
  return values
}

function sizeOf(cursor: ByteCursor, type: number): number {
  return SIZE_BYTES[type] ?? cursor.fail(`the unknown value type ${type}`)
}
