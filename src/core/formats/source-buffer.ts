import { isJsonSpace } from './json-scanner.ts'

const MOST_PIECES = 128

/**
 * The output so far, in the pieces it arrived in.
 *
 * One growing string would be flattened again at every look into it: quadratic for many small deltas. So pieces stay
 * apart and only what is asked for is joined. Old pieces become blocks, each character once: a list of every token's
 * text would cost more memory, and more of the collector's time, than the text.
 */
export class SourceBuffer {
  length = 0
  private readonly chunks: string[] = []
  private readonly starts: number[] = []
  /** How many of the chunks are blocks. */
  private blocks = 0

  append(chunk: string): void {
    if (chunk === '') return
    if (this.chunks.length - this.blocks === MOST_PIECES) this.makeBlock()
    this.chunks.push(chunk)
    this.starts.push(this.length)
    this.length += chunk.length
  }

  private makeBlock(): void {
    const { blocks } = this
    this.chunks[blocks] = this.chunks.slice(blocks).join('')
    this.blocks = blocks + 1
    this.chunks.length = this.blocks
    this.starts.length = this.blocks
  }

  /** As `String.prototype.slice` over the whole output, for 0 <= start and any end. */
  slice(start: number, end: number): string {
    const last = this.chunks.length - 1
    const lastStart = this.starts[last] ?? 0
    if (start >= lastStart)
      return (this.chunks[last] ?? '').slice(start - lastStart, end - lastStart)
    let text = ''
    for (let index = this.chunkAt(start); index < this.chunks.length; index += 1) {
      const offset = this.starts[index] ?? 0
      if (offset >= end) break
      text += (this.chunks[index] ?? '').slice(Math.max(0, start - offset), end - offset)
    }
    return text
  }

  /** The UTF-16 code unit at an offset, NaN outside the output. */
  codeAt(offset: number): number {
    if (offset < 0) return Number.NaN
    const index = this.chunkAt(offset)
    return (this.chunks[index] ?? '').charCodeAt(offset - (this.starts[index] ?? 0))
  }

  /** `end` without the whitespace before it, but no less than `start`. */
  trimmedEnd(start: number, end: number): number {
    let offset = end
    while (offset > start && isJsonSpace(this.codeAt(offset - 1))) offset -= 1
    return offset
  }

  /** The chunk that holds an offset. Nearly all look-ups are in the last one. */
  private chunkAt(offset: number): number {
    let high = this.starts.length - 1
    if (high < 0 || (this.starts[high] ?? 0) <= offset) return Math.max(0, high)
    let low = 0
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
