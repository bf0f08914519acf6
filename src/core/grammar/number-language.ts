import { DIGITS, range } from './char-set.ts'
import {
  chars,
  choice,
  EMPTY_TEXT,
  type Language,
  NOTHING,
  optional,
  repeat,
  sequence,
  text,
} from './language.ts'

/** More digits than a double tells apart are never written. */
const MOST_DIGITS = 16
const DOUBLE_DIGITS = 15
const MOST_FRACTION_DIGITS = 12
const DIGIT = chars(DIGITS)

/** Bounds of a number, each null when there is none. */
export type NumberBounds = {
  readonly least: Bound | null
  readonly most: Bound | null
}
export type Bound = { readonly value: number; readonly isExclusive: boolean }

/** Any number in JSON, exponent included, with as many digits as a double holds. */
export const ANY_NUMBER: Language = sequence([
  optional(text('-')),
  choice([text('0'), sequence([chars(range('1', '9')), repeat(DIGIT, 0, MOST_DIGITS - 1)])]),
  optional(sequence([text('.'), repeat(DIGIT, 1, MOST_DIGITS)])),
  optional(
    sequence([
      choice([text('e'), text('E')]),
      optional(choice([text('-'), text('+')])),
      repeat(DIGIT, 1, 2),
    ]),
  ),
])

/** The whole numbers within the bounds, without decimal point or exponent. */
export function integerLanguage({ least, most }: NumberBounds): Language {
  const low =
    least && clampInteger(least.isExclusive ? Math.floor(least.value) + 1 : Math.ceil(least.value))
  const high =
    most && clampInteger(most.isExclusive ? Math.ceil(most.value) - 1 : Math.floor(most.value))
  if (low !== null && high !== null && low > high) return NOTHING
  const options: Language[] = []
  if (high === null || high >= 0) options.push(digitsBetween(Math.max(0, low ?? 0), high))
  if (low === null || low < 0) {
    const magnitude = digitsBetween(
      high !== null && high < 0 ? -high : 1,
      low === null ? null : -low,
    )
    options.push(sequence([text('-'), magnitude]))
  }
  return choice(options)
}

/** The whole numbers within the bounds that are multiples of `step`, one by one; null when they are too many. */
export function multiplesLanguage(
  { least, most }: NumberBounds,
  step: number,
  limit: number,
): Language | null {
  if (!least || !most) return null
  const first = Math.ceil((least.isExclusive ? Math.floor(least.value) + 1 : least.value) / step)
  const last = Math.floor((most.isExclusive ? Math.ceil(most.value) - 1 : most.value) / step)
  if (!(last - first < limit)) return null
  const options: Language[] = []
  for (let factor = first; factor <= last; factor++) options.push(text(String(factor * step + 0)))
  return choice(options)
}

/** Whole numbers that leave no remainder, as an automaton would: a rule for each remainder is too much here, so by their last digits. */
export function tailMultiples(step: number): Language | null {
  const size = String(step).length
  // A step that divides a power of ten shows in that many last digits.
  const digits = [size - 1, size, size + 1].find(
    (count) => count > 0 && count <= 2 && 10 ** count % step === 0,
  )
  if (digits === undefined) return null
  const ends: Language[] = []
  for (let value = 0; value < 10 ** digits; value += step) {
    ends.push(text(String(value).padStart(digits, '0')))
  }
  const short = ends.length === 0 ? [] : shortMultiples(step, digits)
  const long = sequence([
    chars(range('1', '9')),
    repeat(DIGIT, 0, MOST_DIGITS - digits - 1),
    choice(ends),
  ])
  return sequence([optional(text('-')), choice([...short, long])])
}

function shortMultiples(step: number, digits: number): readonly Language[] {
  const values: Language[] = []
  for (let value = 0; value < 10 ** digits; value += step) values.push(text(String(value)))
  return values
}

/**
 * The numbers within the bounds, without exponent, with at most `fractionDigits` digits behind the point.
 *
 * Null when a bound has more digits than can be compared exactly.
 */
export function numberLanguage(
  { least, most }: NumberBounds,
  fractionDigits: number = MOST_FRACTION_DIGITS,
): Language | null {
  const low = least && decimalOf(least)
  const high = most && decimalOf(most)
  if (low === undefined || high === undefined) return null
  const whole = Math.max(low?.whole.length ?? 1, high?.whole.length ?? 1)
  const places = Math.min(fractionDigits, Math.max(1, DOUBLE_DIGITS - whole))
  if (Math.max(low?.fraction.length ?? 0, high?.fraction.length ?? 0) > places) return null
  const options: Language[] = []
  if (!high || !high.isNegative) {
    const from = low && !low.isNegative ? low : ZERO
    options.push(magnitudes({ from, to: high, places }))
  }
  if (!low || low.isNegative) {
    // Zero has no sign here.
    const from = high?.isNegative ? high : { ...ZERO, isExclusive: true }
    options.push(sequence([text('-'), magnitudes({ from, to: low, places })]))
  }
  return choice(options)
}

type Decimal = {
  readonly isNegative: boolean
  readonly whole: string
  readonly fraction: string
  readonly isExclusive: boolean
}

const ZERO: Decimal = { isNegative: false, whole: '0', fraction: '', isExclusive: false }

function decimalOf({ value, isExclusive }: Bound): Decimal | undefined {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value))
  if (!found) return undefined
  const [, sign, whole = '0', fraction = ''] = found
  if (whole.length > DOUBLE_DIGITS - 1) return undefined
  return { isNegative: sign === '-', whole, fraction, isExclusive }
}

type Magnitudes = { readonly from: Decimal; readonly to: Decimal | null; readonly places: number }

function magnitudes({ from, to, places }: Magnitudes): Language {
  const low = Number(from.whole)
  const high = to === null ? null : Number(to.whole)
  if (high !== null && low > high) return NOTHING
  const lowTail = { digits: from.fraction, isExclusive: from.isExclusive }
  const highTail = to && { digits: to.fraction, isExclusive: to.isExclusive }
  if (low === high) return withFraction(from.whole, { low: lowTail, high: highTail, places })
  const options = [withFraction(from.whole, { low: lowTail, high: null, places })]
  if (high === null || high - low >= 2) {
    const between = digitsBetween(low + 1, high === null ? null : high - 1)
    options.push(sequence([between, optional(sequence([text('.'), repeat(DIGIT, 1, places)]))]))
  }
  if (to) options.push(withFraction(to.whole, { low: null, high: highTail, places }))
  return choice(options)
}

type Tail = { readonly digits: string; readonly isExclusive: boolean } | null
type Tails = { readonly low: Tail; readonly high: Tail; readonly places: number }

function withFraction(whole: string, tails: Tails): Language {
  const options: Language[] = []
  if (allowsEnd(tails)) options.push(EMPTY_TEXT)
  const next = fractionDigits(tails)
  if (next !== NOTHING) options.push(sequence([text('.'), next]))
  return options.length === 0 ? NOTHING : sequence([text(whole), choice(options)])
}

/** May the fraction end here, with zeros from here on? */
function allowsEnd({ low, high }: Tails): boolean {
  if (low && (/[1-9]/.test(low.digits) || low.isExclusive)) return false
  return !high || /[1-9]/.test(high.digits) || !high.isExclusive
}

/** At least one more digit of the fraction. */
function fractionDigits({ low, high, places }: Tails): Language {
  if (places === 0) return NOTHING
  if (!low && !high) return repeat(DIGIT, 1, places)
  const groups = new Map<string, { first: number; last: number; tails: Tails }[]>()
  for (let digit = 0; digit <= 9; digit++) {
    const lowDigit = low ? Number(low.digits.charAt(0) || '0') : 0
    const highDigit = high ? Number(high.digits.charAt(0) || '0') : 9
    if (digit < lowDigit || digit > highDigit) continue
    const tails: Tails = {
      low: low && digit === lowDigit ? { ...low, digits: low.digits.slice(1) } : null,
      high: high && digit === highDigit ? { ...high, digits: high.digits.slice(1) } : null,
      places: places - 1,
    }
    const key = JSON.stringify(tails)
    const group = groups.get(key) ?? []
    const previous = group.at(-1)
    if (previous && previous.last === digit - 1) previous.last = digit
    else group.push({ first: digit, last: digit, tails })
    groups.set(key, group)
  }
  const options = [...groups.values()].flat().flatMap(({ first, last, tails }) => {
    const rest = [...(allowsEnd(tails) ? [EMPTY_TEXT] : []), fractionDigits(tails)]
    const after = choice(rest.filter((option) => option !== NOTHING))
    return after === NOTHING ? [] : [sequence([chars(range(String(first), String(last))), after])]
  })
  return choice(options)
}

/** The digits of whole numbers from `low` up to `high`, both within. */
function digitsBetween(low: number, high: number | null): Language {
  const first = String(low)
  const last = high === null ? '9'.repeat(Math.max(MOST_DIGITS, first.length)) : String(high)
  if (high !== null && low > high) return NOTHING
  if (first.length === last.length) return sameLength(first, last)
  const options = [sameLength(first, '9'.repeat(first.length))]
  if (last.length - first.length > 1) {
    options.push(sequence([chars(range('1', '9')), repeat(DIGIT, first.length, last.length - 2)]))
  }
  options.push(sameLength(`1${'0'.repeat(last.length - 1)}`, last))
  return choice(options)
}

function sameLength(low: string, high: string): Language {
  if (low === '') return EMPTY_TEXT
  const [lowDigit, highDigit] = [low.charAt(0), high.charAt(0)]
  const rest = low.length - 1
  if (lowDigit === highDigit)
    return sequence([text(lowDigit), sameLength(low.slice(1), high.slice(1))])
  const lowIsWhole = /^0*$/.test(low.slice(1))
  const highIsWhole = /^9*$/.test(high.slice(1))
  const from = Number(lowDigit) + (lowIsWhole ? 0 : 1)
  const to = Number(highDigit) - (highIsWhole ? 0 : 1)
  const options: Language[] = []
  if (!lowIsWhole)
    options.push(sequence([text(lowDigit), sameLength(low.slice(1), '9'.repeat(rest))]))
  if (from <= to)
    options.push(
      sequence([
        chars(range(String(from), String(to))),
        ...(rest > 0 ? [repeat(DIGIT, rest, rest)] : []),
      ]),
    )
  if (!highIsWhole)
    options.push(sequence([text(highDigit), sameLength('0'.repeat(rest), high.slice(1))]))
  return choice(options)
}

function clampInteger(value: number): number {
  const most = 10 ** DOUBLE_DIGITS
  return Math.min(most, Math.max(-most, value)) + 0
}
