/** Deeper arguments are refused: whoever walks the value later (validator, table) may recurse. */
const MAX_DEPTH = 1000

/**
 * What `run` stopped at.
 *
 * Members are the entries of the objects (or arrays) at `memberDepth`; elements are the values one level above.
 * An `-open` event comes with the first character, so it began at `returned index - 1`; `-close` ends at the returned
 * index. `chunk-end` means that more is needed, `root-close` that the outermost array is complete.
 */
export type ScanEvent =
  | 'chunk-end'
  | 'invalid'
  | 'element-open'
  | 'element-close'
  | 'key-open'
  | 'key-close'
  | 'value-open'
  | 'value-close'
  | 'root-close'

type State =
  | 'value'
  | 'value-or-end'
  | 'key-or-end'
  | 'key'
  | 'colon'
  | 'comma-or-end'
  | 'string'
  | 'escape'
  | 'hex'
  | 'literal'
  | 'minus'
  | 'zero'
  | 'integer'
  | 'point'
  | 'fraction'
  | 'exponent'
  | 'exponent-sign'
  | 'exponent-digits'
  | 'done'

/** 'inside': nothing to report; 'number-end': the character is not part of the number, look at it again. */
type Step = ScanEvent | 'inside' | 'number-end'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const COMMA = 0x2c
const COLON = 0x3a
const MINUS = 0x2d
const ESCAPES = '"\\/bfnrt'

/**
 * Reads one JSON value character by character, exactly the grammar of `JSON.parse`, and reports where the entries of one
 * level begin and end. It keeps a state, never the text, so any chunking gives the same events in linear time.
 */
export class JsonScanner {
  event: ScanEvent = 'chunk-end'
  private state: State = 'value'
  private stringIsKey = false
  private hexDigitsLeft = 0
  private literal = ''
  private literalIndex = 0
  private isTooDeep = false
  /** For each open container: is it an array? */
  private readonly stack: boolean[] = []
  private readonly memberDepth: number

  /** `memberDepth` 1 reports the entries of the root, 2 those of the root's elements. */
  constructor(memberDepth: number) {
    this.memberDepth = memberDepth
  }

  get isDone(): boolean {
    return this.state === 'done'
  }

  get isInString(): boolean {
    return this.state === 'string' || this.state === 'escape' || this.state === 'hex'
  }

  /** Reads on from `from` until something happens; sets `event` and returns the index to go on from. */
  run(chunk: string, from: number): number {
    let index = from
    this.event = 'chunk-end'
    while (index < chunk.length && this.state !== 'done') {
      if (this.state === 'string') {
        index = skipPlainCharacters(chunk, index)
        if (index === chunk.length) break
      }
      const step = this.step(chunk.charCodeAt(index))
      if (step === 'number-end') {
        const closed = this.closeValue()
        if (closed === 'inside') continue
        this.event = closed
        return index
      }
      if (step === 'invalid') {
        this.event = step
        return index
      }
      index += 1
      if (step !== 'inside') {
        this.event = step
        return index
      }
    }
    return index
  }

  /** After 'invalid': what could have stood there, for people. */
  expected(): string {
    if (this.isTooDeep) return `at most ${MAX_DEPTH} levels of nesting`
    switch (this.state) {
      case 'value':
        return 'a JSON value'
      case 'value-or-end':
        return 'a JSON value or "]"'
      case 'key-or-end':
        return 'a double-quoted key or "}"'
      case 'key':
        return 'a double-quoted key'
      case 'colon':
        return '":"'
      case 'comma-or-end':
      case 'zero':
      case 'integer':
      case 'fraction':
      case 'exponent-digits':
        return this.stack.at(-1) ? '"," or "]"' : '"," or "}"'
      case 'string':
        return 'an escape such as \\n, because a string may hold no raw control character'
      case 'escape':
        return 'one of " \\ / b f n r t u after the backslash'
      case 'hex':
        return 'four hexadecimal digits after \\u'
      case 'literal':
        return `"${this.literal}"`
      case 'exponent':
        return 'a digit or a sign'
      case 'minus':
      case 'point':
      case 'exponent-sign':
        return 'a digit'
      case 'done':
        return 'the end'
    }
  }

  private step(code: number): Step {
    switch (this.state) {
      case 'string':
        return this.stepString(code)
      case 'escape':
        return this.stepEscape(code)
      case 'hex':
        if (!isHexDigit(code)) return 'invalid'
        this.hexDigitsLeft -= 1
        return this.go(this.hexDigitsLeft === 0 ? 'string' : 'hex')
      case 'literal':
        if (code !== this.literal.charCodeAt(this.literalIndex)) return 'invalid'
        this.literalIndex += 1
        return this.literalIndex === this.literal.length ? this.closeValue() : 'inside'
      case 'minus':
        return isDigit(code) ? this.go(code === 0x30 ? 'zero' : 'integer') : 'invalid'
      case 'zero':
        return this.stepFraction(code)
      case 'integer':
        return isDigit(code) ? 'inside' : this.stepFraction(code)
      case 'point':
        return isDigit(code) ? this.go('fraction') : 'invalid'
      case 'fraction':
        if (isDigit(code)) return 'inside'
        return isExponentSign(code) ? this.go('exponent') : 'number-end'
      case 'exponent':
        if (code === MINUS || code === 0x2b) return this.go('exponent-sign')
        return isDigit(code) ? this.go('exponent-digits') : 'invalid'
      case 'exponent-sign':
        return isDigit(code) ? this.go('exponent-digits') : 'invalid'
      case 'exponent-digits':
        return isDigit(code) ? 'inside' : 'number-end'
      default:
        return isJsonSpace(code) ? 'inside' : this.stepStructure(code)
    }
  }

  private stepString(code: number): Step {
    if (code === BACKSLASH) return this.go('escape')
    if (code !== QUOTE) return 'invalid'
    if (!this.stringIsKey) return this.closeValue()
    this.state = 'colon'
    return this.stack.length === this.memberDepth ? 'key-close' : 'inside'
  }

  private stepEscape(code: number): Step {
    if (code === 0x75) {
      this.hexDigitsLeft = 4
      return this.go('hex')
    }
    return ESCAPES.includes(String.fromCharCode(code)) ? this.go('string') : 'invalid'
  }

  private stepFraction(code: number): Step {
    if (code === 0x2e) return this.go('point')
    return isExponentSign(code) ? this.go('exponent') : 'number-end'
  }

  private stepStructure(code: number): Step {
    switch (this.state) {
      case 'key-or-end':
        return code === CLOSE_OBJECT ? this.closeContainer() : this.openKey(code)
      case 'key':
        return this.openKey(code)
      case 'colon':
        return code === COLON ? this.go('value') : 'invalid'
      case 'comma-or-end': {
        const isArray = this.stack.at(-1) === true
        if (code === COMMA) return this.go(isArray ? 'value' : 'key')
        return code === (isArray ? CLOSE_ARRAY : CLOSE_OBJECT) ? this.closeContainer() : 'invalid'
      }
      case 'value-or-end':
        return code === CLOSE_ARRAY ? this.closeContainer() : this.openValue(code)
      default:
        return this.openValue(code)
    }
  }

  private openKey(code: number): Step {
    if (code !== QUOTE) return 'invalid'
    this.stringIsKey = true
    this.state = 'string'
    return this.stack.length === this.memberDepth ? 'key-open' : 'inside'
  }

  private openValue(code: number): Step {
    const depth = this.stack.length
    const next = this.valueState(code)
    if (next === null) return 'invalid'
    this.state = next
    if (depth === this.memberDepth) return 'value-open'
    return depth === this.memberDepth - 1 ? 'element-open' : 'inside'
  }

  private valueState(code: number): State | null {
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      this.isTooDeep = this.stack.length === MAX_DEPTH
      if (this.isTooDeep) return null
      this.stack.push(code === OPEN_ARRAY)
      return code === OPEN_ARRAY ? 'value-or-end' : 'key-or-end'
    }
    if (code === QUOTE) {
      this.stringIsKey = false
      return 'string'
    }
    if (code === MINUS) return 'minus'
    if (isDigit(code)) return code === 0x30 ? 'zero' : 'integer'
    const literal = code === 0x74 ? 'true' : code === 0x66 ? 'false' : code === 0x6e ? 'null' : null
    if (literal === null) return null
    this.literal = literal
    this.literalIndex = 1
    return 'literal'
  }

  private closeContainer(): Step {
    this.stack.pop()
    return this.closeValue()
  }

  private closeValue(): ScanEvent | 'inside' {
    const depth = this.stack.length
    this.state = depth === 0 ? 'done' : 'comma-or-end'
    if (depth === this.memberDepth) return 'value-close'
    if (depth === this.memberDepth - 1) return 'element-close'
    return depth === 0 ? 'root-close' : 'inside'
  }

  private go(state: State): 'inside' {
    this.state = state
    return 'inside'
  }
}

export function isJsonSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** The bulk of most outputs: string characters that need no look at the state. */
function skipPlainCharacters(chunk: string, from: number): number {
  let index = from
  while (index < chunk.length) {
    const code = chunk.charCodeAt(index)
    if (code === QUOTE || code === BACKSLASH || code < 0x20) break
    index += 1
  }
  return index
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)
}

function isExponentSign(code: number): boolean {
  return code === 0x65 || code === 0x45
}
