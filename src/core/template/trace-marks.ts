import { partKey, type PromptPart } from './prompt-part.ts'

/** Private-use characters that frame a mark. */
type MarkCharacters = { readonly open: string; readonly split: string; readonly close: string }

const FIRST_MARK = 0xe1a0
const LAST_PRIVATE_USE = 0xf8ff

/** The first of the kinds below is the first digit of a mark: digits survive a change of case. */
const STATEMENT = 1
const ITERATION = 2
const CHOICE = 3
const LOOP_END = 4
const TEXT_START = 5
const TEXT_END = 6

/** A text that was given to the template, where it stands in the prompt. */
export type TracedText = {
  readonly part: PromptPart
  readonly kind: 'content' | 'name' | 'added'
  readonly start: number
  readonly end: number
  /** The template prints it as it was given, but for white space around it. */
  readonly isVerbatim: boolean
}

/** What one statement printed, once. */
export type TracedChunk = {
  readonly statement: number | null
  /** The message, result, call or tool that the loop was at. */
  readonly part: PromptPart | null
  readonly start: number
  readonly end: number
}

export type Trace = {
  /** The text without marks. */
  readonly text: string
  readonly chunks: readonly TracedChunk[]
  readonly texts: readonly TracedText[]
}

type GivenText = {
  readonly part: PromptPart
  readonly kind: TracedText['kind']
  readonly text: string
}

/** Writes marks, and remembers what they stand for. */
export type TraceMarks = {
  readonly characters: MarkCharacters
  readonly statement: (node: number) => string
  readonly iteration: (loop: number, part: PromptPart | null) => string
  readonly choice: (part: PromptPart | null) => string
  readonly loopEnd: (loop: number) => string
  readonly content: (part: PromptPart, text: string) => string
  readonly name: (part: PromptPart, text: string) => string
  readonly added: (text: string) => string
  readonly partAt: (index: number) => PromptPart | null
  readonly givenAt: (index: number) => GivenText | null
}

/** Marks that cannot be mistaken for a character of `text`. */
export function createMarks(text: string): TraceMarks {
  const parts: PromptPart[] = []
  const given: GivenText[] = []
  const indexByKey = new Map<string, number>()
  const characters = charactersNotIn(text)
  const { open, split, close } = characters
  const mark = (kind: number, ...numbers: readonly number[]) =>
    open + kind + numbers.map((number) => split + number).join('') + close

  function indexOf(part: PromptPart | null): number {
    if (!part) return -1
    const key = partKey(part)
    const known = indexByKey.get(key)
    if (known !== undefined) return known
    indexByKey.set(key, parts.length)
    return parts.push(part) - 1
  }

  /** Inside the white space around a text, so that a template that trims does what it would do without marks. */
  function around(entry: GivenText): string {
    const inner = entry.text.trim()
    if (inner === '') return entry.text
    const [before, after] = edges(entry.text)
    const index = given.push({ ...entry, text: inner }) - 1
    return before + mark(TEXT_START, index) + inner + mark(TEXT_END, index) + after
  }

  return {
    characters,
    statement: (node) => mark(STATEMENT, node),
    iteration: (loop, part) => mark(ITERATION, loop, indexOf(part)),
    choice: (part) => (part ? mark(CHOICE, indexOf(part)) : ''),
    loopEnd: (loop) => mark(LOOP_END, loop),
    content: (part, text) => around({ part, kind: 'content', text }),
    name: (part, text) => around({ part, kind: 'name', text }),
    added: (text) => {
      if (text === '') return ''
      const index = given.push({ part: { type: 'instruction' }, kind: 'added', text }) - 1
      return mark(TEXT_START, index) + text + mark(TEXT_END, index)
    },
    partAt: (index) => parts[index] ?? null,
    givenAt: (index) => given[index] ?? null,
  }
}

function edges(text: string): readonly [string, string] {
  const start = text.length - text.trimStart().length
  return [text.slice(0, start), text.slice(text.trimEnd().length)]
}

function charactersNotIn(text: string): MarkCharacters {
  let code = FIRST_MARK
  const characters = () =>
    [0, 1, 2].map((offset) => String.fromCharCode(code + offset)) as [string, string, string]
  while (code + 2 < LAST_PRIVATE_USE && characters().some((character) => text.includes(character)))
    code += 3
  const [open, split, close] = characters()
  return { open, split, close }
}

type TextEnd = {
  readonly index: number
  readonly start: number | null
  readonly end: number | null
}

type Frame = { readonly loop: number; part: PromptPart | null; isChosen: boolean }

/** Takes the marks out of a marked text and tells what they say. Linear in its length. */
export function readMarks(marked: string, marks: TraceMarks): Trace {
  const { open, split, close } = marks.characters
  const chunks: TracedChunk[] = []
  const ends: TextEnd[] = []
  const started = new Map<number, number[]>()
  const frames: Frame[] = []
  const pieces: string[] = []
  let length = 0
  let statement: number | null = null
  let chunkStart = 0

  const partNow = () => frames.findLast(({ part }) => part !== null)?.part ?? null

  function endChunk(): void {
    if (length > chunkStart) {
      chunks.push({ statement, part: partNow(), start: chunkStart, end: length })
    }
    chunkStart = length
  }

  function popTo(loop: number): void {
    const at = frames.findLastIndex((frame) => frame.loop === loop)
    if (at >= 0) frames.length = at
  }

  function take(numbers: readonly number[]): void {
    const [kind, first = 0, second = -1] = numbers
    if (kind === TEXT_START) {
      started.set(first, [...(started.get(first) ?? []), length])
      return
    }
    if (kind === TEXT_END) {
      const start = started.get(first)?.pop() ?? null
      ends.push({ index: first, start, end: length })
      return
    }
    endChunk()
    if (kind === STATEMENT) statement = first
    else if (kind === ITERATION) {
      popTo(first)
      const part = marks.partAt(second)
      frames.push({ loop: first, part, isChosen: part !== null })
    } else if (kind === LOOP_END) {
      popTo(first)
      statement = null
    } else if (kind === CHOICE) {
      const frame = frames.at(-1)
      if (frame && !frame.isChosen)
        Object.assign(frame, { part: marks.partAt(first), isChosen: true })
    }
  }

  let at = 0
  for (;;) {
    const next = marked.indexOf(open, at)
    const piece = marked.slice(at, next < 0 ? marked.length : next)
    pieces.push(piece)
    length += piece.length
    if (next < 0) break
    const end = marked.indexOf(close, next)
    if (end < 0) break
    take(
      marked
        .slice(next + 1, end)
        .split(split)
        .map(Number),
    )
    at = end + 1
  }
  endChunk()
  for (const [index, starts] of started) {
    for (const start of starts) ends.push({ index, start, end: null })
  }
  const text = pieces.join('')
  const texts = ends
    .toSorted((a, b) => (a.start ?? a.end ?? 0) - (b.start ?? b.end ?? 0))
    .flatMap(({ index, start, end }) => {
      const given = marks.givenAt(index)
      return given ? [placeText(text, given, { start, end })] : []
    })
  return { text, chunks, texts }
}

/** A template that cuts a text off takes one of its marks away: then as much as is still there counts. */
function placeText(text: string, given: GivenText, place: Omit<TextEnd, 'index'>): TracedText {
  const { part, kind } = given
  const { start, end } = place
  if (start !== null && end !== null) {
    return { part, kind, start, end, isVerbatim: text.slice(start, end) === given.text }
  }
  if (end !== null) {
    const kept = commonEnd(text.slice(0, end), given.text)
    return { part, kind, start: end - kept, end, isVerbatim: false }
  }
  const from = start ?? 0
  const kept = commonStart(text.slice(from), given.text)
  return { part, kind, start: from, end: from + kept, isVerbatim: false }
}

export function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let length = 0
  while (length < most && a[length] === b[length]) length += 1
  return length
}

export function commonEnd(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let length = 0
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1
  return length
}
