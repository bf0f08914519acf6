import type { Span } from '../lib/span.ts'
import type { OutputState } from './output-state.ts'

/** What stands between a container's marker and the arguments: the name, and what goes with it. */
export type CallHead = {
  /** Texts that end it. A `{` ends it too. */
  readonly ends: readonly string[]
  /** Characters that no head has: with one of them, marker and head are prose. */
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

/** Reads a head with a pattern, whose first group is the name. */
export function nameBy(pattern: RegExp): CallHead['read'] {
  const indexed = new RegExp(pattern, 'd')
  return (head) => {
    const match = indexed.exec(head)
    const name = match?.[1]
    const at = match?.indices?.[1]?.[0]
    return name === undefined || at === undefined ? null : { type: 'call', name, at }
  }
}

/** Reads one character, `code` at offset `at`, and returns 1; or 0 when another mode is to read it. */
export function readHead(state: OutputState, code: number, at: number): 0 | 1 {
  const head = state.container?.head
  if (!head) return 0
  const isBlank = state.headText.trimEnd() === state.container?.open
  const character = String.fromCharCode(code)
  const isRefused = head.refuses?.test(character) === true
  if (isBlank && !isRefused && (code === OPEN_BRACE || code === OPEN_BRACKET)) {
    // Name and arguments in one JSON value, as in the family's other versions.
    state.mode = 'body'
    return 0
  }
  if (code === OPEN_BRACE && !isRefused) {
    finishHead(state, head, at)
    return 0
  }
  const text = state.headText + character
  if (head.ends.some((end) => text.endsWith(end))) {
    state.headText = text
    finishHead(state, head, at + 1)
    return 1
  }
  if (isRefused || text.length > MAX_HEAD_LENGTH) {
    refuseHead(state, head, at)
    return 0
  }
  state.headText = text
  return 1
}

function finishHead(state: OutputState, head: CallHead, end: number): void {
  const meaning = head.read(state.headText)
  if (meaning === null) {
    refuseHead(state, head, end)
  } else if (meaning.type === 'call') {
    const start = end - state.headText.length + meaning.at
    state.known = { name: meaning.name, span: { start, end: start + meaning.name.length } }
    state.contentStart = end
    state.mode = 'body'
  } else {
    state.container = null
    state.switchTo(meaning.type, end)
  }
}

function refuseHead(state: OutputState, head: CallHead, at: number): void {
  if (state.headText === '') {
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
  return (
    state.headText === '' ||
    state.container?.head?.refuses !== undefined ||
    state.isTalkedAbout(end)
  )
}
