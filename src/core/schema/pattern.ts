/** 2^27 steps of a backtracking matcher are about a tenth of a second. */
export const MAX_PATTERN_COST_BITS = 27

/**
 * The pattern as a JavaScript regular expression that compiles with the `u` flag, or null when there is none.
 *
 * Schemas for tools are often written for Python: needless escapes (`\-`), `(?P<name>…)`, `\A` and `\Z` are translated.
 */
export function usablePattern(source: string): string | null {
  for (const candidate of [source, translate(source)]) {
    if (compileError(candidate) === null) return candidate
  }
  return null
}

/** Why the pattern does not compile, or null when it does. */
export function compileError(source: string): string | null {
  try {
    void new RegExp(source, 'u')
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const NEEDLESS_ESCAPE = /[\s\-_'"@#%&,:;<=>`~!]/

function translate(source: string): string {
  let result = ''
  let inClass = false
  for (let index = 0; index < source.length; index++) {
    const char = source.charAt(index)
    const next = source.charAt(index + 1)
    if (char === '\\') {
      index++
      if (!inClass && next === 'Z') result += '$'
      else if (!inClass && next === 'A') result += '^'
      else if (NEEDLESS_ESCAPE.test(next) && !(inClass && next === '-')) result += next
      else result += char + next
      continue
    }
    if (char === '[') inClass = true
    if (char === ']') inClass = false
    if (!inClass && source.startsWith('(?P<', index)) {
      result += '(?<'
      index += 3
      continue
    }
    result += char
  }
  return result
}

/**
 * An upper bound, as a power of two, of the steps that matching a text of this length may take.
 *
 * Patterns come from whoever wrote the tool and run on the main thread, where nothing can stop one:
 * `(a+)+$` on 40 letters takes hours. A pattern that may be too dear is not run.
 */
export function patternCostBits(source: string, length: number): number {
  const scanner = { source, index: 0, length }
  let bits = source.startsWith('^') ? 0 : Math.log2(length + 1)
  while (scanner.index < source.length) {
    bits += scanAlternatives(scanner).bits
    // A stray `)` in what is no pattern at all.
    scanner.index++
  }
  return bits
}

/** `bits`: choices in the whole match. `choiceBits`: choices a single step through it has, for a repeat around it. */
type Cost = { readonly bits: number; readonly choiceBits: number }
type Scanner = { readonly source: string; index: number; readonly length: number }

function scanAlternatives(scanner: Scanner): Cost {
  let bits = 0
  let choiceBits = 0
  let alternatives = 1
  while (scanner.index < scanner.source.length && scanner.source.charAt(scanner.index) !== ')') {
    if (scanner.source.charAt(scanner.index) === '|') {
      alternatives++
      scanner.index++
      continue
    }
    const cost = repeatCost(scanAtom(scanner), scanQuantifier(scanner), scanner.length)
    bits += cost.bits
    choiceBits += cost.choiceBits
  }
  const ways = Math.log2(alternatives)
  return { bits: bits + ways, choiceBits: choiceBits + ways }
}

const NO_CHOICE: Cost = { bits: 0, choiceBits: 0 }

function scanAtom(scanner: Scanner): Cost {
  const { source } = scanner
  const char = source.charAt(scanner.index++)
  if (char === '(') {
    const cost = scanAlternatives(scanner)
    scanner.index++
    return cost
  }
  if (char === '[') {
    while (scanner.index < source.length && source.charAt(scanner.index) !== ']') {
      scanner.index += source.charAt(scanner.index) === '\\' ? 2 : 1
    }
    scanner.index++
  }
  if (char === '\\') {
    const rest = /^(?:[pPu]\{[^}]*\}|k<[^>]*>|[\s\S])/.exec(
      source.slice(scanner.index, scanner.index + 100),
    )
    scanner.index += rest?.[0].length ?? 1
  }
  return NO_CHOICE
}

type Quantifier = { readonly min: number; readonly max: number }

function scanQuantifier(scanner: Scanner): Quantifier {
  const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(
    scanner.source.slice(scanner.index, scanner.index + 50),
  )
  if (!found) return { min: 1, max: 1 }
  scanner.index += found[0].length
  const sign = found[0].charAt(0)
  if (sign === '*') return { min: 0, max: Infinity }
  if (sign === '+') return { min: 1, max: Infinity }
  if (sign === '?') return { min: 0, max: 1 }
  const min = Number(found[1])
  if (!found[2]) return { min, max: min }
  return { min, max: found[3] ? Number(found[3]) : Infinity }
}

function repeatCost(atom: Cost, { min, max }: Quantifier, length: number): Cost {
  const times = Math.min(max, length)
  const countBits = min === max ? 0 : Math.log2(Math.max(1, Math.min(max - min, length)) + 1)
  if (atom.bits === 0) return { bits: countBits, choiceBits: Math.min(1, countBits) }
  // A repeat of something that has choices itself: they multiply with each character.
  const perTime = max > 10 ? Math.max(1, atom.choiceBits) : atom.bits
  const bits = times * perTime + countBits
  return { bits, choiceBits: max > 10 ? atom.choiceBits + 1 : bits }
}
