import type { JsonValue } from '../lib/json.ts'
import { MAX_DEPTH, TreeBuilder } from './argument-tree.ts'
import { isJsonSpace } from './json-scanner.ts'

type State =
  | 'start'
  /** A key, or the end of the arguments. */
  | 'argument'
  | 'key'
  | 'equals'
  | 'value'
  | 'item-or-end'
  | 'dict-key'
  | 'colon'
  | 'comma-or-end'
  | 'word'
  /** After one quote, and after two: an empty string or a triple quote. */
  | 'quote'
  | 'two-quotes'
  | 'string'
  | 'escape'
  | 'octal'
  | 'hex'

type Purpose = 'value' | 'dict-key' | 'argument-key'

const BACKSLASH = 0x5c
const NEWLINE = 0x0a
const SINGLE = 0x27
const DOUBLE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const EQUALS = 0x3d
const OPEN_PAREN = 0x28
const CLOSE_PAREN = 0x29
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['True', true],
  ['False', false],
  ['None', null],
  // JSON's names, which models mix up and no Python of their own could mean.
  ['true', true],
  ['false', false],
  ['null', null],
])
const NUMBER = /^[-+]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?$/
const HEX_NUMBER = /^[-+]?0[xX][\dA-Fa-f]+$/
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['a', '\u0007'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['\n', ''],
])
const HEX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
])
const MAX_CODE_POINT = 0x10ffff

/**
 * Reads the arguments of a Python call, parentheses included: keywords with literals, as `ast.literal_eval` takes them.
 *
 * Character by character, so any chunking gives the same. Tuples are lists. Positional arguments and anything that
 * would have to be run are refused.
 * Reference: https://docs.python.org/3/reference/lexical_analysis.html#literals
 */
export class PythonArguments {
  state: 'open' | 'done' | 'invalid' = 'open'
  /** Where it went wrong, and what was expected there. */
  invalidAt = 0
  expected = ''
  isInString = false
  /** The first argument has its `=`, so this can be nothing but a call. */
  hasArgument = false
  readonly tree = new TreeBuilder()
  private step: State = 'start'
  private purpose: Purpose = 'value'
  private tokenStart = 0
  private text = ''
  private quote = DOUBLE
  private isTriple = false
  private quotesSeen = 0
  private digits = ''
  private digitsLeft = 0

  /** Reads on from `from` in a chunk at offset `base`; returns the index of the first unread character. */
  read(chunk: string, from: number, base: number): number {
    let index = from
    while (index < chunk.length && this.state === 'open') {
      if (this.step === 'string') {
        const start = index
        index = this.skipPlain(chunk, index)
        if (index > start) this.addText(chunk.slice(start, index))
        if (index === chunk.length) break
      }
      index += this.readOne(chunk, index, base + index)
    }
    return index
  }

  /** Returns how many characters it has read: none when another state is to read on. */
  private readOne(chunk: string, index: number, at: number): number {
    const code = chunk.charCodeAt(index)
    switch (this.step) {
      case 'string':
        return this.readString(code, at)
      case 'word':
        return this.readWord(chunk, index, at)
      case 'quote':
        return this.readQuote(code)
      case 'two-quotes':
        return this.readTwoQuotes(code, at)
      case 'escape':
        return this.readEscape(chunk.charAt(index), at)
      case 'hex':
        return this.readHex(chunk.charAt(index), at)
      case 'octal':
        return this.readOctal(chunk.charAt(index))
      case 'key':
        return this.readKey(chunk, index, at)
      default:
        return isJsonSpace(code) ? 1 : this.readStructure(code, at)
    }
  }

  private readStructure(code: number, at: number): 0 | 1 {
    switch (this.step) {
      case 'start':
        if (code !== OPEN_PAREN) return this.refuse(at, '"("')
        this.tree.open('object', at)
        return this.go('argument')
      case 'argument':
        if (code === CLOSE_PAREN) return this.close(at)
        return this.startKey(code, at)
      case 'equals':
        if (code !== EQUALS)
          return this.refuse(this.tokenStart, 'the name of an argument and "=" before its value')
        this.hasArgument = true
        return this.go('value')
      case 'dict-key':
        if (code === CLOSE_BRACE) return this.close(at)
        if (!isQuote(code)) return this.refuse(at, 'a quoted key or "}"')
        return this.startString(code, at, 'dict-key')
      case 'colon':
        return code === COLON ? this.go('value') : this.refuse(at, '":"')
      case 'item-or-end':
        return code === this.closer() ? this.close(at) : this.startValue(code, at)
      case 'comma-or-end':
        if (code === COMMA) {
          this.tree.comma()
          return this.go(this.afterComma())
        }
        if (code === this.closer()) return this.close(at)
        return this.refuse(at, `"," or "${String.fromCharCode(this.closer())}"`)
      default:
        return this.startValue(code, at)
    }
  }

  private startKey(code: number, at: number): 0 | 1 {
    if (isQuote(code)) return this.startString(code, at, 'argument-key')
    if (endsWord(code)) return this.refuse(at, 'the name of an argument or ")"')
    this.tokenStart = at
    this.text = ''
    return this.go('key', 0)
  }

  private readKey(chunk: string, index: number, at: number): number {
    if (!endsWord(chunk.charCodeAt(index))) return this.readRun(chunk, index)
    this.tree.key(this.text, { start: this.tokenStart, end: at })
    return this.go('equals', 0)
  }

  private startValue(code: number, at: number): 0 | 1 {
    if (isQuote(code)) return this.startString(code, at, 'value')
    const kind =
      code === OPEN_BRACE
        ? 'object'
        : code === OPEN_BRACKET
          ? 'array'
          : code === OPEN_PAREN
            ? 'group'
            : null
    if (kind !== null) {
      if (this.tree.depth >= MAX_DEPTH)
        return this.refuse(at, `at most ${MAX_DEPTH} levels of nesting`)
      this.tree.open(kind, at)
      return this.go(kind === 'object' ? 'dict-key' : 'item-or-end')
    }
    if (endsWord(code)) return this.refuse(at, 'a value')
    this.tokenStart = at
    this.text = ''
    this.tree.begin(at)
    return this.go('word', 0)
  }

  private readWord(chunk: string, index: number, at: number): number {
    if (!endsWord(chunk.charCodeAt(index))) return this.readRun(chunk, index)
    const value = wordValue(this.text)
    if (value === undefined)
      return this.refuse(this.tokenStart, 'a value: text in quotes, a number, True, False or None')
    this.tree.finish(value, at)
    return this.go('comma-or-end', 0)
  }

  private readRun(chunk: string, from: number): number {
    let end = from + 1
    while (end < chunk.length && !endsWord(chunk.charCodeAt(end))) end += 1
    this.text += chunk.slice(from, end)
    return end - from
  }

  private startString(code: number, at: number, purpose: Purpose): 1 {
    this.purpose = purpose
    this.tokenStart = at
    this.text = ''
    this.quote = code
    this.isTriple = false
    this.quotesSeen = 0
    if (purpose === 'value') this.tree.begin(at)
    return this.go('quote')
  }

  private readQuote(code: number): 0 | 1 {
    if (code === this.quote) return this.go('two-quotes')
    return this.go('string', 0)
  }

  private readTwoQuotes(code: number, at: number): 0 | 1 {
    if (code !== this.quote) {
      this.endString(at)
      return 0
    }
    this.isTriple = true
    return this.go('string')
  }

  private readString(code: number, at: number): 0 | 1 {
    if (code === BACKSLASH) {
      this.addText('')
      return this.go('escape')
    }
    if (code === this.quote) {
      this.quotesSeen += 1
      if (!this.isTriple || this.quotesSeen === 3) this.endString(at + 1)
      return 1
    }
    if (code === NEWLINE && !this.isTriple)
      return this.refuse(at, 'the closing quote or \\n, because a string holds no raw line break')
    this.addText(String.fromCharCode(code))
    return 1
  }

  private readEscape(character: string, at: number): 0 | 1 {
    const length = HEX_LENGTHS.get(character)
    if (length !== undefined) {
      this.digits = ''
      this.digitsLeft = length
      return this.go('hex')
    }
    if (isOctal(character)) {
      this.digits = ''
      return this.go('octal', 0)
    }
    if (character === 'N') return this.refuse(at, 'an escape that needs no table of names')
    // As in Python, the backslash stays before a character that it does not escape.
    this.addText(ESCAPED.get(character) ?? `\\${character}`)
    return this.go('string')
  }

  private readHex(character: string, at: number): 0 | 1 {
    if (!/[\dA-Fa-f]/.test(character)) return this.refuse(at, 'a hexadecimal digit of the escape')
    this.digits += character
    this.digitsLeft -= 1
    if (this.digitsLeft > 0) return 1
    const code = Number.parseInt(this.digits, 16)
    if (code > MAX_CODE_POINT) return this.refuse(at, 'a code point up to 10FFFF')
    this.addText(String.fromCodePoint(code))
    return this.go('string')
  }

  private readOctal(character: string): 0 | 1 {
    if (this.digits.length < 3 && isOctal(character)) {
      this.digits += character
      return 1
    }
    this.addText(String.fromCharCode(Number.parseInt(this.digits, 8)))
    return this.go('string', 0)
  }

  private endString(end: number): void {
    const { purpose, text, tokenStart } = this
    this.text = ''
    if (purpose === 'value') {
      this.tree.finish(text, end)
      this.step = 'comma-or-end'
    } else {
      this.tree.key(text, { start: tokenStart, end })
      this.step = purpose === 'dict-key' ? 'colon' : 'equals'
    }
  }

  /** Quotes inside a triple-quoted string are text once something else follows. */
  private addText(text: string): void {
    if (this.quotesSeen > 0) this.text += String.fromCharCode(this.quote).repeat(this.quotesSeen)
    this.quotesSeen = 0
    this.text += text
  }

  private close(at: number): 1 {
    this.tree.close(at + 1)
    if (this.tree.depth === 0) this.state = 'done'
    return this.go('comma-or-end')
  }

  private closer(): number {
    if (this.tree.kind === 'array') return CLOSE_BRACKET
    return this.tree.kind === 'group' || this.tree.depth === 1 ? CLOSE_PAREN : CLOSE_BRACE
  }

  private afterComma(): State {
    if (this.tree.kind !== 'object') return 'item-or-end'
    return this.tree.depth === 1 ? 'argument' : 'dict-key'
  }

  private skipPlain(chunk: string, from: number): number {
    let index = from
    for (; index < chunk.length; index += 1) {
      const code = chunk.charCodeAt(index)
      if (code === this.quote || code === BACKSLASH || code === NEWLINE) break
    }
    return index
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
    this.isInString = this.step === 'string' || this.step === 'hex' || this.step === 'escape'
    return 0
  }
}

function wordValue(word: string): JsonValue | undefined {
  if (WORDS.has(word)) return WORDS.get(word)
  const plain = word.replaceAll('_', '')
  if (HEX_NUMBER.test(word)) return Number.parseInt(plain.replace(/0[xX]/, ''), 16)
  const value = NUMBER.test(word) ? Number(plain) : Number.NaN
  // JSON has no infinity.
  return Number.isFinite(value) ? value : undefined
}

function isQuote(code: number): boolean {
  return code === SINGLE || code === DOUBLE
}

function isOctal(character: string): boolean {
  return character >= '0' && character <= '7'
}

/** 1 for each code that ends a word. */
const ENDS_WORD = new Uint8Array(0x80)
for (const character of ',:=\'"()[]{} \t\r\n') ENDS_WORD[character.charCodeAt(0)] = 1

function endsWord(code: number): boolean {
  return ENDS_WORD[code] === 1
}
