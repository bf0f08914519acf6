import { CallReader, failureEvent, type CallSink, type Failure } from './call-reader.ts'
import type { ParseEvent } from './format.ts'
import { JsonScanner } from './json-scanner.ts'
import { MarkerMatcher } from './marker-matcher.ts'
import { SourceBuffer } from './source-buffer.ts'
import { TextWriter } from './text-writer.ts'

/** A tag or marker that announces calls. */
export type Container = {
  readonly open: string
  readonly close: string | null
  /** What it means when no JSON follows: a call that cannot be read, or an answer in text. */
  readonly otherwise: 'invalid' | 'text'
}

/** What sets one family's output apart for the parser. */
export type OutputGrammar = {
  readonly containers: readonly Container[]
  /** Calls also stand on their own or in code fences, separated by `;`, `,` or whitespace. */
  readonly readsBareJson: boolean
}

export type Mode =
  | 'text'
  /** In `<think>`: nothing in it is a call. */
  | 'reasoning'
  /** After the first character of a marker. */
  | 'marker'
  /** Counting backticks. */
  | 'ticks'
  /** After an opening fence, until it is known whether calls follow. */
  | 'fence-head'
  /** In a code fence that holds no call. */
  | 'fence-text'
  /** After a `[` or `{` outside a container. */
  | 'bracket'
  | 'brace'
  /** After `[]` at the beginning: no call, if nothing else stands on the line. */
  | 'empty-list'
  /** In a JSON value that is a call, or still may be. */
  | 'calls'
  /** In a JSON value that is prose. */
  | 'json-text'
  /** In a container, where a value or its end is due. */
  | 'body'
  /** After an error in a call, until its container ends. */
  | 'skip'

export const NONE = -1
const NO_EVENTS: readonly ParseEvent[] = []
export const THINK_OPEN = '<think>'
export const THINK_CLOSE = '</think>'
const THINK_MARKERS = [THINK_OPEN, THINK_CLOSE]

/**
 * What the parser remembers between two characters, and the moves that its modes share.
 *
 * Something that may be markup is `pending`: `confirm` makes it markup, `release` makes it text. So no character is ever
 * reported before it is certain, and none twice.
 */
export class OutputState implements CallSink {
  readonly source = new SourceBuffer()
  readonly text = new TextWriter(this.source)
  readonly matcher = new MarkerMatcher()
  readonly grammar: OutputGrammar
  readonly markers: readonly string[]
  private readonly textMarkers: readonly string[]
  mode: Mode = 'text'
  /** Where `marker` and `ticks` come from and go back to. */
  home: 'text' | 'reasoning' | 'body' | 'skip' = 'text'
  callCount = 0

  /** Where something began that is markup if a call follows, else text. */
  pending = NONE
  /** Where the current marker, bracket or run of backticks began. */
  markStart = 0
  tickCount = 0
  /** Backticks of an opening fence that is pending, of one around calls, of one around text; 0 for none. */
  pendingFence = 0
  callFence = 0
  textFence = 0
  /** Where the info string of the pending fence ends. */
  infoEnd = NONE

  container: Container | null = null
  contentStart = 0
  /** JSON values of the container so far. */
  values = 0
  reader: CallReader | null = null
  jsonText = new JsonScanner(1)
  failure: Failure | null = null
  failureEnd = 0

  /** No prose since the beginning or the last call: what stands here is more likely a call than prose. */
  isFirst = true
  /** The last markup was a call's. */
  isAfterCall = false
  private events: ParseEvent[] = []

  constructor(grammar: OutputGrammar) {
    this.grammar = grammar
    this.markers = grammar.containers.flatMap(({ open, close }) => (close ? [open, close] : [open]))
    this.textMarkers = [...THINK_MARKERS, ...this.markers]
  }

  nextCall(): number {
    this.callCount += 1
    return this.callCount - 1
  }

  emit(event: ParseEvent): void {
    this.flushText()
    this.events.push(event)
  }

  takeEvents(): readonly ParseEvent[] {
    this.flushText()
    if (this.events.length === 0) return NO_EVENTS
    const events = this.events
    this.events = []
    return events
  }

  /** `start` to `end`, and whatever is pending before it, is prose. */
  keep(start: number, end: number): void {
    this.text.add(this.pending === NONE ? start : this.pending, end)
    this.pending = NONE
    this.isFirst = false
    this.isAfterCall = false
  }

  beginPending(at: number): void {
    if (this.pending === NONE) this.pending = at
  }

  /** What is pending up to `end` is prose after all; behind an opening fence, so is all that the fence holds. */
  release(end: number): void {
    this.keep(this.markStart, end)
    this.mode = this.pendingFence > 0 ? 'fence-text' : 'text'
    this.textFence = this.pendingFence
    this.pendingFence = 0
    this.tickCount = 0
  }

  /** What is pending is markup. */
  confirm(): void {
    this.pending = NONE
    if (this.pendingFence > 0) this.callFence = this.pendingFence
    this.pendingFence = 0
  }

  /** Markup or a call ends here; text may follow. */
  leaveMarkup(end: number): void {
    this.confirm()
    this.flushText()
    this.text.skip(end)
    this.mode = 'text'
  }

  /** `at` is the `<`, which counts as read. */
  startMarker(at: number, home: OutputState['home']): void {
    this.mode = 'marker'
    this.home = home
    this.markStart = at
    this.matcher.start(this.markersFor(home))
    this.matcher.step(0x3c)
  }

  /** Goes on in a container, of which `open` has just ended at `end`. */
  startBody(container: Container, end: number): void {
    this.container = container
    this.contentStart = end
    this.values = 0
    this.mode = 'body'
  }

  /** Begins to read calls; the value's `{` or `[`, at `at`, counts as read. */
  startCalls(shape: 'object' | 'array', at: number): void {
    const isAnnounced = this.mode === 'body'
    if (isAnnounced) this.confirm()
    this.reader = new CallReader(this, { shape, isAnnounced, isFirst: this.isFirst })
    this.reader.read(shape === 'array' ? '[' : '{', 0, at)
    this.mode = 'calls'
  }

  startFailure(at: number, expected: string): void {
    this.confirm()
    const problem = { kind: 'syntax', at, expected, found: '' } as const
    this.failure = {
      call: this.nextCall(),
      name: null,
      start: at,
      end: at,
      problem,
      isInString: false,
    }
    this.failureEnd = at
    this.mode = 'skip'
  }

  /** Reports the failed call, which ends before what has been seen up to `seen`. */
  endFailure(seen: number): void {
    if (this.failure === null) return
    this.emit(failureEvent(this.failure, this.source, { end: this.failureEnd, seen }))
    this.failure = null
    this.endCalls()
  }

  endCalls(): void {
    this.isFirst = true
    this.isAfterCall = true
  }

  private markersFor(home: OutputState['home']): readonly string[] {
    if (home === 'text') return this.textMarkers
    if (home === 'reasoning') return THINK_MARKERS
    return this.container?.close ? [this.container.open, this.container.close] : []
  }

  private flushText(): void {
    const event = this.text.flush()
    if (event) this.events.push(event)
  }
}
