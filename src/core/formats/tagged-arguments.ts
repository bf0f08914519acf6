import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { Span } from '../lib/span.ts'
import type { ArgumentNotation } from './call-syntax.ts'
import { isJsonSpace } from './json-scanner.ts'
import { MarkerMatcher } from './marker-matcher.ts'
import { jsonOf, typedText } from './typed-text.ts'

export type TaggedNotation = Extract<ArgumentNotation, { readonly type: 'tagged' }>

export type TaggedArgument = {
  readonly key: string
  readonly keySpan: Span
  /** From the opening tag to the end of the closing one, or of the text so far. */
  readonly span: Span
  /** Without the line breaks next to the tags, where those belong to the notation. */
  readonly valueSpan: Span | null
  /** Null when only the tool's schema tells. */
  readonly kind: 'text' | 'json' | null
  readonly isComplete: boolean
}

export type TextSource = { slice(start: number, end: number): string }

type State = 'argument' | 'mark' | 'key' | 'between' | 'between-mark' | 'value' | 'value-mark'

type Open = {
  readonly start: number
  key: string
  keySpan: Span
  kind: TaggedArgument['kind']
  valueStart: number
}

const NONE = -1
const LESS = 0x3c
const NEWLINE = 0x0a

/**
 * Reads arguments that stand in elements, one after another: `<parameter=key>value</parameter>`.
 *
 * Character by character, so any chunking gives the same. White space between tags is free. A value runs up to its
 * closing tag; a tag that ends the call, or begins the next argument, before that is an error.
 */
export class TaggedArguments {
  state: 'open' | 'done' | 'invalid' = 'open'
  invalidAt = 0
  expected = ''
  readonly isInString = false
  /** The closing tag that ended the arguments, and where it began. */
  closer = ''
  closerStart = 0
  private readonly done: TaggedArgument[] = []
  private readonly notation: TaggedShape
  private readonly keyEnds: readonly number[]
  private readonly argumentMarkers: readonly string[]
  private readonly valueMarkers: readonly string[]
  private readonly source: TextSource
  private readonly matcher = new MarkerMatcher()
  private step: State = 'argument'
  private markStart = 0
  private piece = 0
  private open: Open | null = null
  private end = 0

  constructor(notation: TaggedNotation, source: TextSource, closers: readonly string[]) {
    this.notation = shapeOf(notation)
    this.source = source
    this.keyEnds = (this.notation.pieces[0] ?? []).map(({ text }) => text.charCodeAt(0))
    this.argumentMarkers = [this.notation.open, ...closers]
    this.valueMarkers = [this.notation.close, ...this.argumentMarkers]
  }

  /** Where the first argument begins, once that is certain; -1 before. */
  get firstStart(): number {
    return this.done[0]?.span.start ?? this.open?.start ?? NONE
  }

  /** Up to here the text belongs to the arguments, whatever comes. */
  get certainEnd(): number {
    switch (this.step) {
      case 'argument':
      case 'mark':
        return this.done.at(-1)?.span.end ?? NONE
      case 'between-mark':
      case 'value-mark':
        return this.markStart
      default:
        return this.end
    }
  }

  /** What has been read so far, the argument that is being written included. */
  get arguments(): readonly TaggedArgument[] {
    const { open, end } = this
    if (open === null || this.step === 'mark' || this.step === 'key') return this.done
    const hasValue = open.valueStart !== NONE
    const valueEnd = this.step === 'value-mark' ? this.markStart : end
    const valueSpan = hasValue ? { start: Math.min(open.valueStart, end), end: valueEnd } : null
    const span = { start: open.start, end }
    const { key, keySpan, kind } = open
    return [...this.done, { key, keySpan, span, valueSpan, kind, isComplete: false }]
  }

  /** Reads on from `from` in a chunk at offset `base`; returns the index of the first unread character. */
  read(chunk: string, from: number, base: number): number {
    let index = from
    while (index < chunk.length && this.state === 'open') {
      if (this.step === 'value') {
        const found = chunk.indexOf('<', index)
        index = found === -1 ? chunk.length : found
        if (index === chunk.length) break
      }
      if (this.step === 'key') index = this.skipKey(chunk, index)
      if (index === chunk.length) break
      index += this.readOne(chunk.charCodeAt(index), base + index)
    }
    this.end = base + index
    return index
  }

  /** To the next character that a key may not hold. */
  private skipKey(chunk: string, from: number): number {
    const ends = this.keyEnds
    let index = from
    for (; index < chunk.length; index += 1) {
      const code = chunk.charCodeAt(index)
      if (code === LESS || code === NEWLINE || ends.includes(code)) break
    }
    return index
  }

  private readOne(code: number, at: number): 0 | 1 {
    switch (this.step) {
      case 'argument':
        if (isJsonSpace(code)) return 1
        if (code !== LESS) return this.refuse(at, this.expectedArgument())
        this.startMark(at, this.argumentMarkers, 'mark')
        return 1
      case 'mark':
        return this.readMark(code, at)
      case 'key':
        return this.readKey(code, at)
      case 'between':
        return this.readBetween(code, at)
      case 'between-mark':
        return this.readBetweenMark(code, at)
      case 'value':
        this.startMark(at, this.valueMarkers, 'value-mark')
        return 1
      case 'value-mark':
        return this.readValueMark(code, at)
    }
  }

  private readMark(code: number, at: number): 0 | 1 {
    const step = this.matcher.step(code)
    if (step === 'partial') return 1
    if (step === 'none') return this.refuse(this.markStart, this.expectedArgument())
    if (step.marker !== this.notation.open) return this.finish(step.marker)
    const keySpan = { start: at + 1, end: at + 1 }
    this.open = { start: this.markStart, key: '', keySpan, kind: null, valueStart: NONE }
    this.step = 'key'
    return 1
  }

  private readKey(code: number, at: number): 0 | 1 {
    const { open } = this
    if (open === null) return 1
    const { start } = open.keySpan
    if (this.keyEnds.includes(code)) {
      open.keySpan = { start, end: at }
      open.key = this.source.slice(start, at).trim()
      this.piece = 0
      this.step = 'between'
      return 0
    }
    return this.refuse(at, `the name of an argument, then ${this.expectedPiece(0)}`)
  }

  /** Before one of the pieces between key and value. */
  private readBetween(code: number, at: number): 0 | 1 {
    if (isJsonSpace(code)) return 1
    const texts = (this.notation.pieces[this.piece] ?? []).map(({ text }) => text)
    this.markStart = at
    this.matcher.start(texts)
    this.step = 'between-mark'
    return 0
  }

  private readBetweenMark(code: number, at: number): 0 | 1 {
    const { open } = this
    const step = this.matcher.step(code)
    if (step === 'partial') return 1
    if (step === 'none' || open === null)
      return this.refuse(this.markStart, this.expectedPiece(this.piece))
    const pieces = this.notation.pieces[this.piece]
    open.kind = pieces?.find(({ text }) => text === step.marker)?.kind ?? open.kind
    this.piece += 1
    this.step = 'between'
    if (this.piece === this.notation.pieces.length) {
      open.valueStart = at + 1
      this.step = 'value'
    }
    return 1
  }

  private readValueMark(code: number, at: number): 0 | 1 {
    const step = this.matcher.step(code)
    if (step === 'partial') return 1
    if (step === 'none') {
      this.step = 'value'
      return 0
    }
    if (step.marker !== this.notation.close)
      return this.refuse(this.markStart, `"${this.notation.close}"`)
    return this.closeValue(at + 1)
  }

  private closeValue(end: number): 0 | 1 {
    const { open, notation } = this
    if (open === null) return 1
    const valueSpan = notation.isPadded
      ? withoutPadding(this.source, open.valueStart, this.markStart)
      : { start: open.valueStart, end: this.markStart }
    const { key, keySpan, kind, start } = open
    if (kind === 'json' && jsonOf(this.source.slice(valueSpan.start, valueSpan.end)) === undefined)
      return this.refuse(valueSpan.start, 'a JSON value, because the tag says that it is no string')
    this.done.push({ key, keySpan, span: { start, end }, valueSpan, kind, isComplete: true })
    this.open = null
    this.step = 'argument'
    return 1
  }

  private finish(closer: string): 1 {
    this.closer = closer
    this.closerStart = this.markStart
    this.state = 'done'
    return 1
  }

  private startMark(at: number, markers: readonly string[], step: State): void {
    this.markStart = at
    this.matcher.start(markers)
    this.matcher.step(LESS)
    this.step = step
  }

  private expectedArgument(): string {
    return this.argumentMarkers.map((text) => `"${text}"`).join(' or ')
  }

  private expectedPiece(piece: number): string {
    return (this.notation.pieces[piece] ?? []).map(({ text }) => `"${text}"`).join(' or ')
  }

  private refuse(at: number, expected: string): 0 {
    this.state = 'invalid'
    this.invalidAt = at
    this.expected = expected
    return 0
  }
}

/** The value of one argument, by its tag or by the tool's schema. */
export function taggedValue(
  { key, kind, valueSpan }: TaggedArgument,
  source: TextSource,
  parameters: JsonObject | null,
): JsonValue {
  const text = valueSpan ? source.slice(valueSpan.start, valueSpan.end) : ''
  if (kind === 'text') return text
  const value = kind === 'json' ? jsonOf(text) : undefined
  return value === undefined ? typedText(text, key, parameters) : value
}

export function taggedObject(
  args: readonly TaggedArgument[],
  source: TextSource,
  parameters: JsonObject | null,
): JsonObject {
  return Object.fromEntries(
    args.map((argument) => [argument.key, taggedValue(argument, source, parameters)]),
  )
}

type Piece = { readonly text: string; readonly kind: TaggedArgument['kind'] }

type TaggedShape = {
  readonly open: string
  /** What stands between key and value, white space apart, with its alternatives. */
  readonly pieces: readonly (readonly Piece[])[]
  readonly close: string
  /** One line break after the opening tag and one before the closing tag are no part of the value. */
  readonly isPadded: boolean
}

function shapeOf({ before, between, betweenJson, after }: TaggedNotation): TaggedShape {
  const text = between.trim().split(/\s+/)
  const json = betweenJson?.trim().split(/\s+/)
  const pieces = text.map((piece, index): readonly Piece[] => {
    const other = json?.[index]
    if (other === undefined || other === piece) return [{ text: piece, kind: null }]
    return [
      { text: piece, kind: 'text' },
      { text: other, kind: 'json' },
    ]
  })
  return { open: before.trim(), pieces, close: after.trim(), isPadded: between.endsWith('\n') }
}

function withoutPadding(source: TextSource, from: number, to: number): Span {
  const start = source.slice(from, Math.min(from + 1, to)) === '\n' ? from + 1 : from
  const end = to > start && source.slice(to - 1, to) === '\n' ? to - 1 : to
  return { start, end }
}
