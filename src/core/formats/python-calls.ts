import { DEFAULT_KEYS, CallReader, type Failure } from './call-reader.ts'
import { isJsonSpace } from './json-scanner.ts'
import {
  CallReport,
  type CallPlace,
  type NotationReader,
  type ReaderContext,
} from './notation-reader.ts'
import { PythonArguments } from './python-arguments.ts'

type Step =
  | 'start'
  | 'name-or-end'
  | 'name'
  | 'arguments'
  /** After `f()` without brackets: a call, unless a sentence goes on. */
  | 'confirm'
  | 'comma-or-end'
  | 'json'

const OPEN_PAREN = 0x28
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const COMMA = 0x2c
const SEMICOLON = 0x3b
const NEWLINE = 0x0a
const LESS = 0x3c
const EXPECTED_CALL = 'a call, name(argument=value)'

export type PythonOptions = {
  /** A JSON list of calls may stand in place of the Python one. */
  readonly acceptsJson: boolean
}

/**
 * Reads `[f(a=1), g()]`, or a single `f(a=1)` without brackets.
 *
 * Outside announced places it takes a `name(` with an argument's `name=` to be a call, and one with nothing in its
 * parentheses on a line of its own; anything else is a call gone wrong if it is in brackets at the beginning, or names
 * a tool, and else prose.
 */
export class PythonCalls implements NotationReader {
  state: NotationReader['state'] = 'open'
  calls = 0
  failure: Failure | null = null
  private readonly context: ReaderContext
  private readonly place: CallPlace
  private readonly options: PythonOptions
  private step: Step = 'start'
  private isInBrackets = false
  private nameStart = 0
  private name = ''
  private report: CallReport | null = null
  private args = new PythonArguments()
  private json: CallReader | null = null

  constructor(context: ReaderContext, place: CallPlace, options: PythonOptions) {
    this.context = context
    this.place = place
    this.options = options
  }

  read(chunk: string, from: number, base: number): number {
    let index = from
    while (index < chunk.length && this.state === 'open') {
      if (this.step === 'arguments') index = this.readArguments(chunk, index, base)
      else if (this.step === 'json') index = this.readJson(chunk, index, base)
      else index += this.readOne(chunk, index, base + index)
    }
    return index
  }

  reportArguments(end: number): void {
    if (this.step === 'json') this.json?.reportArguments(end)
    else if (this.step === 'arguments') this.report?.reportArguments(end)
  }

  cutOff(end: number): boolean {
    if (this.json) return this.json.cutOff(end)
    if (this.step === 'confirm') {
      this.complete(this.argumentsEnd)
      return true
    }
    const isOpen = this.step === 'arguments' || this.step === 'name'
    if (isOpen && this.report && this.isMeantAsCall()) {
      if (this.step === 'arguments') this.report.name = this.name
      this.report.cutOff(end)
      return true
    }
    if (this.calls > 0) return true
    if (!this.place.isAnnounced) return false
    new CallReport(this.context.sink, this.place.start).cutOff(end)
    return true
  }

  private readOne(chunk: string, index: number, at: number): number {
    const code = chunk.charCodeAt(index)
    if (this.step === 'name') return this.readName(chunk, index, at)
    if (this.step === 'confirm') return this.readConfirm(code)
    if (isJsonSpace(code)) return 1
    switch (this.step) {
      case 'start':
        if (code === OPEN_BRACKET) {
          this.isInBrackets = true
          this.step = 'name-or-end'
          return 1
        }
        if (code === OPEN_BRACE && this.options.acceptsJson) return this.startJson('object', at)
        return this.startName(code, at)
      case 'comma-or-end':
        if (code === CLOSE_BRACKET) return this.finish()
        if (code !== COMMA) return this.fail(at, '"," or "]"')
        this.step = 'name-or-end'
        return 1
      default:
        if (code === CLOSE_BRACKET && (this.calls > 0 || this.place.isAnnounced))
          return this.finish()
        if (code === OPEN_BRACE && this.options.acceptsJson && this.calls === 0)
          return this.startJson('array', at)
        return this.startName(code, at)
    }
  }

  private startName(code: number, at: number): 0 | 1 {
    if (!startsName(code)) return this.refuse(at, EXPECTED_CALL)
    this.report = new CallReport(this.context.sink, at)
    this.nameStart = at
    this.name = ''
    this.step = 'name'
    return 0
  }

  private readName(chunk: string, from: number, at: number): number {
    let end = from
    while (end < chunk.length && isNamePart(chunk.charCodeAt(end))) end += 1
    this.name += chunk.slice(from, end)
    if (end > from) return end - from
    const code = chunk.charCodeAt(from)
    if (code !== OPEN_PAREN) return this.refuse(at, '"(" after the name of the tool')
    this.args = new PythonArguments()
    if (this.report) this.report.argumentsStart = at
    if (this.isCertain()) this.announce()
    this.step = 'arguments'
    return 0
  }

  private readArguments(chunk: string, from: number, base: number): number {
    const { args, report } = this
    const index = args.read(chunk, from, base)
    if (report === null) return index
    if (args.hasArgument) this.announce()
    switch (args.state) {
      case 'open':
        break
      case 'done':
        this.argumentsEnd = base + index
        if (report.isAnnounced || this.isOnItsOwn()) this.complete(base + index)
        else if (this.isInBrackets) this.state = 'not-a-call'
        else this.step = 'confirm'
        break
      case 'invalid':
        report.reportArguments(base + index)
        this.refuse(args.invalidAt, args.expected, args.isInString)
        break
    }
    return index
  }

  private argumentsEnd = 0

  /** Reads what stands behind `f()`. */
  private readConfirm(code: number): 0 | 1 {
    if (code !== NEWLINE && isJsonSpace(code)) return 1
    const isCall =
      code === NEWLINE || code === COMMA || code === SEMICOLON || code === LESS || this.isTool()
    if (isCall) this.complete(this.argumentsEnd)
    else this.state = 'not-a-call'
    return 0
  }

  private complete(end: number): void {
    const { report, args } = this
    this.announce()
    report?.complete(end, { start: report.argumentsStart, end }, args.tree.root?.value ?? {})
    this.calls += 1
    this.report = null
    if (this.isInBrackets) this.step = 'comma-or-end'
    else this.state = 'done'
  }

  private announce(): void {
    const span = { start: this.nameStart, end: this.nameStart + this.name.length }
    this.report?.announce(this.name, span)
  }

  private startJson(shape: 'object' | 'array', at: number): 0 | 1 {
    const { sink } = this.context
    const start = shape === 'array' ? this.place.start : at
    this.json = new CallReader(sink, {
      shape,
      isAnnounced: true,
      isFirst: true,
      keys: DEFAULT_KEYS,
    })
    this.json.read(shape === 'array' ? '[' : '{', 0, start)
    this.step = 'json'
    return shape === 'array' ? 0 : 1
  }

  private readJson(chunk: string, from: number, base: number): number {
    const { json } = this
    if (json === null) return from
    const index = json.read(chunk, from, base)
    this.calls = json.calls
    if (json.state === 'done') this.state = 'done'
    else if (json.state === 'broken') {
      this.failure = json.failure
      this.state = 'broken'
    }
    return index
  }

  private finish(): 1 {
    this.state = 'done'
    return 1
  }

  /** No call can go on like this: was it meant as one? */
  private refuse(at: number, expected: string, isInString = false): 0 {
    if (this.isMeantAsCall()) return this.fail(at, expected, isInString)
    this.state = 'not-a-call'
    return 0
  }

  private fail(at: number, expected: string, isInString = false): 0 {
    const report = this.report ?? new CallReport(this.context.sink, at)
    if (this.step === 'arguments') report.name = this.name
    this.failure = report.fail(at, expected, isInString)
    this.calls += 1
    this.state = 'broken'
    return 0
  }

  private isCertain(): boolean {
    return this.place.isAnnounced || this.calls > 0
  }

  private isMeantAsCall(): boolean {
    if (this.isCertain() || this.report?.isAnnounced === true) return true
    if (this.step !== 'arguments') return false
    return this.isTool() || (this.isInBrackets && this.place.isFirst)
  }

  /** `f()` needs no more evidence here. */
  private isOnItsOwn(): boolean {
    return this.isInBrackets ? this.place.isLineStart || this.isTool() : false
  }

  private isTool(): boolean {
    return this.context.parametersOf(this.name) !== null
  }
}

/** Names as Python has them, with the dots of modules and the dashes that some tools have. */
export function startsName(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f
}

function isNamePart(code: number): boolean {
  return startsName(code) || (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2d
}
