/** A metadata value with the type that it has in the file. */
export type GgufValue =
  | {
      readonly type: 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'f64'
      readonly value: number
    }
  | { readonly type: 'u64' | 'i64'; readonly value: bigint }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'i32s' | 'u32s' | 'f32s'; readonly value: readonly number[] }

export type GgufTensorData = {
  readonly name: string
  /** The fastest dimension first. */
  readonly shape: readonly number[]
  readonly type: keyof typeof TENSOR_TYPES
  /** All elements, of an unquantized type only; absent: zeros. */
  readonly data?: Float32Array
}

export type GgufContent = {
  readonly version?: number
  readonly alignment?: number
  readonly metadata: Readonly<Record<string, GgufValue>>
  readonly tensors: readonly GgufTensorData[]
}

const DEFAULT_ALIGNMENT = 32
const VALUE_TYPES = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  u64: 10,
  i64: 11,
  f64: 12,
} as const
const ARRAY_TYPE = 9
const TENSOR_TYPES = {
  f32: { id: 0, blockSize: 1, blockBytes: 4 },
  f16: { id: 1, blockSize: 1, blockBytes: 2 },
  q4_0: { id: 2, blockSize: 32, blockBytes: 18 },
  q8_0: { id: 8, blockSize: 32, blockBytes: 34 },
  q2_k: { id: 10, blockSize: 256, blockBytes: 84 },
  q4_k: { id: 12, blockSize: 256, blockBytes: 144 },
  q5_k: { id: 13, blockSize: 256, blockBytes: 176 },
  q6_k: { id: 14, blockSize: 256, blockBytes: 210 },
} as const

/** Writes a GGUF file, the way llama.cpp wants it: tensors in order, each padded to the alignment. */
export function writeGguf(content: GgufContent): Uint8Array {
  const alignment = content.alignment ?? DEFAULT_ALIGNMENT
  const out = new ByteWriter()
  writeHeader(out, content, alignment)
  for (const tensor of content.tensors) {
    writeTensor(out, tensor)
    out.padTo(alignment)
  }
  return out.bytes()
}

/** Only the start of the file, without tensor data: all that a reader of headers needs of a model of gigabytes. */
export function writeGgufHeader(content: GgufContent): Uint8Array {
  const out = new ByteWriter()
  writeHeader(out, content, content.alignment ?? DEFAULT_ALIGNMENT)
  return out.bytes()
}

function writeHeader(out: ByteWriter, content: GgufContent, alignment: number): void {
  const metadata = Object.entries(content.metadata)
  out.u32(0x46554747)
  out.u32(content.version ?? 3)
  out.u64(content.tensors.length)
  out.u64(metadata.length)
  for (const [key, value] of metadata) {
    out.text(key)
    writeValue(out, value)
  }
  let offset = 0
  for (const tensor of content.tensors) {
    out.text(tensor.name)
    out.u32(tensor.shape.length)
    for (const length of tensor.shape) out.u64(length)
    out.u32(TENSOR_TYPES[tensor.type].id)
    out.u64(offset)
    offset += roundUp(tensorBytes(tensor), alignment)
  }
  out.padTo(alignment)
}

function tensorBytes({ shape, type }: GgufTensorData): number {
  const { blockSize, blockBytes } = TENSOR_TYPES[type]
  return (elementCount(shape) / blockSize) * blockBytes
}

function writeValue(out: ByteWriter, value: GgufValue): void {
  switch (value.type) {
    case 'string':
      out.u32(VALUE_TYPES.string)
      out.text(value.value)
      return
    case 'strings':
      out.arrayHeader(VALUE_TYPES.string, value.value.length)
      for (const text of value.value) out.text(text)
      return
    case 'u32s':
    case 'i32s':
    case 'f32s': {
      const type = value.type === 'u32s' ? 'u32' : value.type === 'i32s' ? 'i32' : 'f32'
      out.arrayHeader(VALUE_TYPES[type], value.value.length)
      for (const number of value.value) out.number(type, number)
      return
    }
    case 'u64':
    case 'i64':
      out.u32(VALUE_TYPES[value.type])
      out.u64(value.value)
      return
    case 'bool':
      out.u32(VALUE_TYPES.bool)
      out.number('u8', value.value ? 1 : 0)
      return
    default:
      out.u32(VALUE_TYPES[value.type])
      out.number(value.type, value.value)
  }
}

function writeTensor(out: ByteWriter, tensor: GgufTensorData): void {
  const { shape, type, data } = tensor
  const count = elementCount(shape)
  if (!data) {
    out.zeros(tensorBytes(tensor))
    return
  }
  if (data.length !== count) throw new Error(`a tensor of ${count} elements got ${data.length}`)
  for (const element of data) {
    if (type === 'f32') out.number('f32', element)
    else if (type === 'f16') out.number('u16', toHalf(element))
    else throw new Error(`data of type ${type} cannot be written`)
  }
}

type NumberType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'f64'

/** A buffer that grows by doubling: test models have millions of weights. */
class ByteWriter {
  #buffer = new Uint8Array(1024)
  #length = 0

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length)
  }

  u32(value: number): void {
    this.number('u32', value)
  }

  u64(value: number | bigint): void {
    this.#reserve(8).setBigUint64(this.#length - 8, BigInt.asUintN(64, BigInt(value)), true)
  }

  number(type: NumberType, value: number): void {
    switch (type) {
      case 'u8':
        return this.#reserve(1).setUint8(this.#length - 1, value)
      case 'i8':
        return this.#reserve(1).setInt8(this.#length - 1, value)
      case 'u16':
        return this.#reserve(2).setUint16(this.#length - 2, value, true)
      case 'i16':
        return this.#reserve(2).setInt16(this.#length - 2, value, true)
      case 'u32':
        return this.#reserve(4).setUint32(this.#length - 4, value, true)
      case 'i32':
        return this.#reserve(4).setInt32(this.#length - 4, value, true)
      case 'f32':
        return this.#reserve(4).setFloat32(this.#length - 4, value, true)
      case 'f64':
        return this.#reserve(8).setFloat64(this.#length - 8, value, true)
    }
  }

  text(text: string): void {
    const bytes = encodeUtf8(text)
    this.u64(bytes.length)
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#length - bytes.length)
  }

  arrayHeader(type: number, length: number): void {
    this.u32(ARRAY_TYPE)
    this.u32(type)
    this.u64(length)
  }

  zeros(length: number): void {
    this.#reserve(length)
  }

  padTo(alignment: number): void {
    this.zeros(roundUp(this.#length, alignment) - this.#length)
  }

  #reserve(length: number): DataView {
    this.#length += length
    if (this.#length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#buffer.length * 2))
      grown.set(this.#buffer)
      this.#buffer = grown
    }
    return new DataView(this.#buffer.buffer)
  }
}

/** A lone surrogate cannot be in UTF-8 and becomes U+FFFD, as in `TextEncoder`. */
function encodeUtf8(text: string): readonly number[] {
  const bytes: number[] = []
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0
    const code = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code))
    else if (code < 0x1_0000)
      bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code))
    else
      bytes.push(
        0xf0 | (code >> 18),
        continuation(code >> 12),
        continuation(code >> 6),
        continuation(code),
      )
  }
  return bytes
}

function continuation(code: number): number {
  return 0x80 | (code & 0x3f)
}

/** Half precision, rounded towards zero; too large numbers become infinite, too small ones zero. */
function toHalf(value: number): number {
  const bits = new DataView(new ArrayBuffer(4))
  bits.setFloat32(0, value)
  const single = bits.getUint32(0)
  const sign = (single >>> 16) & 0x8000
  const exponent = ((single >>> 23) & 0xff) - 127 + 15
  if (exponent <= 0) return sign
  if (exponent >= 31) return sign | 0x7c00 | (Number.isNaN(value) ? 0x200 : 0)
  return sign | (exponent << 10) | ((single >>> 13) & 0x3ff)
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

function roundUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment
}
