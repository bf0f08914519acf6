import type { GgufError } from './gguf-header.ts'
import { decodeUtf8 } from './utf8.ts'

/** Longer texts than any chat template: a length beyond this is a broken file, not a reason to read on. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024

/** Thrown inside the reader only: the bytes at hand end before this offset. */
export class NeedsBytes extends Error {
  readonly upTo: number
  constructor(upTo: number) {
    super(`needs bytes up to ${upTo}`)
    this.upTo = upTo
  }
}

/** Thrown inside the reader only: no further bytes will help. */
export class HeaderFault extends Error {
  readonly error: GgufError
  constructor(error: GgufError) {
    super(error.kind)
    this.error = error
  }
}

/** Reads little-endian values one after the other. Nothing is allocated from a length before it is checked. */
export class ByteCursor {
  at: number
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
  }

  u8 = () => this.#view.getUint8(this.#take(1))
  i8 = () => this.#view.getInt8(this.#take(1))
  u16 = () => this.#view.getUint16(this.#take(2), true)
  i16 = () => this.#view.getInt16(this.#take(2), true)
  u32 = () => this.#view.getUint32(this.#take(4), true)
  i32 = () => this.#view.getInt32(this.#take(4), true)
  f32 = () => this.#view.getFloat32(this.#take(4), true)
  f64 = () => this.#view.getFloat64(this.#take(8), true)
  u64 = () => this.#view.getBigUint64(this.#take(8), true)
  i64 = () => this.#view.getBigInt64(this.#take(8), true)

  /** A count, a length or an offset: as a number, because no file has more than 2^53 bytes. */
  size(what: string): number {
    const value = this.u64()
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.fail(`${what} is ${value}`)
    return Number(value)
  }

  text(what: string): string {
    const length = this.#textLength(what)
    const start = this.#take(length)
    return decodeUtf8(this.#bytes.subarray(start, start + length))
  }

  skipText(what: string): void {
    this.#take(this.#textLength(what))
  }

  /** Fails early when so many bytes cannot follow, before a loop reads them one by one. */
  require(length: number): void {
    if (this.at + length > this.#bytes.length) throw new NeedsBytes(this.at + length)
  }

  skip(length: number): void {
    this.#take(length)
  }

  fail(detail: string): never {
    throw new HeaderFault({ kind: 'corrupt', detail, at: this.at })
  }

  #textLength(what: string): number {
    const length = this.size(`the length of ${what}`)
    if (length > MAX_TEXT_BYTES) this.fail(`${what} is ${length} bytes long`)
    return length
  }

  #take(length: number): number {
    this.require(length)
    const start = this.at
    this.at = start + length
    return start
  }
}
