import { complement, type CharSet, intersect, codeOf } from './char-set.ts'

/** A piece of GBNF. `literal` keeps its text, so that neighbours can be joined. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'atom' | 'sequence' | 'choice'; readonly source: string }

export const EMPTY: Expression = literal('')

export function literal(value: string): Expression {
  return { kind: 'literal', value }
}

export function atom(source: string): Expression {
  return { kind: 'atom', source }
}

export function inOrder(parts: readonly Expression[]): Expression {
  const joined: Expression[] = []
  for (const part of parts) {
    const previous = joined.at(-1)
    if (part.kind === 'literal' && part.value === '') continue
    if (part.kind === 'literal' && previous?.kind === 'literal')
      joined[joined.length - 1] = literal(previous.value + part.value)
    else joined.push(part)
  }
  const [first] = joined
  if (!first) return EMPTY
  return joined.length === 1
    ? first
    : { kind: 'sequence', source: joined.map((part) => grouped(part, 'sequence')).join(' ') }
}

export function oneOf(options: readonly Expression[]): Expression {
  const sources = [...new Set(options.map(sourceOf))]
  const [first] = options
  if (sources.length === 1 && first) return first
  return { kind: 'choice', source: sources.join(' | ') }
}

export function repeated(of: Expression, least: number, most: number | null): Expression {
  if (most === 0) return EMPTY
  if (least === 1 && most === 1) return of
  const single = grouped(of, 'atom')
  if (most === 1) return atom(`${single}?`)
  if (most === null && least < 2) return atom(`${single}${least === 0 ? '*' : '+'}`)
  return atom(`${single}{${least === most ? least : `${least},${most ?? ''}`}}`)
}

export function sourceOf(expression: Expression): string {
  return expression.kind === 'literal' ? quoted(expression.value) : expression.source
}

function grouped(expression: Expression, within: 'sequence' | 'atom'): string {
  const source = sourceOf(expression)
  const needsGroup =
    expression.kind === 'choice' || (expression.kind === 'sequence' && within === 'atom')
  return needsGroup ? `(${source})` : source
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
}

function quoted(value: string): string {
  const chars = Array.from(
    value,
    (char) => ESCAPES[char] ?? (isPlain(codeOf(char)) ? char : coded(codeOf(char))),
  )
  return `"${chars.join('')}"`
}

/** The characters of a set as they stand. */
export function charClass(set: CharSet): Expression {
  const [first] = set
  if (set.length === 1 && first && first[0] === first[1])
    return literal(String.fromCodePoint(first[0]))
  const negated = complement(set)
  // What excludes a few characters reads better, and is shorter, as what it excludes.
  if (intersect(set, [[0xa0, 0xffff]]).length === 1 && negated.length > 0 && sizeOf(negated) <= 40)
    return atom(`[^${ranges([[0, 0], ...negated])}]`)
  return atom(`[${ranges(set)}]`)
}

function sizeOf(set: CharSet): number {
  return set.reduce((sum, [first, last]) => sum + last - first + 1, 0)
}

function ranges(set: CharSet): string {
  const merged =
    set[0]?.[1] === 0 && set[1]?.[0] === 1 ? [[0, set[1][1]] as const, ...set.slice(2)] : set
  return merged
    .map(([first, last]) => {
      if (first === last) return inClass(first)
      return `${inClass(first)}${last === first + 1 ? '' : '-'}${inClass(last)}`
    })
    .join('')
}

/** llama.cpp knows no `\-` and no `\^`, so what means something in a class is written by its number. */
function inClass(code: number): string {
  const char = String.fromCodePoint(code)
  if (char === '\n' || char === '\r' || char === '\t' || char === '\\') return ESCAPES[char] ?? char
  return isPlain(code) && !/[\]^["-]/.test(char) ? char : coded(code)
}

function isPlain(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || (code > 0xa0 && code < 0xd800)
}

/** By number; not as `\\x22`, of which xgrammar takes any further hex digit for a part. */
function coded(code: number): string {
  const hex = code.toString(16).toUpperCase()
  return code < 0x1_0000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
