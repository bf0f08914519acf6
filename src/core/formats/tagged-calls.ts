import type { CallReader, Failure } from './call-reader.ts'
import { isJsonSpace } from './json-scanner.ts'
import {
  CallReport,
  type CallPlace,
  type NotationReader,
  type ReaderContext,
} from './notation-reader.ts'
import { TaggedArguments, taggedObject, type TaggedNotation } from './tagged-arguments.ts'

export type TaggedCallSyntax = {
  readonly notation: TaggedNotation
  /** What follows the name; empty: white space, or the next tag. */
  readonly nameEnd: string
  /** The tag that ends the call. */
  readonly close: string
  /** That tag is the container's. */
  readonly closesContainer: boolean
  /** Tags that stand in no value, besides those of the call: a value that reaches one has lost its end. */
  readonly around: readonly string[]
}

const LESS = 0x3c
const NEWLINE = 0x0a
const MAX_NAME = 256

/** Reads a call from behind the tag that opens it: its name, then its arguments in elements. */
export class TaggedCalls implements NotationReader {
  state: CallReader['state'] | 'closed' = 'open'
  calls = 0
  failure: Failure | null = null
  private readonly context: ReaderContext
  private readonly place: CallPlace
  private readonly syntax: TaggedCallSyntax
  private readonly report: CallReport
  private readonly args: TaggedArguments
  private step: 'name' | 'name-end' | 'arguments' = 'name'
  private nameStart = -1
  private name = ''
  private nameEndLength = 0
  private headEnd = 0

  constructor(context: ReaderContext, place: CallPlace, syntax: TaggedCallSyntax) {
    this.context = context
    this.place = place
    this.syntax = syntax
    this.report = new CallReport(context.sink, place.start)
    const closers = [syntax.close, ...syntax.around]
    this.args = new TaggedArguments(syntax.notation, context.sink.source, closers)
  }

  read(chunk: string, from: number, base: number): number {
    let index = from
    while (index < chunk.length && this.state === 'open') {
      if (this.step === 'arguments') index = this.readArguments(chunk, index, base)
      else index += this.readHead(chunk, index, base + index)
    }
    return index
  }

  reportArguments(): void {
    const { firstStart } = this.args
    if (firstStart === -1) return
    this.report.argumentsStart = firstStart
    this.report.reportArguments(this.args.certainEnd)
  }

  cutOff(end: number): boolean {
    if (!this.report.isAnnounced && !this.place.isAnnounced) return false
    this.reportArguments()
    this.report.cutOff(end)
    return true
  }

  private readHead(chunk: string, index: number, at: number): 0 | 1 {
    const { nameEnd } = this.syntax
    const code = chunk.charCodeAt(index)
    if (this.nameStart === -1) this.nameStart = at
    if (this.step === 'name-end') {
      if (code !== nameEnd.charCodeAt(this.nameEndLength)) return this.refuse(at, `"${nameEnd}"`)
      this.nameEndLength += 1
      if (this.nameEndLength === nameEnd.length) this.announce(at + 1)
      return 1
    }
    const isEnd =
      nameEnd === '' ? code === LESS || isJsonSpace(code) : code === nameEnd.charCodeAt(0)
    if (isEnd) {
      this.name = this.context.sink.source.slice(this.nameStart, at)
      if (this.name.trim() === '') return this.refuse(at, 'the name of a tool')
      if (nameEnd === '') this.announce(at)
      else this.step = 'name-end'
      return 0
    }
    if (code === LESS || code === NEWLINE || at - this.nameStart >= MAX_NAME)
      return this.refuse(at, `the name of a tool, then "${nameEnd}"`)
    return 1
  }

  private announce(headEnd: number): void {
    const span = { start: this.nameStart, end: this.nameStart + this.name.length }
    this.headEnd = headEnd
    this.report.announce(this.name, span)
    this.step = 'arguments'
  }

  private readArguments(chunk: string, from: number, base: number): number {
    const { args, syntax } = this
    const index = args.read(chunk, from, base)
    if (args.state === 'invalid') {
      this.reportArguments()
      this.refuse(args.invalidAt, args.expected)
    } else if (args.state === 'done' && args.closer !== syntax.close) {
      this.reportArguments()
      this.refuse(args.closerStart, `"${syntax.notation.before.trim()}" or "${syntax.close}"`)
    } else if (args.state === 'done') {
      this.complete(base + index)
    }
    return index
  }

  private complete(end: number): void {
    const { args, syntax, report, headEnd } = this
    const { sink, parametersOf } = this.context
    const all = args.arguments
    const span = {
      start: all[0]?.span.start ?? headEnd,
      end: all.at(-1)?.span.end ?? headEnd,
    }
    const callEnd = syntax.closesContainer ? span.end : end
    report.complete(callEnd, span, taggedObject(all, sink.source, parametersOf(this.name)))
    this.calls = 1
    this.state = syntax.closesContainer ? 'closed' : 'done'
  }

  private refuse(at: number, expected: string): 0 {
    if (!this.place.isAnnounced && !this.report.isAnnounced) {
      this.state = 'not-a-call'
      return 0
    }
    this.failure = this.report.fail(at, expected, false)
    this.calls = 1
    this.state = 'broken'
    return 0
  }
}
