import type { JsonValue } from '../lib/json.ts'
import type { Span } from '../lib/span.ts'
import { JsonScanner } from './json-scanner.ts'

/** One entry of an object that may still be written. Spans are offsets into the text it was read from. */
export type PartialEntry = {
  readonly key: string
  /** With its quotes. */
  readonly keySpan: Span
  /** Empty, at the end of the text, until the value begins; up to the end of the text when it is broken. */
  readonly valueSpan: Span
  /** Undefined while the value is incomplete; `null` is a value. */
  readonly value: JsonValue | undefined
  readonly complete: boolean
}

/**
 * The top-level entries of a JSON object, complete, unfinished or broken, in the order they stand there.
 *
 * Reads up to the end or the first error; an entry appears once its key is complete. A string that holds an object
 * (OpenAI's way to write arguments) is read as that object, its spans being those of the escaped characters. Any other
 * text has no entries.
 */
export function partialEntries(text: string): readonly PartialEntry[] {
  const unescaped = unescapeObject(text)
  const source = unescaped?.text ?? text
  const toOuter = (span: Span) => (unescaped ? outerSpan(unescaped, span) : span)
  return membersOf(source, { start: 0, end: source.length }).flatMap(
    ({ key, keySpan, span, isComplete }) => {
      if (key === null) return []
      const value: JsonValue | undefined = isComplete
        ? JSON.parse(source.slice(span.start, span.end))
        : undefined
      return [
        { key, keySpan: toOuter(keySpan), valueSpan: toOuter(span), value, complete: isComplete },
      ]
    },
  )
}

/**
 * The place of the value at a JSON Pointer (RFC 6901) in a complete JSON text, for marking it and for replacing it.
 *
 * Null when nothing is there. Of equal keys the last counts, as for `JSON.parse`. A string that holds an object is read
 * as in `partialEntries`.
 */
export function spanAtPointer(text: string, pointer: string): Span | null {
  const unescaped = pointer === '' ? null : unescapeObject(text)
  const span = findSpan(unescaped?.text ?? text, pointer)
  return span && unescaped ? outerSpan(unescaped, span) : span
}

/** The text with the value at a JSON Pointer replaced by `replacement`, itself JSON text; null when nothing is there. */
export function replaceAtPointer(
  text: string,
  pointer: string,
  replacement: string,
): string | null {
  const span = spanAtPointer(text, pointer)
  if (span === null) return null
  const isEscaped = pointer !== '' && unescapeObject(text) !== null
  const written = isEscaped ? JSON.stringify(replacement).slice(1, -1) : replacement
  return text.slice(0, span.start) + written + text.slice(span.end)
}

type Member = {
  /** Null for an array's. */
  readonly key: string | null
  readonly keySpan: Span
  readonly span: Span
  readonly isComplete: boolean
}

function findSpan(text: string, pointer: string): Span | null {
  let span = trimmed(text)
  for (const segment of pointer.split('/').slice(1)) {
    const token = segment.replaceAll('~1', '/').replaceAll('~0', '~')
    const members = membersOf(text, span)
    const member = members.findLast(({ key }, index) => (key ?? String(index)) === token)
    if (!member?.isComplete) return null
    span = member.span
  }
  return span
}

/** The members of the object or array that begins at `within.start`, as far as they are written and well formed. */
function membersOf(text: string, within: Span): readonly Member[] {
  const scanner = new JsonScanner(1)
  const chunk = text.slice(within.start, within.end)
  const members: Member[] = []
  const spanTo = (start: number, end: number) => ({
    start: within.start + start,
    end: within.start + end,
  })
  let key: { readonly text: string; readonly span: Span } | null = null
  let start = -1
  let index = 0
  while (index < chunk.length && !scanner.isDone) {
    index = scanner.run(chunk, index)
    if (scanner.event === 'invalid') {
      // What cannot be read is shown as the value it stands for.
      if (start === -1) start = index
      break
    }
    if (scanner.event === 'key-open') start = index - 1
    else if (scanner.event === 'key-close') {
      key = { text: String(JSON.parse(chunk.slice(start, index))), span: spanTo(start, index) }
      start = -1
    } else if (scanner.event === 'value-open') start = index - 1
    else if (scanner.event === 'value-close') {
      const span = spanTo(start, index)
      members.push({ key: key?.text ?? null, keySpan: key?.span ?? span, span, isComplete: true })
      key = null
      start = -1
    }
  }
  if (key) {
    const span = spanTo(start === -1 ? chunk.length : start, chunk.length)
    members.push({ key: key.text, keySpan: key.span, span, isComplete: false })
  }
  return members
}

type Unescaped = {
  readonly text: string
  /** For each character of `text`, and for its end, where it is written in the escaped text. */
  readonly offsets: readonly number[]
}

/** The object text in a JSON string that may be unfinished; null when `text` is no such string. */
function unescapeObject(text: string): Unescaped | null {
  const from = /^\s*"/.exec(text)?.[0].length
  if (from === undefined) return null
  let unescaped = ''
  const offsets: number[] = []
  let offset = from
  while (offset < text.length && text[offset] !== '"') {
    const length = text[offset] !== '\\' ? 1 : text[offset + 1] === 'u' ? 6 : 2
    const written = text.slice(offset, offset + length)
    if (written.length < length) break
    const character = length === 1 ? written : unescapeCharacter(written)
    if (character === null) break
    unescaped += character
    offsets.push(offset)
    offset += length
  }
  offsets.push(offset)
  return /^\s*\{/.test(unescaped) ? { text: unescaped, offsets } : null
}

function unescapeCharacter(escape: string): string | null {
  if (!/^\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})$/.test(escape)) return null
  return String(JSON.parse(`"${escape}"`))
}

function outerSpan({ offsets }: Unescaped, { start, end }: Span): Span {
  return { start: offsets[start] ?? 0, end: offsets[end] ?? 0 }
}

function trimmed(text: string): Span {
  const end = text.trimEnd().length
  return { start: Math.min(text.length - text.trimStart().length, end), end }
}
