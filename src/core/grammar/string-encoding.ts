import {
  ANY_CHAR,
  charsOf,
  type CharSet,
  codeOf,
  hasChar,
  intersect,
  subtract,
} from './char-set.ts'
import {
  charClass,
  type Expression,
  inOrder,
  literal,
  atom,
  oneOf,
  repeated,
} from './expression.ts'
import type { Encode, GrammarWriter } from './grammar-writer.ts'

const CONTROLS: CharSet = [[1, 0x1f]]
const HEX = atom('[0-9a-fA-F]')
const SHORT_ESCAPES: readonly (readonly [string, string])[] = [
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\b', '\\b'],
  ['\f', '\\f'],
]

/** Characters as they stand. */
export const encodeRaw: Encode = charClass

/** The characters of a JSON string, the usual way; a free character may also be written by its number. */
export function jsonEncoding(writer: GrammarWriter): Encode {
  return (set) => {
    if (isSame(set, ANY_CHAR)) return writer.sharedRule('char', anyJsonChar)
    const options: Expression[] = []
    const raw = subtract(
      set,
      [...charsOf('"\\'), ...CONTROLS].toSorted((a, b) => a[0] - b[0]),
    )
    if (raw.length > 0) options.push(charClass(raw))
    for (const [char, escape] of SHORT_ESCAPES) {
      if (hasChar(set, codeOf(char))) options.push(literal(escape))
    }
    return oneOf([...options, ...numberedControls(set)])
  }
}

function numberedControls(set: CharSet): readonly Expression[] {
  const controls = intersect(set, CONTROLS)
  if (isSame(controls, CONTROLS)) return [inOrder([literal('\\u00'), atom('[01]'), HEX])]
  const codes: Expression[] = []
  for (const [first, last] of controls) {
    for (let code = first; code <= last; code++) {
      if (!SHORT_ESCAPES.some(([char]) => codeOf(char) === code))
        codes.push(literal(`\\u${code.toString(16).padStart(4, '0')}`))
    }
  }
  return codes
}

function anyJsonChar(): Expression {
  const low = inOrder([atom('[0-9a-ce-fA-CE-F]'), repeated(HEX, 3, 3)])
  const belowSurrogates = inOrder([atom('[dD]'), atom('[0-7]'), HEX, HEX])
  const pair = inOrder([
    atom('[dD]'),
    atom('[89abAB]'),
    HEX,
    HEX,
    literal('\\u'),
    atom('[dD]'),
    atom('[c-fC-F]'),
    HEX,
    HEX,
  ])
  return oneOf([
    charClass(subtract(ANY_CHAR, [...CONTROLS, ...charsOf('"\\')])),
    inOrder([
      literal('\\'),
      oneOf([
        atom('[\\u0022\\\\/bfnrt]'),
        inOrder([literal('u'), oneOf([low, belowSurrogates, pair])]),
      ]),
    ]),
  ])
}

/** The characters of a Python string between `quote`s. */
export function pythonEncoding(quote: string): Encode {
  const special = charsOf(`${quote}\\\n\r\t`)
  return (set) => {
    const raw = subtract(set, special)
    const escapes = Array.from(`${quote}\\\n\r\t`).filter((char) => hasChar(set, codeOf(char)))
    const written = escapes.map((char) => literal(PYTHON_ESCAPES[char] ?? `\\${char}`))
    return oneOf([...(raw.length > 0 ? [charClass(raw)] : []), ...written])
  }
}

const PYTHON_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

export function pythonString(value: string, quote = '"'): string {
  const chars = Array.from(value, (char) =>
    char === quote || char === '\\' ? `\\${char}` : (PYTHON_ESCAPES[char] ?? char),
  )
  return quote + chars.join('') + quote
}

export function isSame(a: CharSet, b: CharSet): boolean {
  return (
    a.length === b.length &&
    a.every(([first, last], index) => first === b[index]?.[0] && last === b[index]?.[1])
  )
}
