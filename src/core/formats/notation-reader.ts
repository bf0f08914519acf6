import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { Span } from '../lib/span.ts'
import type { CallSink, Failure, ReadState } from './call-reader.ts'

/** What is known of a call before it is read; it decides how much benefit of the doubt it gets. */
export type CallPlace = {
  /** Where it begins: at its tag, or at its first character. */
  readonly start: number
  /** It stands in a container that only calls have: whatever it is, it was meant as a call. */
  readonly isAnnounced: boolean
  /** No prose stands before it, or only a call does. */
  readonly isFirst: boolean
  readonly isLineStart: boolean
}

/** What a reader needs besides the text. */
export type ReaderContext = {
  readonly sink: CallSink
  /** The schema of a tool's arguments; null when there is no such tool. */
  readonly parametersOf: (name: string) => JsonObject | null
}

/**
 * Reads one call, or one list of calls, in a notation that is not JSON.
 *
 * `closed` is `done` with the container's closing tag read as well.
 */
export type NotationReader = {
  readonly state: ReadState | 'closed'
  /** So far, invalid ones included. */
  readonly calls: number
  readonly failure: Failure | null
  /** Reads on in a chunk that begins at offset `base`, from index `from`; returns the index of the first unread character. */
  read(chunk: string, from: number, base: number): number
  /** Reports the argument characters that are certain up to `end`. */
  reportArguments(end: number): void
  /** The output ended at `end`. True if what is open was a call, which is then reported. */
  cutOff(end: number): boolean
}

const NONE = -1

/** Reports one call to the sink, piece by piece, however its notation looks. */
export class CallReport {
  name: string | null = null
  argumentsStart = NONE
  readonly start: number
  private call: number | null = null
  private reported = NONE
  private readonly sink: CallSink

  constructor(sink: CallSink, start: number) {
    this.sink = sink
    this.start = start
  }

  get isAnnounced(): boolean {
    return this.call !== null
  }

  announce(name: string, nameSpan: Span): void {
    if (this.call !== null) return
    this.call = this.sink.nextCall()
    this.name = name
    this.sink.emit({ type: 'call-start', call: this.call, name, nameSpan, at: this.start })
  }

  reportArguments(end: number): void {
    if (this.call === null || this.argumentsStart === NONE) return
    const at = Math.max(this.reported, this.argumentsStart)
    if (end <= at) return
    const text = this.sink.source.slice(at, end)
    this.sink.emit({ type: 'call-arguments-delta', call: this.call, at, text })
    this.reported = end
  }

  complete(end: number, argumentsSpan: Span, value: JsonValue): void {
    const { start } = this
    this.argumentsStart = argumentsSpan.start
    this.reportArguments(argumentsSpan.end)
    const call = this.call ?? this.sink.nextCall()
    this.sink.emit({
      type: 'call-end',
      call,
      span: { start, end },
      argumentsSpan,
      arguments: value,
    })
  }

  cutOff(end: number): void {
    const { start, name } = this
    const call = this.call ?? this.sink.nextCall()
    this.sink.emit({ type: 'call-cut-off', call, name, span: { start, end } })
  }

  fail(at: number, expected: string, isInString: boolean): Failure {
    return {
      call: this.call ?? this.sink.nextCall(),
      name: this.name,
      start: this.start,
      end: Math.max(this.sink.source.trimmedEnd(0, at), this.reported, this.start),
      problem: { kind: 'syntax', at, expected, found: '' },
      isInString,
    }
  }
}
