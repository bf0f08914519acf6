import { usablePattern } from '../schema/pattern.ts'
import { charsOf, complement, type CharSet, codeOf, range, union } from './char-set.ts'
import { anyText, chars, choice, type Language, repeat, sequence } from './language.ts'

/** Why a pattern is no regular language, or none that we read. Thrown, and caught in `readPattern`. */
class Unsupported extends Error {}

/**
 * The texts in which a JSON Schema `pattern` finds a match, or why that cannot be said: a sentence's object, such as "a look-around".
 *
 * Reads JavaScript's regular expressions (ECMA-262, flag `u`) but for back references, look-around, word boundaries, property
 * classes, and anchors elsewhere than at the ends.
 */
export function readPattern(source: string): Language | { readonly unsupported: string } {
  const pattern = usablePattern(source)
  if (pattern === null) return { unsupported: 'an invalid expression' }
  try {
    const reader = new PatternReader(pattern)
    return choice(reader.alternatives().map(unanchored))
  } catch (error) {
    if (error instanceof Unsupported) return { unsupported: error.message }
    throw error
  }
}

type Atom = Language | 'start' | 'end'

/** A pattern matches anywhere unless it is anchored. */
function unanchored(atoms: readonly Atom[]): Language {
  const isStart = atoms[0] === 'start'
  const isEnd = atoms.at(-1) === 'end'
  const inner = plain(atoms.slice(isStart ? 1 : 0, isEnd ? -1 : undefined))
  return sequence([...(isStart ? [] : [anyText()]), ...inner, ...(isEnd ? [] : [anyText()])])
}

function plain(atoms: readonly Atom[]): readonly Language[] {
  return atoms.map((atom) => {
    if (typeof atom === 'string') throw new Unsupported('an anchor in the middle')
    return atom
  })
}

const LINE_ENDS = charsOf('\n\r\u2028\u2029')
const WORD = union([range('a', 'z'), range('A', 'Z'), range('0', '9'), charsOf('_')])
const SPACE = union([
  charsOf('\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff'),
  range('\u2000', '\u200a'),
])
const CLASSES: Readonly<Record<string, CharSet>> = {
  d: range('0', '9'),
  D: complement(range('0', '9')),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
}
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v', f: '\f' }

/** A recursive descent over a pattern that is known to compile. */
class PatternReader {
  readonly source: string
  index = 0

  constructor(source: string) {
    this.source = source
  }

  alternatives(): readonly (readonly Atom[])[] {
    const all: Atom[][] = [[]]
    while (this.index < this.source.length && this.peek() !== ')') {
      if (this.take('|')) all.push([])
      else all.at(-1)?.push(this.quantified())
    }
    return all
  }

  private peek(): string {
    return this.source.charAt(this.index)
  }

  private take(token: string): boolean {
    if (!this.source.startsWith(token, this.index)) return false
    this.index += token.length
    return true
  }

  private quantified(): Atom {
    if (this.take('^')) return 'start'
    if (this.take('$')) return 'end'
    const atom = this.atom()
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.index))
    if (!found) return atom
    this.index += found[0].length
    switch (found[0].charAt(0)) {
      case '*':
        return repeat(atom, 0, null)
      case '+':
        return repeat(atom, 1, null)
      case '?':
        return repeat(atom, 0, 1)
      default: {
        const least = Number(found[1])
        if (!found[2]) return repeat(atom, least, least)
        return repeat(atom, least, found[3] ? Number(found[3]) : null)
      }
    }
  }

  private atom(): Language {
    if (this.take('(')) return this.group()
    if (this.take('[')) return chars(this.charClass())
    if (this.take('.')) return chars(complement(LINE_ENDS))
    return chars(this.take('\\') ? this.escape(false) : this.literal())
  }

  private literal(): CharSet {
    const char = String.fromCodePoint(this.source.codePointAt(this.index) ?? 0)
    this.index += char.length
    return charsOf(char)
  }

  private group(): Language {
    if (/^\?(?:=|!|<=|<!)/.test(this.source.slice(this.index)))
      throw new Unsupported('a look-around')
    const opening = /^\?(?::|<[^>]*>)/.exec(this.source.slice(this.index))
    if (!opening && this.peek() === '?') throw new Unsupported('a flag group')
    this.index += opening?.[0].length ?? 0
    const inner = choice(this.alternatives().map((atoms) => sequence(plain(atoms))))
    this.index += 1
    return inner
  }

  private charClass(): CharSet {
    const isNegated = this.take('^')
    const sets: CharSet[] = []
    while (!this.take(']')) {
      const first = this.classMember()
      const isRange = this.peek() === '-' && this.source.charAt(this.index + 1) !== ']'
      if (!isRange) {
        sets.push(first)
        continue
      }
      this.index += 1
      const last = this.classMember()
      sets.push([[first[0]?.[0] ?? 0, last[0]?.[0] ?? 0]])
    }
    const set = union(sets)
    return isNegated ? complement(set) : set
  }

  private classMember(): CharSet {
    return this.take('\\') ? this.escape(true) : this.literal()
  }

  private escape(isInClass: boolean): CharSet {
    const rest = this.source.slice(this.index)
    const coded = /^(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2}))/i.exec(rest)
    if (coded) {
      this.index += coded[0].length
      const code = Number.parseInt(coded[1] ?? coded[2] ?? coded[3] ?? '', 16)
      if (code >= 0xd800 && code <= 0xdfff) throw new Unsupported('half of a surrogate pair')
      return code === 0 ? [] : [[code, code]]
    }
    const char = rest.charAt(0)
    this.index += 1
    const named = CLASSES[char]
    if (named) return named
    const control = CONTROLS[char]
    if (control) return charsOf(control)
    if (char === 'c') {
      this.index += 1
      return [[codeOf(rest.charAt(1)) % 32, codeOf(rest.charAt(1)) % 32]]
    }
    if (isInClass && char === 'b') return charsOf('\b')
    if (char === 'b' || char === 'B') throw new Unsupported('a word boundary')
    if (char === 'p' || char === 'P') throw new Unsupported('a class of Unicode')
    if (char === 'k' || /[1-9]/.test(char)) throw new Unsupported('a back reference')
    if (char === '0') return []
    return charsOf(char)
  }
}
