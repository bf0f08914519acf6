import type { ParseEvent } from './format.ts'
import type { SourceBuffer } from './source-buffer.ts'

/**
 * Decides which characters outside calls are reported as text or reasoning.
 *
 * Whitespace is held back until the next character: next to markup it belongs to the markup, elsewhere to the text.
 */
export class TextWriter {
  type: 'text' | 'reasoning' = 'text'
  /** Nothing but whitespace since the last markup. */
  isAfterMarkup = false
  /** Everything before this offset is reported, or markup. */
  private done = 0
  /** Text is certain up to here. */
  private certain = 0
  private readonly source: SourceBuffer

  constructor(source: SourceBuffer) {
    this.source = source
  }

  /** `start` to `end` is text; so is the whitespace before it, unless that follows markup. */
  add(start: number, end: number): void {
    if (this.isAfterMarkup) this.done = start
    this.isAfterMarkup = false
    this.certain = end
  }

  /** What is not reported up to `end` is markup, or whitespace beside it. Flush first. */
  skip(end: number): void {
    this.done = end
    this.certain = end
    this.isAfterMarkup = true
  }

  /** The output is over, so whitespace at its end is text, unless it follows markup. */
  finish(end: number): void {
    if (!this.isAfterMarkup) this.certain = end
  }

  flush(): ParseEvent | null {
    if (this.certain <= this.done) return null
    const at = this.done
    this.done = this.certain
    const type = this.type === 'text' ? 'text-delta' : 'reasoning-delta'
    return { type, at, text: this.source.slice(at, this.certain) }
  }
}
