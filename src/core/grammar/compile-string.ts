import { type Automaton, automatonOf, intersection, isNothing, TooLargeError } from './automaton.ts'
import type { Expression } from './expression.ts'
import { formatLanguage } from './format-language.ts'
import { anyText, type Language } from './language.ts'
import { FREE_TEXT_RULE, type Notation, type TextRule } from './notation.ts'
import { readPattern } from './read-pattern.ts'
import { KNOWN_FORMATS } from '../schema/prepare-schema.ts'
import type { SchemaCompiler } from './schema-compiler.ts'
import type { Flat, ObjectPlace } from './schema-places.ts'

/** Longer limits cost the engine more than they give. */
const MOST_COUNTED = 500

export type StringContext = {
  readonly flat: Flat
  readonly notation: Notation
  readonly hint: string
}

export function compileString(
  compiler: SchemaCompiler,
  { flat, notation, hint }: StringContext,
): Expression | null {
  const rule = textRule(compiler, flat)
  if (!rule) return null
  try {
    return notation.string(rule, hint)
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error
    for (const place of flat) reportAll(compiler, place)
    return notation.string(FREE_TEXT_RULE, hint)
  }
}

/** The texts that fit all of the schemas; null when there are none. */
export function textRule(compiler: SchemaCompiler, flat: Flat): TextRule | null {
  const parts = flat.flatMap((place) => partsOf(compiler, place))
  const { least, most } = lengths(compiler, flat)
  if (most !== null && least > most) return null
  if (least > 0 || most !== null)
    parts.push({ place: null, keyword: '', language: anyText(least, most) })
  const [first, ...others] = parts
  if (!first) return FREE_TEXT_RULE
  if (others.length === 0) return checked({ type: 'language', language: first.language })
  let automaton: Automaton | null = null
  for (const part of parts) {
    try {
      const next = automatonOf(part.language)
      automaton = automaton ? intersection(automaton, next) : next
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error
      const why = 'is too large to be joined with the other limits'
      if (part.place) compiler.report(part.place, part.keyword, { why, effect: 'looser' })
      else for (const place of flat) reportLengths(compiler, place, why)
    }
  }
  return automaton ? checked({ type: 'automaton', automaton }) : FREE_TEXT_RULE
}

function checked(rule: TextRule): TextRule | null {
  if (rule.type === 'automaton') return isNothing(rule.automaton) ? null : rule
  return rule.language.type === 'choice' && rule.language.options.length === 0 ? null : rule
}

type Part = {
  readonly place: ObjectPlace | null
  readonly keyword: string
  readonly language: Language
}

function partsOf(compiler: SchemaCompiler, place: ObjectPlace): Part[] {
  const parts: Part[] = []
  const pattern = compiler.places.read(place, 'pattern')
  if (typeof pattern === 'string') {
    const language = readPattern(pattern)
    if ('unsupported' in language) {
      compiler.report(place, 'pattern', { why: `has ${language.unsupported}`, effect: 'looser' })
    } else parts.push({ place, keyword: 'pattern', language })
  }
  const format = compiler.places.read(place, 'format')
  if (typeof format === 'string' && KNOWN_FORMATS.includes(format)) {
    const language = formatLanguage(format)
    if (language) parts.push({ place, keyword: 'format', language })
    else
      compiler.report(place, 'format', { why: `${format} has no grammar here`, effect: 'looser' })
  }
  return parts
}

function lengths(
  compiler: SchemaCompiler,
  flat: Flat,
): { readonly least: number; readonly most: number | null } {
  let least = 0
  let most: number | null = null
  for (const place of flat) {
    const minimum = compiler.places.read(place, 'minLength')
    const maximum = compiler.places.read(place, 'maxLength')
    if (typeof minimum === 'number') {
      if (minimum <= MOST_COUNTED) least = Math.max(least, minimum)
      else compiler.report(place, 'minLength', { why: TOO_LONG, effect: 'looser' })
    }
    if (typeof maximum !== 'number') continue
    if (maximum <= MOST_COUNTED) most = Math.min(most ?? maximum, maximum)
    else compiler.report(place, 'maxLength', { why: TOO_LONG, effect: 'looser' })
  }
  return { least, most }
}

const TOO_LONG = `is above ${MOST_COUNTED}, more than is counted`

function reportLengths(compiler: SchemaCompiler, place: ObjectPlace, why: string): void {
  for (const keyword of ['minLength', 'maxLength']) {
    if (compiler.places.read(place, keyword) !== undefined)
      compiler.report(place, keyword, { why, effect: 'looser' })
  }
}

function reportAll(compiler: SchemaCompiler, place: ObjectPlace): void {
  const why = 'is too large for a grammar'
  reportLengths(compiler, place, why)
  for (const keyword of ['pattern', 'format']) {
    if (compiler.places.read(place, keyword) !== undefined)
      compiler.report(place, keyword, { why, effect: 'looser' })
  }
}
