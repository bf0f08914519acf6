import type { KnownName } from './call-head.ts'
import type { CallSink, Failure, ReadState, ValueReader } from './call-reader.ts'
import { decodeArguments } from './decode-arguments.ts'
import { JsonScanner } from './json-scanner.ts'

/** Reads the arguments, one JSON object, of a call whose name stands before them: it is certain from the first `{` on. */
export class ArgumentsReader implements ValueReader {
  state: ReadState = 'open'
  calls = 0
  failure: Failure | null = null
  readonly scanner = new JsonScanner(0)
  private call = 0
  private start = 0
  /** Characters of the arguments before this offset have been reported. */
  private reported = 0
  private readonly sink: CallSink
  private readonly known: KnownName

  constructor(sink: CallSink, known: KnownName) {
    this.sink = sink
    this.known = known
  }

  read(chunk: string, from: number, base: number): number {
    let index = from
    while (index < chunk.length && this.state === 'open') {
      index = this.scanner.run(chunk, index)
      if (this.scanner.event === 'value-open') this.announce(base + index - 1)
      else if (this.scanner.event === 'value-close') this.complete(base + index)
      else if (this.scanner.event === 'invalid') this.fail(base + index)
    }
    return index
  }

  reportArguments(end: number): void {
    if (end <= this.reported) return
    const text = this.sink.source.slice(this.reported, end)
    this.sink.emit({ type: 'call-arguments-delta', call: this.call, at: this.reported, text })
    this.reported = end
  }

  cutOff(end: number): boolean {
    const { name, span } = this.known
    this.sink.emit({
      type: 'call-cut-off',
      call: this.call,
      name,
      span: { start: span.start, end },
    })
    return true
  }

  private announce(at: number): void {
    const { name, span } = this.known
    this.calls = 1
    this.call = this.sink.nextCall()
    this.start = at
    this.reported = at
    this.sink.emit({
      type: 'call-start',
      call: this.call,
      name,
      nameSpan: span,
      at: span.start,
    })
  }

  private complete(end: number): void {
    this.reportArguments(end)
    this.state = 'done'
    this.sink.emit({
      type: 'call-end',
      call: this.call,
      span: { start: this.known.span.start, end },
      argumentsSpan: { start: this.start, end },
      arguments: decodeArguments(this.sink.source.slice(this.start, end)),
    })
  }

  private fail(at: number): void {
    this.reportArguments(at)
    this.state = 'broken'
    this.failure = {
      call: this.call,
      name: this.known.name,
      start: this.known.span.start,
      end: Math.max(this.sink.source.trimmedEnd(0, at), this.reported),
      problem: { kind: 'syntax', at, expected: this.scanner.expected(), found: '' },
      isInString: this.scanner.isInString,
    }
  }
}
