import { ArgumentsReader } from './arguments-reader.ts'
import {
  CallReader,
  DEFAULT_KEYS,
  failureEvent,
  type CallKeys,
  type CallSink,
  type Failure,
  type ValueReader,
} from './call-reader.ts'
import type { CallHead, KnownName } from './call-head.ts'
import { reasoningOf, type ParseEvent, type ReasoningMarkers } from './format.ts'
import { JsonScanner } from './json-scanner.ts'
import { firstCodes, MarkerMatcher } from './marker-matcher.ts'
import { SourceBuffer } from './source-buffer.ts'
import { TextWriter } from './text-writer.ts'

/** A tag or marker that announces calls. */
export type Container = {
  readonly open: string
  readonly close: string | null
  /** What it means when no JSON follows: a call that cannot be read, an answer in text, or that the marker is prose too. */
  readonly otherwise: 'invalid' | 'text' | 'prose'
  /** Where the name stands before the arguments. Without it, name and arguments are keys of the JSON. */
  readonly head?: CallHead
  /** Markup that may stand before and after the JSON, such as the ticks of a code fence. */
  readonly filler?: readonly string[]
  /** The marker counts in reasoning too, and ends it. */
  readonly endsReasoning?: true
  /** The marker counts only where no prose stands before it. */
  readonly isOnlyFirst?: true
}

/** What sets one family's output apart for the parser. */
export type OutputGrammar = {
  readonly containers: readonly Container[]
  /** Calls also stand on their own or in code fences, separated by `;`, `,` or whitespace. */
  readonly readsBareJson: boolean
  /** The keys of a call; by default `name` with `arguments` or `parameters`. */
  readonly keys?: CallKeys
  /** Besides `<think>`. */
  readonly reasoning?: readonly ReasoningMarkers[]
  /** Markup that says nothing by itself. */
  readonly noise?: readonly string[]
  /** What the output begins in, because its marker may be the end of the prompt. */
  readonly startsIn?: Container
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
  /** In a container, before the arguments, where the name is due. */
  | 'head'
  /** In a container, where a value or its end is due. */
  | 'body'
  /** After an error in a call, until its container ends. */
  | 'skip'

export const NONE = -1
const NO_EVENTS: readonly ParseEvent[] = []
const NO_MARKS = firstCodes([])

type MarkerSet = { readonly all: readonly string[]; readonly firstCodes: Uint8Array }

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
  readonly reasoning: readonly ReasoningMarkers[]
  readonly textMarkers: readonly string[]
  private readonly reasoningMarkers: readonly string[]
  private readonly containerMarkers = new Map<Container, MarkerSet>()
  /** With what a marker may begin, by character code: in text, in reasoning, and in the current container. */
  readonly textMarks: Uint8Array
  readonly reasoningMarks: Uint8Array
  containerMarks: Uint8Array = NO_MARKS
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
  /** Where the container's head begins, its marker included. */
  headStart = 0
  /** Nothing but white space since the marker. */
  isHeadBlank = true
  /** What the head has named; its arguments are due. */
  known: KnownName | null = null
  reader: ValueReader | null = null
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
    this.reasoning = reasoningOf(grammar)
    const thinking = this.reasoning.flatMap(({ open, close }) =>
      open === null ? [close] : [open, close],
    )
    const { containers, noise = [] } = grammar
    const interrupting = containers.filter(({ endsReasoning }) => endsReasoning)
    // Backticks are markup inside a container only.
    const ofCalls = containers.flatMap(ownMarkers).filter((marker) => !marker.startsWith('`'))
    this.textMarkers = [...new Set([...thinking, ...ofCalls, ...noise])]
    this.reasoningMarkers = [...thinking, ...interrupting.map(({ open }) => open)]
    this.textMarks = firstCodes(this.textMarkers)
    this.reasoningMarks = firstCodes(this.reasoningMarkers)
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

  /** The character at `at`, `code`, may begin a marker and counts as read. */
  startMarker(at: number, home: OutputState['home'], code: number): void {
    this.mode = 'marker'
    this.home = home
    this.markStart = at
    this.matcher.start(this.markersFor(home))
    this.matcher.step(code)
  }

  /** Goes on in a container, of which `open` has just ended at `end`. */
  startBody(container: Container, end: number): void {
    this.container = container
    this.contentStart = end
    this.values = 0
    this.known = null
    this.headStart = end - container.open.length
    this.isHeadBlank = true
    this.containerMarks = this.markersOf(container).firstCodes
    this.mode = container.head ? 'head' : 'body'
  }

  /** Begins to read calls; the value's `{` or `[`, at `at`, counts as read. */
  startCalls(shape: 'object' | 'array', at: number): void {
    const isAnnounced = this.mode === 'body'
    if (isAnnounced) this.confirm()
    const keys = this.grammar.keys ?? DEFAULT_KEYS
    this.reader = this.known
      ? new ArgumentsReader(this, this.known)
      : new CallReader(this, { shape, isAnnounced, isFirst: this.isFirst, keys })
    this.reader.read(shape === 'array' ? '[' : '{', 0, at)
    this.mode = 'calls'
  }

  startFailure(at: number, expected: string): void {
    this.confirm()
    const problem = { kind: 'syntax', at, expected, found: '' } as const
    this.failure = {
      call: this.nextCall(),
      name: this.known?.name ?? null,
      start: this.known?.span.start ?? at,
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

  /** Goes on with text or reasoning behind a marker that ends at `end`. */
  switchTo(type: 'text' | 'reasoning', end: number): void {
    this.leaveMarkup(end)
    this.isAfterCall = false
    this.isFirst = true
    this.text.type = type
    this.mode = type
  }

  /** `<tool_call>` in a sentence: a closing quote or a comma follows it, or a space and a word. */
  isTalkedAbout(at: number): boolean {
    const after = this.source.slice(this.contentStart, at + 1)
    return /^(?:[`'").,;:!?]|[ \t]+[^\s{}[\]<>"'])/.test(after)
  }

  private markersFor(home: OutputState['home']): readonly string[] {
    if (home === 'text') return this.textMarkers
    if (home === 'reasoning') return this.reasoningMarkers
    return this.container ? this.markersOf(this.container).all : []
  }

  /** What may follow a call in a container, or end a broken one. */
  private markersOf(container: Container): MarkerSet {
    const known = this.containerMarkers.get(container)
    if (known) return known
    const { containers, noise = [] } = this.grammar
    const all = [
      ...ownMarkers(container),
      ...(container.filler ?? []),
      ...containers.flatMap(ownMarkers),
      ...noise,
    ]
    // What has no end is read to the last character; and where JSON is due, a bracket belongs to it.
    const isOpenEnded = container.close === null && !container.head
    const isPossible = (marker: string) => !isOpenEnded && (container.head || marker[0] !== '[')
    const possible = [...new Set(all)].filter((marker) => marker !== '' && isPossible(marker))
    const markers = { all: possible, firstCodes: firstCodes(possible) }
    this.containerMarkers.set(container, markers)
    return markers
  }

  private flushText(): void {
    const event = this.text.flush()
    if (event) this.events.push(event)
  }
}

function ownMarkers({ open, close }: Container): readonly string[] {
  return close === null ? [open] : [open, close]
}
