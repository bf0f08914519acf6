import type { Expression } from './expression.ts'
import type { Language } from './language.ts'
import {
  ANY_NUMBER,
  type Bound,
  integerLanguage,
  multiplesLanguage,
  numberLanguage,
  type NumberBounds,
  tailMultiples,
} from './number-language.ts'
import type { SchemaCompiler } from './schema-compiler.ts'
import type { Flat, ObjectPlace } from './schema-places.ts'
import { encodeRaw } from './string-encoding.ts'

/** Multiples are written one by one up to this number. */
const MOST_MULTIPLES = 200

export function compileNumber(
  compiler: SchemaCompiler,
  flat: Flat,
  type: 'number' | 'integer',
): Expression | null {
  const bounds = boundsOf(compiler, flat)
  const steps = flat.flatMap((place) => {
    const step = compiler.places.read(place, 'multipleOf')
    return typeof step === 'number' ? [{ place, step }] : []
  })
  const isWhole = type === 'integer' || steps.some(({ step }) => Number.isInteger(step))
  const isFree = !bounds.least && !bounds.most && steps.length === 0
  if (isFree) {
    const language = isWhole ? integerLanguage(bounds) : ANY_NUMBER
    return compiler.writer.sharedRule(type, () => compiler.writer.language(language, encodeRaw))
  }
  const language = isWhole
    ? wholeNumbers(compiler, { bounds, steps })
    : decimals(compiler, { bounds, steps, flat })
  if (isEmpty(language)) return null
  return compiler.writer.language(language, encodeRaw)
}

type Step = { readonly place: ObjectPlace; readonly step: number }
type Limits = { readonly bounds: NumberBounds; readonly steps: readonly Step[] }

function wholeNumbers(compiler: SchemaCompiler, { bounds, steps }: Limits): Language {
  const all = integerLanguage(bounds)
  const [first, ...others] = steps.filter(({ step }) => step !== 1 && !isFractionOfOne(step))
  if (!first) return all
  for (const { place } of others) reportStep(compiler, place, 'stands beside another one')
  const { step, place } = first
  if (!Number.isInteger(step)) {
    reportStep(compiler, place, 'is no whole number')
    return all
  }
  const listed = multiplesLanguage(bounds, step, MOST_MULTIPLES)
  if (listed) return listed
  const tails = tailMultiples(step)
  if (!tails || bounds.least || bounds.most)
    reportStep(compiler, place, tails ? 'cannot be joined with these bounds' : 'needs arithmetic')
  return tails && !bounds.least && !bounds.most ? tails : all
}

/** 0.5, 0.01: every whole number is a multiple. */
function isFractionOfOne(step: number): boolean {
  return step < 1 && Number.isInteger(Math.round(1e9 / step) / 1e9)
}

function decimals(
  compiler: SchemaCompiler,
  { bounds, steps, flat }: Limits & { readonly flat: Flat },
): Language {
  let places: number | undefined
  for (const { place, step } of steps) {
    const digits = /^(?:0\.(0*)1|1e-(\d+))$/.exec(String(step))
    if (!digits) reportStep(compiler, place, 'needs arithmetic')
    else
      places = Math.min(places ?? 99, digits[2] ? Number(digits[2]) : (digits[1]?.length ?? 0) + 1)
  }
  const language = numberLanguage(bounds, places)
  if (language) return language
  for (const place of flat) {
    for (const keyword of ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']) {
      if (compiler.places.read(place, keyword) !== undefined)
        compiler.report(place, keyword, {
          why: 'has too many digits to be compared',
          effect: 'looser',
        })
    }
  }
  return ANY_NUMBER
}

function reportStep(compiler: SchemaCompiler, place: ObjectPlace, why: string): void {
  compiler.report(place, 'multipleOf', { why, effect: 'looser' })
}

function boundsOf(compiler: SchemaCompiler, flat: Flat): NumberBounds {
  const lows: Bound[] = []
  const highs: Bound[] = []
  for (const place of flat) {
    const read = (keyword: string) => compiler.places.read(place, keyword)
    const [minimum, maximum] = [read('minimum'), read('maximum')]
    const [above, below] = [read('exclusiveMinimum'), read('exclusiveMaximum')]
    if (typeof minimum === 'number') lows.push({ value: minimum, isExclusive: above === true })
    if (typeof maximum === 'number') highs.push({ value: maximum, isExclusive: below === true })
    if (typeof above === 'number') lows.push({ value: above, isExclusive: true })
    if (typeof below === 'number') highs.push({ value: below, isExclusive: true })
  }
  const order = (a: Bound, b: Bound) => a.value - b.value
  return {
    least:
      lows.toSorted((a, b) => order(b, a) || Number(b.isExclusive) - Number(a.isExclusive))[0] ??
      null,
    most:
      highs.toSorted((a, b) => order(a, b) || Number(b.isExclusive) - Number(a.isExclusive))[0] ??
      null,
  }
}

function isEmpty(language: Language): boolean {
  return language.type === 'choice' && language.options.length === 0
}
