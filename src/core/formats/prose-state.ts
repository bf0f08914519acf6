import type { CallSink } from './call-reader.ts'
import type { ParseEvent } from './format.ts'
import { NONE } from './output-state.ts'
import { SourceBuffer } from './source-buffer.ts'
import { TextWriter } from './text-writer.ts'

const NO_EVENTS: readonly ParseEvent[] = []

/**
 * What a parser knows of the prose around calls.
 *
 * Something that may be markup is `pending`: `leaveMarkup` makes it markup, `release` makes it text. So no character is
 * ever reported before it is certain, and none twice.
 */
export class ProseState implements CallSink {
  readonly source = new SourceBuffer()
  protected readonly text = new TextWriter(this.source)
  protected callCount = 0
  /** Where something began that is markup if a call follows, else text. */
  protected pending = NONE
  protected markStart = 0
  /** No prose since the beginning or the last call. */
  protected isFirst = true
  /** The last markup was a call's. */
  protected isAfterCall = false
  private events: ParseEvent[] = []

  emit(event: ParseEvent): void {
    this.flushText()
    this.events.push(event)
  }

  nextCall(): number {
    this.callCount += 1
    return this.callCount - 1
  }

  /** Markup or a call ends here. */
  protected leaveMarkup(end: number): void {
    this.pending = NONE
    this.flushText()
    this.text.skip(end)
  }

  protected beginPending(at: number): void {
    if (this.pending === NONE) this.pending = at
  }

  /** `start` to `end`, and whatever is pending before it, is prose. */
  protected keep(start: number, end: number): void {
    this.text.add(this.pending === NONE ? start : this.pending, end)
    this.pending = NONE
    this.isFirst = false
    this.isAfterCall = false
  }

  /** What is pending up to `end` is prose after all. */
  protected release(end: number): void {
    const trimmed = this.source.trimmedEnd(
      this.pending === NONE ? this.markStart : this.pending,
      end,
    )
    this.keep(this.markStart, trimmed)
  }

  protected takeEvents(): readonly ParseEvent[] {
    this.flushText()
    if (this.events.length === 0) return NO_EVENTS
    const { events } = this
    this.events = []
    return events
  }

  protected flushText(): void {
    const event = this.text.flush()
    if (event) this.events.push(event)
  }
}
