import { HeaderFault, type ByteCursor } from './byte-cursor.ts'
import type { GgufHeader, GgufScalar, GgufSplit, GgufTensor } from './gguf-header.ts'
import { fileTypeName, tensorType } from './tensor-types.ts'

/** "GGUF", read as a little-endian number. */
export const GGUF_MAGIC = 0x46554747

const DEFAULT_ALIGNMENT = 32
/** As ggml has it. */
const MAX_DIMENSIONS = 4
/** Far above any real file (hundreds and thousands), and small enough to hold. */
const MAX_ENTRIES = 65_536
/** Five digits in the file name. */
const MAX_SHARDS = 99_999
/** One value for each layer, not for each token. */
const MAX_KEPT_NUMBERS = 1024

/** What a text takes at least: its length. */
const LENGTH_BYTES = 8

const TYPE_STRING = 8
const TYPE_ARRAY = 9

type NumberReader = {
  readonly bytes: number
  readonly read: (cursor: ByteCursor) => number | bigint | boolean
}

/** The fixed-size value types by number. */
const NUMBER_TYPES: ReadonlyMap<number, NumberReader> = new Map([
  [0, { bytes: 1, read: (cursor: ByteCursor) => cursor.u8() }],
  [1, { bytes: 1, read: (cursor: ByteCursor) => cursor.i8() }],
  [2, { bytes: 2, read: (cursor: ByteCursor) => cursor.u16() }],
  [3, { bytes: 2, read: (cursor: ByteCursor) => cursor.i16() }],
  [4, { bytes: 4, read: (cursor: ByteCursor) => cursor.u32() }],
  [5, { bytes: 4, read: (cursor: ByteCursor) => cursor.i32() }],
  [6, { bytes: 4, read: (cursor: ByteCursor) => cursor.f32() }],
  [7, { bytes: 1, read: (cursor: ByteCursor) => cursor.u8() !== 0 }],
  [10, { bytes: 8, read: (cursor: ByteCursor) => toNumber(cursor.u64()) }],
  [11, { bytes: 8, read: (cursor: ByteCursor) => toNumber(cursor.i64()) }],
  [12, { bytes: 8, read: (cursor: ByteCursor) => cursor.f64() }],
])

type Metadata = {
  readonly scalars: Map<string, GgufScalar>
  readonly arrayLengths: Map<string, number>
  readonly numberArrays: Map<string, readonly number[]>
  /** Where the first token's text stands. */
  tokensAt: number | null
}

/** Parses a header from the start of a file. Throws `NeedsBytes` and `HeaderFault`: for `readGgufHeader` alone. */
export function parseGgufHeader(cursor: ByteCursor): GgufHeader {
  const version = readVersion(cursor)
  const tensorCount = readCount(cursor, 'tensors')
  const metadata = readMetadata(cursor, readCount(cursor, 'metadata entries'))
  const { scalars, arrayLengths, numberArrays } = metadata
  const alignment = readAlignment(cursor, scalars)
  const tensors = readTensors(cursor, tensorCount)
  const endOfHeader = cursor.at
  const dataOffset = roundUp(endOfHeader, alignment)
  checkLayout(cursor, tensors, alignment)
  const text = (key: string) => {
    const value = scalars.get(key)
    return typeof value === 'string' ? value : null
  }
  const number = (key: string) => {
    const value = scalars.get(key)
    return typeof value === 'number' ? value : null
  }
  const tokenText = (key: string) => readToken(cursor, metadata, number(key))
  const architecture = text('general.architecture') ?? ''
  return {
    version,
    metadata: scalars,
    arrayLengths,
    numberArrays,
    architecture,
    chatTemplate: text('tokenizer.chat_template'),
    toolUseTemplate: text('tokenizer.chat_template.tool_use'),
    bosToken: tokenText('tokenizer.ggml.bos_token_id'),
    eosToken: tokenText('tokenizer.ggml.eos_token_id'),
    contextLength: number(`${architecture}.context_length`),
    fileType: fileTypeName(number('general.file_type') ?? -1),
    tensorCount,
    tensors,
    parameterCount: tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    dataOffset,
    expectedSizeBytes: tensorCount === 0 ? endOfHeader : endOfTensors(tensors, dataOffset),
    split: readSplit(number),
  }
}

function readVersion(cursor: ByteCursor): number {
  if (cursor.u32() !== GGUF_MAGIC) cursor.fail('no GGUF magic')
  const version = cursor.u32()
  // A big-endian 3 reads as 3 << 24.
  const isBigEndian = (version & 0xffff) === 0 && version !== 0
  if (isBigEndian || version < 2 || version > 3) {
    throw new HeaderFault({
      kind: 'unsupported-version',
      version: isBigEndian ? version >>> 24 : version,
      byteOrder: isBigEndian ? 'big-endian' : 'little-endian',
    })
  }
  return version
}

function readCount(cursor: ByteCursor, what: string): number {
  const count = cursor.size(`the number of ${what}`)
  if (count > MAX_ENTRIES) cursor.fail(`it claims ${count} ${what}`)
  return count
}

function readMetadata(cursor: ByteCursor, count: number): Metadata {
  const metadata: Metadata = {
    scalars: new Map(),
    arrayLengths: new Map(),
    numberArrays: new Map(),
    tokensAt: null,
  }
  for (let index = 0; index < count; index++) {
    const key = cursor.text('a metadata key')
    if (metadata.scalars.has(key) || metadata.arrayLengths.has(key)) {
      cursor.fail(`the metadata key ${key} is there twice`)
    }
    const type = cursor.u32()
    if (type === TYPE_ARRAY) readArray(cursor, key, metadata)
    else if (type === TYPE_STRING) metadata.scalars.set(key, cursor.text(key))
    else metadata.scalars.set(key, numberType(cursor, key, type).read(cursor))
  }
  return metadata
}

function readArray(cursor: ByteCursor, key: string, metadata: Metadata): void {
  const type = cursor.u32()
  const length = cursor.size(`the length of ${key}`)
  metadata.arrayLengths.set(key, length)
  if (type === TYPE_STRING) {
    if (key === 'tokenizer.ggml.tokens') metadata.tokensAt = cursor.at
    cursor.require(length * LENGTH_BYTES)
    for (let index = 0; index < length; index++) cursor.skipText(key)
    return
  }
  // Arrays of arrays are in the specification, but nothing writes or loads them.
  const { bytes, read } = numberType(cursor, key, type)
  if (length > MAX_KEPT_NUMBERS) {
    cursor.skip(length * bytes)
    return
  }
  const numbers: number[] = []
  for (let index = 0; index < length; index++) numbers.push(Number(read(cursor)))
  metadata.numberArrays.set(key, numbers)
}

function numberType(cursor: ByteCursor, key: string, type: number): NumberReader {
  return NUMBER_TYPES.get(type) ?? cursor.fail(`${key} has the unknown value type ${type}`)
}

function readAlignment(cursor: ByteCursor, scalars: ReadonlyMap<string, GgufScalar>): number {
  const alignment = scalars.get('general.alignment') ?? DEFAULT_ALIGNMENT
  if (typeof alignment === 'number' && alignment > 0 && Number.isInteger(Math.log2(alignment))) {
    return alignment
  }
  return cursor.fail(`the alignment is ${String(alignment)}, no power of two`)
}

function readTensors(cursor: ByteCursor, count: number): readonly GgufTensor[] {
  const tensors: GgufTensor[] = []
  const names = new Set<string>()
  for (let index = 0; index < count; index++) {
    const tensor = readTensor(cursor)
    if (names.has(tensor.name)) cursor.fail(`the tensor ${tensor.name} is there twice`)
    names.add(tensor.name)
    tensors.push(tensor)
  }
  return tensors
}

function readTensor(cursor: ByteCursor): GgufTensor {
  const name = cursor.text('a tensor name')
  const dimensions = cursor.u32()
  if (dimensions > MAX_DIMENSIONS) cursor.fail(`${name} has ${dimensions} dimensions`)
  const shape: number[] = []
  for (let index = 0; index < dimensions; index++) shape.push(cursor.size(`a dimension of ${name}`))
  const elements = elementCount(shape)
  if (!Number.isSafeInteger(elements)) cursor.fail(`${name} has ${elements} elements`)
  const type = tensorType(cursor.u32())
  const offsetBytes = cursor.size(`the offset of ${name}`)
  const rowLength = shape[0] ?? 1
  if (type && rowLength % type.blockSize !== 0) {
    cursor.fail(`${name} has rows of ${rowLength}, which ${type.name} cannot store`)
  }
  const sizeBytes = type ? (elements / type.blockSize) * type.blockBytes : null
  return { name, shape, type: type?.name ?? null, offsetBytes, sizeBytes }
}

/** Tensors follow each other without gaps but for the alignment; llama.cpp refuses anything else. */
function checkLayout(cursor: ByteCursor, tensors: readonly GgufTensor[], alignment: number): void {
  let expected = 0
  for (const { name, offsetBytes, sizeBytes } of tensors) {
    if (offsetBytes !== expected) {
      cursor.fail(`${name} begins at ${offsetBytes} of the data instead of ${expected}`)
    }
    if (sizeBytes === null) return
    expected += roundUp(sizeBytes, alignment)
  }
}

function endOfTensors(tensors: readonly GgufTensor[], dataOffset: number): number | null {
  let end = dataOffset
  for (const { offsetBytes, sizeBytes } of tensors) {
    if (sizeBytes === null) return null
    end = Math.max(end, dataOffset + offsetBytes + sizeBytes)
  }
  return end
}

function readToken(cursor: ByteCursor, metadata: Metadata, id: number | null): string {
  const count = metadata.arrayLengths.get('tokenizer.ggml.tokens') ?? 0
  if (metadata.tokensAt === null || id === null || !Number.isInteger(id)) return ''
  if (id < 0 || id >= count) return ''
  cursor.at = metadata.tokensAt
  for (let index = 0; index < id; index++) cursor.skipText('a token')
  return cursor.text('a token')
}

function readSplit(number: (key: string) => number | null): GgufSplit | null {
  const index = number('split.no')
  const count = number('split.count')
  if (index === null || count === null) return null
  if (count < 2 || count > MAX_SHARDS || index < 0 || index >= count) return null
  return { index, count, tensorCount: number('split.tensors.count') }
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

function roundUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment
}

function toNumber(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
