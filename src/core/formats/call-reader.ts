import type { Span } from '../lib/span.ts'
import { decodeArguments } from './decode-arguments.ts'
import { describeFound, FOUND_LENGTH } from './describe-found.ts'
import type { CallProblem, ParseEvent } from './format.ts'
import { JsonScanner } from './json-scanner.ts'
import type { SourceBuffer } from './source-buffer.ts'

/** Where calls go. The sink numbers them, in order of appearance over the whole output. */
export type CallSink = {
  readonly source: SourceBuffer
  emit(event: ParseEvent): void
  nextCall(): number
}

/** What is known of a JSON value before it is read; it decides how much benefit of the doubt the value gets. */
export type CallPosition = {
  readonly shape: 'object' | 'array'
  /** It stands in a tag or behind a marker that only calls have: whatever it is, it was meant as a call. */
  readonly isAnnounced: boolean
  /** No prose stands before it, or only a call does. */
  readonly isFirst: boolean
  readonly keys: CallKeys
}

/** How the keys of a call are named. */
export type CallKeys = {
  readonly name: string
  /** Any of these. */
  readonly arguments: readonly string[]
  /** Keys that a call may have beside those; another one, in a place that is no call's, means prose. */
  readonly other: readonly string[]
}

export const DEFAULT_KEYS: CallKeys = {
  name: 'name',
  arguments: ['arguments', 'parameters'],
  other: ['id', 'type'],
}

/** A call that cannot be read on; its span ends where its container does, which is not known yet. */
export type Failure = {
  readonly call: number
  readonly name: string | null
  readonly start: number
  /** Where its text ended when it failed. */
  readonly end: number
  readonly problem: CallProblem
  readonly isInString: boolean
}

/** Reads one JSON value that is calls, or a call's arguments, and reports what it finds to a sink. */
export type ValueReader = {
  readonly state: ReadState
  /** Calls of this value so far, invalid ones included. */
  readonly calls: number
  readonly failure: Failure | null
  readonly scanner: JsonScanner
  /** Reads on in a chunk that begins at offset `base`, from index `from`; returns the index of the first unread character. */
  read(chunk: string, from: number, base: number): number
  /** Reports the argument characters that have arrived up to `end`. */
  reportArguments(end: number): void
  /** The output ended at `end`. True if what is open was a call (reported as cut off), or calls came before it. */
  cutOff(end: number): boolean
}

export type ReadState = 'open' | 'done' | 'not-a-call' | 'broken'

type Element = {
  readonly start: number
  call: number | null
  name: string | null
  nameSpan: Span
  role: 'name' | 'arguments' | 'other'
  tokenStart: number
  hasNameKey: boolean
  argumentsStart: number
  argumentsEnd: number
  /** Characters of the arguments before this offset have been reported. */
  reported: number
  problem: CallProblem | null
}

const NONE = -1

/**
 * Reads one JSON value, an object or an array of objects, as calls, and reports each as soon as it is certain.
 *
 * An object is a call once it has a `name` (a string) and an `arguments` or `parameters` key, in any order. Of a key that
 * occurs twice the first counts; `arguments` beside `parameters` likewise. An object that is not a call is
 * - in an announced place, and after the first call of an array: an invalid call, whatever keys it has;
 * - elsewhere: prose, from the first key on that a call does not have. One that ends with a name and no arguments is an
 *   invalid call if no prose stands before it, else prose.
 */
export class CallReader implements ValueReader {
  state: ReadState = 'open'
  calls = 0
  failure: Failure | null = null
  readonly scanner: JsonScanner
  private element: Element | null = null
  private readonly sink: CallSink
  private readonly position: CallPosition

  constructor(sink: CallSink, position: CallPosition) {
    this.sink = sink
    this.position = position
    this.scanner = new JsonScanner(position.shape === 'array' ? 2 : 1)
  }

  read(chunk: string, from: number, base: number): number {
    let index = from
    while (index < chunk.length && this.state === 'open') {
      index = this.scanner.run(chunk, index)
      this.handleEvent(base + index, chunk.charCodeAt(index - 1))
    }
    return index
  }

  reportArguments(end: number): void {
    const element = this.element
    if (element === null || element.call === null) return
    const until = element.argumentsEnd === NONE ? end : element.argumentsEnd
    if (until <= element.reported) return
    const text = this.sink.source.slice(element.reported, until)
    this.sink.emit({
      type: 'call-arguments-delta',
      call: element.call,
      at: element.reported,
      text,
    })
    element.reported = until
  }

  cutOff(end: number): boolean {
    const element = this.element
    if (element === null) return this.calls > 0 || this.position.isAnnounced
    if (element.call === null && !this.isMeantAsCall(element.hasNameKey)) return false
    this.sink.emit({
      type: 'call-cut-off',
      call: element.call ?? this.countCall(),
      name: element.name,
      span: { start: element.start, end },
    })
    return true
  }

  private handleEvent(end: number, lastCode: number): void {
    switch (this.scanner.event) {
      case 'chunk-end':
        return
      case 'element-open':
        return this.openElement(end - 1, lastCode)
      case 'key-open':
        if (this.element) this.element.tokenStart = end - 1
        return
      case 'key-close':
        return this.closeKey(end)
      case 'value-open':
        return this.openValue(end - 1, lastCode)
      case 'value-close':
        return this.closeValue(end)
      case 'element-close':
        return this.closeElement(end)
      case 'root-close':
        this.state = 'done'
        return
      case 'invalid':
        return this.fail(end, this.scanner.expected())
    }
  }

  private openElement(start: number, code: number): void {
    if (code !== 0x7b) return this.fail(start, 'an object, "{"')
    this.element = {
      start,
      call: null,
      name: null,
      nameSpan: { start, end: start },
      role: 'other',
      tokenStart: start,
      hasNameKey: false,
      argumentsStart: NONE,
      argumentsEnd: NONE,
      reported: NONE,
      problem: null,
    }
  }

  private closeKey(end: number): void {
    const element = this.element
    if (element === null) return
    const key = this.decodeString(element.tokenStart, end)
    const { keys } = this.position
    element.role = 'other'
    if (key === keys.name) {
      if (!element.hasNameKey) element.role = 'name'
      element.hasNameKey = true
    } else if (keys.arguments.includes(key)) {
      if (element.argumentsStart === NONE) element.role = 'arguments'
    } else if (!this.isCertain(element) && !keys.other.includes(key)) {
      this.state = 'not-a-call'
    }
  }

  private openValue(start: number, code: number): void {
    const element = this.element
    if (element === null) return
    if (element.role === 'name') {
      element.tokenStart = start
      if (code !== 0x22) this.refuseName(element, start)
    } else if (element.role === 'arguments') {
      element.argumentsStart = start
      this.announce(element)
    }
  }

  private closeValue(end: number): void {
    const element = this.element
    if (element === null) return
    if (element.role === 'arguments') {
      element.argumentsEnd = end
      this.reportArguments(end)
    } else if (element.role === 'name' && element.problem === null) {
      element.name = this.decodeString(element.tokenStart, end)
      element.nameSpan = { start: element.tokenStart + 1, end: end - 1 }
      this.announce(element)
    }
    element.role = 'other'
  }

  private closeElement(end: number): void {
    const element = this.element
    if (element === null) return
    const problem = element.problem ?? missingPart(element, end - 1)
    if (problem !== null && !this.isCertain(element)) {
      const isMeant = problem.kind === 'missing-arguments' && this.position.isFirst
      if (!isMeant) {
        this.state = 'not-a-call'
        return
      }
    }
    const span: Span = { start: element.start, end }
    const call = element.call ?? this.countCall()
    if (problem === null) {
      const argumentsSpan = { start: element.argumentsStart, end: element.argumentsEnd }
      const text = this.sink.source.slice(argumentsSpan.start, argumentsSpan.end)
      const value = decodeArguments(text)
      this.sink.emit({ type: 'call-end', call, span, argumentsSpan, arguments: value })
    } else {
      this.sink.emit({ type: 'call-invalid', call, name: element.name, span, problem })
    }
    this.element = null
    if (this.scanner.isDone) this.state = 'done'
  }

  /** Reports a call as soon as both its name and the beginning of its arguments are there. */
  private announce(element: Element): void {
    if (element.call !== null || element.name === null || element.argumentsStart === NONE) return
    element.call = this.countCall()
    this.sink.emit({
      type: 'call-start',
      call: element.call,
      name: element.name,
      nameSpan: element.nameSpan,
      at: element.start,
    })
    element.reported = element.argumentsStart
    if (element.argumentsEnd !== NONE) this.reportArguments(element.argumentsEnd)
  }

  /** A name that is no string: the JSON may go on well, so the call ends with its object. */
  private refuseName(element: Element, at: number): void {
    if (!this.isCertain(element)) {
      this.state = 'not-a-call'
      return
    }
    const found = describeFound(this.sink.source.slice(at, at + 1), false)
    element.problem = { kind: 'syntax', at, expected: 'the name as a string', found }
  }

  private fail(at: number, expected: string): void {
    const call = this.element?.call ?? null
    const name = this.element?.name ?? null
    if (call === null && !this.isMeantAsCall(name !== null)) {
      this.state = 'not-a-call'
      return
    }
    this.reportArguments(at)
    this.state = 'broken'
    this.failure = {
      call: call ?? this.countCall(),
      name,
      start: this.element?.start ?? at,
      end: Math.max(this.sink.source.trimmedEnd(0, at), this.element?.reported ?? 0),
      problem: { kind: 'syntax', at, expected, found: '' },
      isInString: this.scanner.event === 'invalid' && this.scanner.isInString,
    }
  }

  /**
   * Was this, broken or cut off before it could be announced, meant as a call? Where no prose stands before it, an array
   * that opens an object is no sentence; elsewhere the evidence is a name.
   */
  private isMeantAsCall(hasName: boolean): boolean {
    const { shape, isAnnounced, isFirst } = this.position
    if (isAnnounced || this.calls > 0) return true
    if (shape === 'object') return isFirst && hasName
    return this.element !== null && (isFirst || hasName)
  }

  private isCertain(element: Element): boolean {
    return this.position.isAnnounced || this.calls > 0 || element.call !== null
  }

  private countCall(): number {
    this.calls += 1
    return this.sink.nextCall()
  }

  private decodeString(start: number, end: number): string {
    const text = this.sink.source.slice(start, end)
    return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1)
  }
}

/** Completes the problem of a failure: what stands there can only be named once enough of it has arrived. */
export function failureEvent(
  failure: Failure,
  source: SourceBuffer,
  ends: FailureEnds,
): ParseEvent {
  const { call, name, start, problem } = failure
  const span = { start, end: Math.max(start, ends.end) }
  if (problem.kind !== 'syntax') return { type: 'call-invalid', call, name, span, problem }
  const seen = source.slice(problem.at, Math.min(problem.at + FOUND_LENGTH, ends.seen))
  const found = describeFound(seen, failure.isInString)
  return { type: 'call-invalid', call, name, span, problem: { ...problem, found } }
}

export type FailureEnds = {
  /** Where the call's text ends: before the closing tag or fence. */
  readonly end: number
  /** Where the text that has been looked at ends, closing tag included. */
  readonly seen: number
}

function missingPart(element: Element, at: number): CallProblem | null {
  if (element.name === null) return { kind: 'missing-name', at }
  return element.argumentsStart === NONE ? { kind: 'missing-arguments', at } : null
}
