import type { JsonValue } from '../lib/json.ts'
import { MAX_DEPTH, TreeBuilder } from './argument-tree.ts'
import { isJsonSpace } from './json-scanner.ts'
import { MarkerMatcher } from './marker-matcher.ts'

type State =
  | 'start'
  | 'key-or-end'
  | 'key'
  | 'colon'
  | 'value'
  | 'item-or-end'
  | 'comma-or-end'
  | 'word'
  /** In the tag that opens a string. */
  | 'tag'
  | 'string'
  /** In what may be the tag that closes a string. */
  | 'closing'

const LESS = 0x3c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
export const ESCAPE = '<escape>'
const TAGS = [ESCAPE]

const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
  // What the template prints, in Python, for what is no string, number, boolean, list or object.
  ['None', null],
  ['True', true],
  ['False', false],
])
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/

/**
 * Reads the arguments of a FunctionGemma call, braces included: `{key:<escape>text<escape>,n:5,list:[…],object:{…}}`.
 *
 * Character by character, so any chunking gives the same. A string holds anything but its own tag.
 * Source: the chat template of google/functiongemma-270m-it (`format_argument`).
 */
export class GemmaArguments {
  state: 'open' | 'done' | 'invalid' = 'open'
  invalidAt = 0
  expected = ''
  readonly isInString = false
  readonly tree = new TreeBuilder()
  private step: State = 'start'
  private isKey = false
  private tokenStart = 0
  private text = ''
  private markStart = 0
  private readonly matcher = new MarkerMatcher()

  /** Reads on from `from` in a chunk at offset `base`; returns the index of the first unread character. */
  read(chunk: string, from: number, base: number): number {
    let index = from
    while (index < chunk.length && this.state === 'open') {
      if (this.step === 'string') {
        const found = chunk.indexOf('<', index)
        const end = found === -1 ? chunk.length : found
        this.text += chunk.slice(index, end)
        index = end
        if (index === chunk.length) break
      }
      index += this.readOne(chunk, index, base + index)
    }
    return index
  }

  private readOne(chunk: string, index: number, at: number): number {
    const code = chunk.charCodeAt(index)
    switch (this.step) {
      case 'tag':
        return this.readTag(code)
      case 'string':
        this.markStart = at
        this.startMatch(code)
        return this.go('closing')
      case 'closing':
        return this.readClosing(code, at)
      case 'word':
        return this.readWord(chunk, index, at)
      case 'key':
        return this.readKey(chunk, index)
      default:
        return isJsonSpace(code) ? 1 : this.readStructure(code, at)
    }
  }

  private readStructure(code: number, at: number): 0 | 1 {
    switch (this.step) {
      case 'start':
        if (code !== OPEN_BRACE) return this.refuse(at, '"{"')
        this.tree.open('object', at)
        return this.go('key-or-end')
      case 'key-or-end':
        if (code === CLOSE_BRACE) return this.close(at)
        if (code === LESS) return this.startTag(at, true)
        if (endsKey(code)) return this.refuse(at, 'a key or "}"')
        this.tokenStart = at
        this.text = ''
        return this.go('key', 0)
      case 'colon':
        return code === COLON ? this.go('value') : this.refuse(at, '":"')
      case 'item-or-end':
        return code === CLOSE_BRACKET ? this.close(at) : this.startValue(code, at)
      case 'comma-or-end': {
        const closer = this.tree.kind === 'array' ? CLOSE_BRACKET : CLOSE_BRACE
        if (code === COMMA) return this.go(this.tree.kind === 'array' ? 'value' : 'key-or-end')
        if (code === closer) return this.close(at)
        return this.refuse(at, `"," or "${String.fromCharCode(closer)}"`)
      }
      default:
        return this.startValue(code, at)
    }
  }

  private startValue(code: number, at: number): 0 | 1 {
    if (code === LESS) return this.startTag(at, false)
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (this.tree.depth >= MAX_DEPTH)
        return this.refuse(at, `at most ${MAX_DEPTH} levels of nesting`)
      this.tree.open(code === OPEN_BRACE ? 'object' : 'array', at)
      return this.go(code === OPEN_BRACE ? 'key-or-end' : 'item-or-end')
    }
    if (endsWord(code)) return this.refuse(at, `a value: ${ESCAPE}, a number, true, false or null`)
    this.tokenStart = at
    this.text = ''
    this.tree.begin(at)
    return this.go('word', 0)
  }

  private readKey(chunk: string, from: number): number {
    let end = from
    while (end < chunk.length && !endsKey(chunk.charCodeAt(end))) end += 1
    this.text += chunk.slice(from, end)
    if (end > from) return end - from
    const key = this.text.trimEnd()
    this.tree.key(key, { start: this.tokenStart, end: this.tokenStart + key.length })
    return this.go('colon', 0)
  }

  private readWord(chunk: string, from: number, at: number): number {
    let wordEnd = from
    while (wordEnd < chunk.length && !endsWord(chunk.charCodeAt(wordEnd))) wordEnd += 1
    this.text += chunk.slice(from, wordEnd)
    if (wordEnd > from) return wordEnd - from
    const value = WORDS.has(this.text) ? WORDS.get(this.text) : numberOf(this.text)
    if (value === undefined)
      return this.refuse(
        this.tokenStart,
        `a value: text between ${ESCAPE}, a number, true, false or null`,
      )
    this.tree.finish(value, at)
    return this.go('comma-or-end', 0)
  }

  private startTag(at: number, isKey: boolean): 1 {
    this.tokenStart = at
    this.isKey = isKey
    this.text = ''
    this.startMatch(LESS)
    return this.go('tag')
  }

  private readTag(code: number): 0 | 1 {
    const step = this.matcher.step(code)
    if (step === 'partial') return 1
    if (step === 'none') return this.refuse(this.tokenStart, ESCAPE)
    if (!this.isKey) this.tree.begin(this.tokenStart)
    return this.go('string')
  }

  private readClosing(code: number, at: number): 0 | 1 {
    const step = this.matcher.step(code)
    if (step === 'partial') return 1
    if (step === 'none') {
      this.text += ESCAPE.slice(0, at - this.markStart)
      return this.go('string', 0)
    }
    if (this.isKey) {
      this.tree.key(this.text, { start: this.tokenStart, end: at + 1 })
      return this.go('colon')
    }
    this.tree.finish(this.text, at + 1)
    return this.go('comma-or-end')
  }

  private startMatch(code: number): void {
    this.matcher.start(TAGS)
    this.matcher.step(code)
  }

  private close(at: number): 1 {
    this.tree.close(at + 1)
    if (this.tree.depth === 0) this.state = 'done'
    return this.go('comma-or-end')
  }

  private go(step: State, read: 0): 0
  private go(step: State): 1
  private go(step: State, read: 0 | 1 = 1): 0 | 1 {
    this.step = step
    return read
  }

  private refuse(at: number, expected: string): 0 {
    this.state = 'invalid'
    this.invalidAt = at
    this.expected = expected
    return 0
  }
}

function numberOf(word: string): number | undefined {
  const value = NUMBER.test(word) ? Number(word) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}

function endsKey(code: number): boolean {
  return code !== COLON ? endsWord(code) && !isJsonSpace(code) : true
}

function endsWord(code: number): boolean {
  switch (code) {
    case LESS:
    case COMMA:
    case OPEN_BRACKET:
    case CLOSE_BRACKET:
    case OPEN_BRACE:
    case CLOSE_BRACE:
      return true
    default:
      return isJsonSpace(code)
  }
}
