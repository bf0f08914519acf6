import type { JsonObject } from '../lib/json.ts'
import { failureEvent, type Failure } from './call-reader.ts'
import type { OutputParser, ParseEvent, ParserOptions } from './format.ts'
import { isJsonSpace } from './json-scanner.ts'
import { MarkerMatcher } from './marker-matcher.ts'
import type { NotationContainer, NotationGrammar } from './notation-grammar.ts'
import type { CallPlace, NotationReader, ReaderContext } from './notation-reader.ts'
import { NONE } from './output-state.ts'
import { ProseState } from './prose-state.ts'
import { startsName } from './python-calls.ts'

type Mode = 'text' | 'reasoning' | 'marker' | 'body' | 'call' | 'skip'
type Home = 'text' | 'reasoning' | 'body' | 'skip'

const TICK = 0x60
const LESS = 0x3c
const OPEN_BRACKET = 0x5b
const SEMICOLON = 0x3b
const COMMA = 0x2c
const NEWLINE = 0x0a
const THINK_OPEN = '<think>'
const THINK_CLOSE = '</think>'
const THINK_MARKERS = [THINK_OPEN, THINK_CLOSE]

/**
 * Splits an output into text, reasoning and calls, where calls are written in a notation other than JSON.
 *
 * One pass over the characters; what is held back is held as offsets, so the work is linear in the output whatever the
 * chunking. Something that may be markup is `pending` until a reader knows.
 */
export function createNotationParser(
  grammar: NotationGrammar,
  options: ParserOptions,
): OutputParser {
  return new NotationParser(grammar, options)
}

class NotationParser extends ProseState implements OutputParser {
  private readonly matcher = new MarkerMatcher()
  private readonly grammar: NotationGrammar
  private readonly context: ReaderContext
  private readonly markers: Readonly<Record<'text' | 'reasoning', readonly string[]>>
  private mode: Mode = 'text'
  private home: Home = 'text'
  private container: NotationContainer | null = null
  private contentStart = 0
  /** Calls of the container so far. */
  private containerCalls = 0
  private reader: NotationReader | null = null
  private failure: Failure | null = null
  private failureEnd = 0

  constructor(grammar: NotationGrammar, { startsInReasoning, tools = [] }: ParserOptions) {
    super()
    this.grammar = grammar
    const schemas = new Map<string, JsonObject>()
    for (const { name, parameters } of tools) if (!schemas.has(name)) schemas.set(name, parameters)
    this.context = { sink: this, parametersOf: (name) => schemas.get(name) ?? null }
    const { containers, callOpen, callClose } = grammar
    const tags = containers.flatMap(({ open, close }) => [open, close])
    const callTags = [callOpen, callClose].filter((tag) => tag !== null)
    this.markers = { text: [...THINK_MARKERS, ...tags, ...callTags], reasoning: THINK_MARKERS }
    if (!startsInReasoning) return
    this.mode = 'reasoning'
    this.text.type = 'reasoning'
    // The rest of the tag's line is no reasoning.
    this.text.isAfterMarkup = true
  }

  feed(delta: string): readonly ParseEvent[] {
    this.source.append(delta)
    this.run(delta, this.source.length - delta.length)
    if (this.mode === 'call') this.reader?.reportArguments(this.source.length)
    return this.takeEvents()
  }

  end(): readonly ParseEvent[] {
    this.finish(this.source.length)
    this.text.finish(this.source.length)
    return this.takeEvents()
  }

  /** Reads a text that begins at offset `base`. */
  private run(chunk: string, base: number): void {
    let index = 0
    while (index < chunk.length) {
      if (this.mode === 'text') index = this.readText(chunk, index, base)
      else if (this.mode === 'reasoning') index = this.readReasoning(chunk, index, base)
      else if (this.mode === 'call') index = this.readCall(chunk, index, base)
      else index += this.readOne(chunk.charCodeAt(index), base + index)
    }
  }

  private readText(chunk: string, from: number, base: number): number {
    let index = from
    while (index < chunk.length) {
      const start = index
      if (!this.mayStartCall())
        while (index < chunk.length && isPlain(chunk.charCodeAt(index))) index += 1
      if (index > start) this.keep(base + start, base + index)
      if (index === chunk.length) break
      const code = chunk.charCodeAt(index)
      if (!isJsonSpace(code)) {
        const read = this.startMarkup(code, base + index)
        if (read !== NONE) return index + read
        this.keep(base + index, base + index + 1)
      }
      index += 1
    }
    return index
  }

  /** In a place where a Python call without brackets is looked for. */
  private mayStartCall(): boolean {
    if (!this.grammar.readsBarePython) return false
    return this.isFirst && (this.text.isAfterMarkup || this.callCount === 0)
  }

  /** What begins with this character of the prose may be markup: how much of it has been read, or NONE. */
  private startMarkup(code: number, at: number): 0 | 1 | typeof NONE {
    const isInCode = this.source.codeAt(at - 1) === TICK
    if (code === LESS && !isInCode) {
      this.beginPending(at)
      this.startMarker(at, 'text')
      return 1
    }
    if (code === SEMICOLON || code === COMMA) {
      const separates = this.isAfterCall && this.text.isAfterMarkup && this.pending === NONE
      if (separates) this.pending = at
      return separates ? 1 : NONE
    }
    if (!this.grammar.readsBarePython || isInCode) return NONE
    if (code !== OPEN_BRACKET && !(startsName(code) && this.mayStartCall())) return NONE
    this.beginPending(at)
    this.startCall(at, false)
    return 0
  }

  private readReasoning(chunk: string, from: number, base: number): number {
    for (let index = from; index < chunk.length; index += 1) {
      const code = chunk.charCodeAt(index)
      if (code === LESS) {
        this.startMarker(base + index, 'reasoning')
        return index + 1
      }
      if (!isJsonSpace(code)) this.text.add(base + index, base + index + 1)
    }
    return chunk.length
  }

  private readCall(chunk: string, from: number, base: number): number {
    const { reader } = this
    if (reader === null) return from
    const index = reader.read(chunk, from, base)
    switch (reader.state) {
      case 'open':
        break
      case 'done':
      case 'closed':
        this.containerCalls += reader.calls
        if (reader.state === 'closed') this.container = null
        this.endCall(base + index)
        break
      case 'not-a-call':
        this.releaseText(base + index)
        break
      case 'broken':
        this.pending = NONE
        this.failure = reader.failure
        this.failureEnd = reader.failure?.end ?? base + index
        this.mode = 'skip'
        this.replay(base + index)
        break
    }
    return index
  }

  /** What the reader has seen since its call went wrong may hold the tag that ends the call. */
  private replay(end: number): void {
    const start = this.failure?.problem.at ?? end
    if (end > start) this.run(this.source.slice(start, end), start)
  }

  /** Reads one character and returns 1, or 0 when another mode is to read it. */
  private readOne(code: number, at: number): 0 | 1 {
    if (this.mode === 'marker') return this.readMarker(code, at)
    return this.mode === 'skip' ? this.readSkip(code, at) : this.readBody(code, at)
  }

  private readBody(code: number, at: number): 0 | 1 {
    if (isJsonSpace(code)) return 1
    if (code === LESS) {
      this.startMarker(at, 'body')
      return 1
    }
    if (this.containerCalls > 0 && (code === SEMICOLON || code === COMMA)) return 1
    if (this.containerCalls === 0 && this.isTalkedAbout(at)) this.releaseText(at)
    else if (this.grammar.callOpen === null) this.startCall(at, true)
    else this.refuseBody(at, at)
    return 0
  }

  private readSkip(code: number, at: number): 0 | 1 {
    if (code === LESS) this.startMarker(at, 'skip')
    else if (!isJsonSpace(code)) this.failureEnd = at + 1
    return 1
  }

  private readMarker(code: number, at: number): 0 | 1 {
    const step = this.matcher.step(code)
    if (step === 'partial') return 1
    if (step !== 'none') {
      this.applyMarker(step.marker, at + 1)
      return 1
    }
    switch (this.home) {
      case 'text':
        this.releaseText(at)
        break
      case 'reasoning':
        this.text.add(this.markStart, at)
        this.mode = 'reasoning'
        break
      case 'body':
        this.refuseBody(this.markStart, at)
        break
      case 'skip':
        this.failureEnd = at
        this.mode = 'skip'
        break
    }
    return 0
  }

  private applyMarker(marker: string, end: number): void {
    if (this.home === 'reasoning') {
      if (marker === THINK_CLOSE || this.text.isAfterMarkup)
        return this.switchReasoning(marker, end)
      this.text.add(this.markStart, end)
      this.mode = 'reasoning'
      return
    }
    if (this.home === 'text') return this.applyTextMarker(marker, end)
    this.applyCallMarker(marker, end)
  }

  private applyTextMarker(marker: string, end: number): void {
    if (marker === THINK_OPEN || marker === THINK_CLOSE) return this.switchReasoning(marker, end)
    const container = this.grammar.containers.find(({ open }) => open === marker)
    if (container) return this.startBody(container, end)
    if (marker === this.grammar.callOpen) return this.startCall(this.markStart, false)
    const closes = this.container?.close === marker
    const follows = this.isAfterCall && this.text.isAfterMarkup
    if (!closes && !follows) return this.releaseText(end)
    this.container = null
    this.returnToText(end)
  }

  /** A tag in a container, or after a call that went wrong. */
  private applyCallMarker(marker: string, end: number): void {
    const { home, container, markStart } = this
    const { callOpen, callClose } = this.grammar
    if (marker === callClose && home === 'skip') {
      this.failureEnd = end
      this.endFailure(end)
      this.containerCalls += 1
      return this.endCall(end)
    }
    if (marker === callOpen) {
      this.endFailure(end)
      return this.startCall(markStart, container !== null)
    }
    if (home === 'body' && this.containerCalls === 0) {
      if (container?.holdsOnlyCalls !== true) return this.releaseText(end)
      this.startFailure(markStart, this.grammar.expected)
    }
    this.endFailure(end)
    this.returnToText(end)
    const next = this.grammar.containers.find(({ open }) => open === marker)
    if (next) {
      this.pending = markStart
      this.startBody(next, end)
    } else {
      this.container = null
    }
  }

  private startBody(container: NotationContainer, end: number): void {
    this.container = container
    this.contentStart = end
    this.containerCalls = 0
    this.mode = 'body'
  }

  private startCall(at: number, isInContainer: boolean): void {
    const place: CallPlace = {
      start: at,
      isAnnounced: isInContainer && this.container?.holdsOnlyCalls === true,
      isFirst: this.isFirst,
      isLineStart: this.isLineStart(at),
    }
    if (place.isAnnounced) this.pending = NONE
    this.reader = this.grammar.createReader(this.context, place)
    this.mode = 'call'
  }

  private isLineStart(at: number): boolean {
    let offset = at
    while (offset > 0 && this.source.codeAt(offset - 1) === 0x20) offset -= 1
    return offset === 0 || this.source.codeAt(offset - 1) === NEWLINE || this.text.isAfterMarkup
  }

  /** `<tool_call>` in a sentence: a closing quote or a comma follows it, or a space and a word. */
  private isTalkedAbout(at: number): boolean {
    const after = this.source.slice(this.contentStart, at + 1)
    return /^(?:[`'").,;:!?]|[ \t]+[^\s{}[\]<>"'])/.test(after)
  }

  /** No call stands in a container at `at`, where it should; it has been read up to `end`. */
  private refuseBody(at: number, end: number): void {
    const { container, containerCalls } = this
    if (containerCalls > 0) {
      this.returnToText(at)
      if (end > at) this.keep(at, end)
    } else if (container?.holdsOnlyCalls !== true || this.isTalkedAbout(at)) {
      this.releaseText(end)
    } else {
      this.startFailure(at, this.grammar.expected)
      this.failureEnd = end
    }
  }

  private startFailure(at: number, expected: string): void {
    this.pending = NONE
    const problem = { kind: 'syntax', at, expected, found: '' } as const
    const call = this.nextCall()
    this.failure = { call, name: null, start: at, end: at, problem, isInString: false }
    this.failureEnd = at
    this.mode = 'skip'
  }

  private endFailure(seen: number): void {
    if (this.failure === null) return
    this.emit(failureEvent(this.failure, this.source, { end: this.failureEnd, seen }))
    this.failure = null
    this.isFirst = true
    this.isAfterCall = true
  }

  /** A call ends here, in its container or where text may follow. */
  private endCall(end: number): void {
    this.isFirst = true
    this.isAfterCall = true
    this.returnToText(end)
    if (this.container) this.mode = 'body'
  }

  private switchReasoning(marker: string, end: number): void {
    this.returnToText(end)
    this.isAfterCall = false
    this.isFirst = true
    this.text.type = marker === THINK_OPEN ? 'reasoning' : 'text'
    this.mode = this.text.type
  }

  private returnToText(end: number): void {
    this.leaveMarkup(end)
    this.mode = 'text'
  }

  private releaseText(end: number): void {
    this.release(end)
    this.container = null
    this.mode = 'text'
  }

  private startMarker(at: number, home: Home): void {
    this.mode = 'marker'
    this.home = home
    this.markStart = at
    this.matcher.start(this.markersFor(home))
    this.matcher.step(LESS)
  }

  private markersFor(home: Home): readonly string[] {
    if (home === 'text' || home === 'reasoning') return this.markers[home]
    const { container, grammar } = this
    const around = container ? [container.open, container.close] : []
    const tags = home === 'skip' ? [grammar.callOpen, grammar.callClose] : [grammar.callOpen]
    return [...around, ...tags.filter((tag) => tag !== null)]
  }

  /** The output ends where it may be in the middle of anything. */
  private finish(end: number): void {
    const mode = this.mode === 'marker' ? this.home : this.mode
    const isMarker = this.mode === 'marker'
    switch (mode) {
      case 'text':
        if (isMarker) this.finishMarker(end)
        else if (this.pending !== NONE) this.returnToText(end)
        break
      case 'reasoning':
        if (isMarker) this.text.add(this.markStart, end)
        break
      case 'call':
        if (this.reader?.cutOff(end) === true) this.returnToText(end)
        else this.releaseText(end)
        break
      case 'body':
        this.finishBody(end)
        break
      case 'skip':
        this.endFailure(end)
        this.returnToText(end)
        break
    }
  }

  private finishBody(end: number): void {
    if (this.containerCalls === 0 && this.container?.holdsOnlyCalls !== true) {
      this.releaseText(end)
      return
    }
    if (this.containerCalls === 0) {
      const span = { start: this.contentStart, end }
      this.emit({ type: 'call-cut-off', call: this.nextCall(), name: null, span })
    }
    this.returnToText(end)
  }

  private finishMarker(end: number): void {
    const closes = this.container !== null && this.text.isAfterMarkup
    if (closes || this.matcher.isMostlyMatched) this.returnToText(end)
    else this.releaseText(end)
  }
}

function isPlain(code: number): boolean {
  switch (code) {
    case LESS:
    case OPEN_BRACKET:
    case SEMICOLON:
    case COMMA:
      return false
    default:
      return !isJsonSpace(code)
  }
}
