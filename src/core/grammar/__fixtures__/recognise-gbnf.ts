/** A place in a grammar: what is to come, innermost first. */
type Stack = {
  readonly symbols: readonly Symbol[]
  readonly at: number
  readonly below: Stack | null
}
type Symbol =
  | { readonly type: 'chars'; readonly accepts: (code: number) => boolean }
  | { readonly type: 'rule'; readonly name: string }

type Rules = ReadonlyMap<string, readonly (readonly Symbol[])[]>

/** Reads GBNF as llama.cpp does: rules of alternatives of symbols, repeats spelled out as rules of their own. */
export type Recogniser = {
  /** Whether the whole text is in the language. */
  readonly accepts: (text: string) => boolean
  /** Whether it can go on from here. */
  readonly acceptsBeginning: (text: string) => boolean
}

/** Throws on what llama.cpp would refuse: unknown escapes, missing rules, rules that call themselves before reading anything. */
export function createRecogniser(gbnf: string): Recogniser {
  const stacks = new Stacks(new GbnfReader(gbnf).read())
  const start = stacks.expand([stacks.at([{ type: 'rule', name: 'root' }], 0, null)])
  const runTo = (text: string) => {
    let places = start
    for (const char of text) {
      const code = char.codePointAt(0) ?? 0
      const next: (Stack | null)[] = []
      for (const stack of places) {
        const symbol = stack?.symbols[stack.at]
        if (stack && symbol?.type === 'chars' && symbol.accepts(code))
          next.push(stacks.at(stack.symbols, stack.at + 1, stack.below))
      }
      places = stacks.expand(next)
      if (places.length === 0) break
    }
    return places
  }
  return {
    accepts: (text) => runTo(text).includes(null),
    acceptsBeginning: (text) => runTo(text).length > 0,
  }
}

/** Stacks that are equal are one object, so that a set tells them apart. */
class Stacks {
  private readonly rules: Rules
  private readonly numbers = new Map<object, number>()
  private readonly known = new Map<string, Stack>()

  constructor(rules: Rules) {
    this.rules = rules
  }

  /** Null where nothing is left to come. */
  at(symbols: readonly Symbol[], at: number, below: Stack | null): Stack | null {
    if (at >= symbols.length) return below
    const key = `${this.numberOf(symbols)} ${at} ${below ? this.numberOf(below) : ''}`
    const known = this.known.get(key)
    if (known) return known
    const made = { symbols, at, below }
    this.known.set(key, made)
    return made
  }

  /** All places whose next symbol reads a character; null is the end. */
  expand(starts: readonly (Stack | null)[]): readonly (Stack | null)[] {
    const found: (Stack | null)[] = []
    const seen = new Set<Stack | null>()
    const visit = (stack: Stack | null, depth: number): void => {
      if (depth > 2000) throw new Error('left recursion')
      if (seen.has(stack)) return
      seen.add(stack)
      const symbol = stack?.symbols[stack.at]
      if (!stack || symbol?.type !== 'rule') {
        found.push(stack)
        return
      }
      const rest = this.at(stack.symbols, stack.at + 1, stack.below)
      for (const symbols of this.rules.get(symbol.name) ?? [])
        visit(this.at(symbols, 0, rest), depth + 1)
    }
    for (const start of starts) visit(start, 0)
    return found
  }

  private numberOf(item: object): number {
    const known = this.numbers.get(item)
    if (known !== undefined) return known
    this.numbers.set(item, this.numbers.size)
    return this.numbers.size - 1
  }
}

class GbnfReader {
  readonly source: string
  readonly rules = new Map<string, readonly (readonly Symbol[])[]>()
  index = 0

  constructor(source: string) {
    this.source = source
  }

  read(): Rules {
    while (this.index < this.source.length) {
      const name = this.name()
      this.expect(' ::= ')
      if (this.rules.has(name)) throw new Error(`rule ${name} twice`)
      this.rules.set(name, this.alternatives(name))
      this.expect('\n')
    }
    for (const alternatives of this.rules.values()) {
      for (const symbol of alternatives.flat()) {
        if (symbol.type === 'rule' && !this.rules.has(symbol.name))
          throw new Error(`no rule ${symbol.name}`)
      }
    }
    return this.rules
  }

  private alternatives(hint: string): readonly (readonly Symbol[])[] {
    const all: Symbol[][] = [[]]
    for (;;) {
      this.spaces()
      const char = this.source.charAt(this.index)
      if (char === '|') {
        this.index += 1
        all.push([])
      } else if (char === '\n' || char === ')' || char === '') return all
      else all.at(-1)?.push(...this.repeated(this.item(hint), hint))
    }
  }

  private item(hint: string): readonly Symbol[] {
    const char = this.source.charAt(this.index)
    if (char === '"') return this.literal()
    if (char === '[') return [this.charClass()]
    if (char === '(') {
      this.index += 1
      const inner = this.alternatives(hint)
      this.expect(')')
      return [this.helper(hint, inner)]
    }
    return [{ type: 'rule', name: this.name() }]
  }

  private helper(hint: string, alternatives: readonly (readonly Symbol[])[]): Symbol {
    const name = `${hint}_${this.rules.size}`
    this.rules.set(name, alternatives)
    return { type: 'rule', name }
  }

  private repeated(item: readonly Symbol[], hint: string): readonly Symbol[] {
    const rest = this.source.slice(this.index)
    const found = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/.exec(rest)
    if (!found) return item
    this.index += found[0].length
    const sign = found[0].charAt(0)
    const least = sign === '{' ? Number(found[1]) : sign === '+' ? 1 : 0
    const most =
      sign === '?'
        ? 1
        : sign === '{'
          ? found[2]
            ? found[3]
              ? Number(found[3])
              : null
            : least
          : null
    const symbols: Symbol[] = []
    for (let count = 0; count < least; count++) symbols.push(...item)
    if (most === null) {
      const loop: (readonly Symbol[])[] = [[]]
      const rule = this.helper(hint, loop)
      loop.unshift([...item, rule])
      return [...symbols, rule]
    }
    let tail: readonly Symbol[] = []
    for (let count = least; count < most; count++)
      tail = [this.helper(hint, [[...item, ...tail], []])]
    return [...symbols, ...tail]
  }

  private literal(): readonly Symbol[] {
    this.expect('"')
    const symbols: Symbol[] = []
    while (this.source.charAt(this.index) !== '"') {
      const code = this.char()
      symbols.push({ type: 'chars', accepts: (other) => other === code })
    }
    this.expect('"')
    return symbols
  }

  private charClass(): Symbol {
    this.expect('[')
    const isNegated = this.source.charAt(this.index) === '^'
    if (isNegated) this.index += 1
    const ranges: (readonly [number, number])[] = []
    while (this.source.charAt(this.index) !== ']') {
      const first = this.char()
      const isRange =
        this.source.charAt(this.index) === '-' && this.source.charAt(this.index + 1) !== ']'
      if (isRange) this.index += 1
      ranges.push([first, isRange ? this.char() : first])
    }
    this.expect(']')
    return {
      type: 'chars',
      accepts: (code) =>
        ranges.some(([first, last]) => first <= code && code <= last) !== isNegated,
    }
  }

  private char(): number {
    const escape =
      /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([trn\\"[\]]))/.exec(
        this.source.slice(this.index, this.index + 12),
      )
    if (escape) {
      this.index += escape[0].length
      const hex = escape[1] ?? escape[2] ?? escape[3]
      if (hex !== undefined) return Number.parseInt(hex, 16)
      return { t: 9, r: 13, n: 10 }[escape[4] ?? ''] ?? escape[4]?.charCodeAt(0) ?? 0
    }
    const code = this.source.codePointAt(this.index)
    if (code === undefined || code === 0x5c || code === 0x0a)
      throw new Error(`bad character at ${this.source.slice(this.index, this.index + 20)}`)
    this.index += code > 0xffff ? 2 : 1
    return code
  }

  private name(): string {
    const found = /^[a-zA-Z][a-zA-Z0-9-]*/.exec(this.source.slice(this.index, this.index + 200))
    if (!found)
      throw new Error(
        `a name expected at ${JSON.stringify(this.source.slice(this.index, this.index + 40))}`,
      )
    this.index += found[0].length
    return found[0]
  }

  private spaces(): void {
    while (this.source.charAt(this.index) === ' ') this.index += 1
  }

  private expect(token: string): void {
    if (!this.source.startsWith(token, this.index))
      throw new Error(
        `${JSON.stringify(token)} expected at ${JSON.stringify(this.source.slice(this.index, this.index + 40))}`,
      )
    this.index += token.length
  }
}
