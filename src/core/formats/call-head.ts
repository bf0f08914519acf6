import type { Span } from '../lib/span.ts'
import { isJsonSpace } from './json-scanner.ts'
import { firstCodes } from './marker-matcher.ts'
import type { OutputState } from './output-state.ts'

/** What stands between a container's marker and the arguments: the name, and what goes with it. */
export type CallHead = {
  /** Texts that end it. A `{` ends it too. */
  readonly ends: readonly string[]
  /** Characters that no head has, all others than ASCII included: with one of them, marker and head are prose. */
  readonly refuses?: RegExp
  /** What has to stand there, for people. */
  readonly expected: string
  /** What a head announces; it is given with its marker and its end. Null when it cannot be read. */
  read(head: string): HeadMeaning | null
}

export type HeadMeaning =
  | {
      readonly type: 'call'
      readonly name: string
      /** Where the name begins in the head. */
      readonly at: number
    }
  /** What follows is no call. */
  | { readonly type: 'text' | 'reasoning' }

/** The name of a call whose arguments are due. */
export type KnownName = { readonly name: string; readonly span: Span }

const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b
/** Longer than any name with its id: what goes on without an end is no head. */
const MAX_HEAD_LENGTH = 300

/** Reads a head with a pattern; its first group is what stands before the name, its second the name. */
export function nameBy(pattern: RegExp): CallHead['read'] {
  return (head) => {
    const [, before, name] = pattern.exec(head) ?? []
    return before === undefined || name === undefined
      ? null
      : { type: 'call', name, at: before.length }
  }
}

type HeadCodes = {
  /** With what an end ends, by character code. */
  readonly last: Uint8Array
  readonly refused: Uint8Array
}

const codesOfHeads = new WeakMap<CallHead, HeadCodes>()

function codesOf(head: CallHead): HeadCodes {
  const known = codesOfHeads.get(head)
  if (known) return known
  const last = firstCodes(head.ends.map((end) => end.slice(-1)))
  const refused = new Uint8Array(128)
  for (let code = 0; code < refused.length; code += 1) {
    if (head.refuses?.test(String.fromCharCode(code))) refused[code] = 1
  }
  const codes = { last, refused }
  codesOfHeads.set(head, codes)
  return codes
}

/** Reads on in a head from index `from` of a chunk, to its end; returns the next index. */
export function readHead(state: OutputState, chunk: string, from: number): number {
  const head = state.container?.head
  if (!head) return from
  const base = state.source.length - chunk.length
  const { last, refused } = codesOf(head)
  const mayRefuse = head.refuses !== undefined
  const limit = Math.min(chunk.length, state.headStart + MAX_HEAD_LENGTH - base)
  for (let index = from; index < limit; index += 1) {
    const code = chunk.charCodeAt(index)
    if (last[code] === 1 && finishesHead(state, head, base + index + 1)) return index + 1
    if (mayRefuse && (code > 127 || refused[code] === 1)) {
      refuseHead(state, head, base + index)
      return index
    }
    if (code === OPEN_BRACE || (code === OPEN_BRACKET && state.isHeadBlank)) {
      // Where no name stands before it: name and arguments in one JSON value, as in the family's other versions.
      if (state.isHeadBlank) state.mode = 'body'
      else finishHead(state, head, base + index)
      return index
    }
    if (!isJsonSpace(code)) state.isHeadBlank = false
  }
  if (limit < chunk.length) refuseHead(state, head, base + limit)
  return Math.max(limit, from)
}

function finishesHead(state: OutputState, head: CallHead, end: number): boolean {
  for (const text of head.ends) {
    const start = end - text.length
    if (start < state.contentStart) continue
    if (state.source.slice(start, end) !== text) continue
    finishHead(state, head, end)
    return true
  }
  return false
}

function finishHead(state: OutputState, head: CallHead, end: number): void {
  const meaning = head.read(state.source.slice(state.headStart, end))
  if (meaning === null) {
    refuseHead(state, head, end)
  } else if (meaning.type === 'call') {
    const start = state.headStart + meaning.at
    state.known = { name: meaning.name, span: { start, end: start + meaning.name.length } }
    state.contentStart = end
    state.mode = 'body'
  } else {
    state.container = null
    state.switchTo(meaning.type, end)
  }
}

function refuseHead(state: OutputState, head: CallHead, at: number): void {
  if (at === 0) {
    // The output did not begin with a head.
    state.container = null
    state.pending = -1
    state.mode = 'text'
  } else if (head.refuses || state.isTalkedAbout(at)) {
    state.container = null
    state.release(at)
  } else {
    state.startFailure(state.contentStart, head.expected)
    state.failureEnd = at
  }
}

/** The output ends in a head. True when that is prose. */
export function isHeadProse(state: OutputState, end: number): boolean {
  return end === 0 || state.container?.head?.refuses !== undefined || state.isTalkedAbout(end)
}
