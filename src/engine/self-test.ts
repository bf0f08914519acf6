import type { TokenAlternative } from '../core/chat/token-info.ts'
import type { LoadOptions } from './engine.ts'

/** The likeliest next tokens at each place of a fixed text, best first. */
export type TopTokens = readonly (readonly TokenAlternative[])[]

/** What the CPU computed of a model, to hold a GPU to. */
export type SelfTestReference = {
  /** Of the weights and of what else changes the numbers. */
  readonly fingerprint: string
  readonly positions: TopTokens
}

/** What came of comparing a GPU's numbers, and with what. */
export type SelfTest = {
  readonly result: 'passed' | 'failed'
  /** `itself`: the model is too large to be computed on the CPU as well, so the numbers were only checked for sense. */
  readonly against: 'cpu' | 'itself'
  readonly agreeing: number
  readonly positions: number
  /** Between logarithms of probabilities, over tokens that matter. Null when none could be compared. */
  readonly largestDifference: number | null
  readonly adapter: string
  readonly tookMs: number
  /** What computing the reference took; null when it was known, or there is none. */
  readonly referenceMs: number | null
  /** What was found wrong; '' when nothing was. */
  readonly detail: string
}

/** A GPU whose numbers for a model were wrong: it is not tried again for this model until someone asks for it. */
export type GpuFailure = {
  /** As in `SelfTestReference`. */
  readonly fingerprint: string
  readonly adapter: string
  /** Another version may bring other shaders. */
  readonly engineVersion: string
  /** What tells the model without reading its weights, for who speaks of it before it is loaded. */
  readonly modelName: string
  readonly sizeBytes: number
  readonly numbers: string
  readonly test: SelfTest
}

/** The load options that change what is computed, so that a failure with some says nothing of others. */
export function numbersKey({ cacheType, yarn }: Pick<LoadOptions, 'cacheType' | 'yarn'>): string {
  return JSON.stringify([cacheType, yarn])
}

export type Verdict = Pick<
  SelfTest,
  'result' | 'agreeing' | 'positions' | 'largestDifference' | 'detail'
>

/**
 * The text whose beginnings are the prompts: English, then JSON that copies itself, as both are what a model is asked for
 * here. The first is long enough to be computed as a batch; the later ones add a token or two, which is a kernel of its own.
 */
export const SELF_TEST_PROMPTS: readonly string[] = growing(
  'The capital of France is Paris. The capital of Germany is Berlin. The capital of Italy is',
  [' Rome.', ' The', ' capital', '\n{"a": 1, "b": 2}\n', '{"a"', ': 1,', ' "b":'],
)
/** What any model of a language goes on with at some places: see `judgeByItself`. */
const EXPECTED: ReadonlyMap<number, RegExp> = new Map([
  [0, /Rome|R/],
  [3, /of/],
  [5, /:/],
  [7, /2/],
])

/** Tokens told at each place. */
export const SELF_TEST_ALTERNATIVES = 5

/**
 * Half precision and other orders of adding move the logarithm of a probability by some hundredths (0.04 measured); a wrong
 * kernel moves it by whole numbers.
 */
const TOLERANCE = 0.5
/** Tokens less likely than the best one by more than this (e^-4 = 2 %) are noise. */
const RELEVANT = 4
/** One place of eight may be odd: a tie between two tokens, at the edge of the tolerance. */
const MOST_ODD = 1

/**
 * Compares a GPU's numbers with the CPU's. A place agrees when its likeliest token is the same, or one that is nearly as likely
 * on the CPU, and the probabilities of the tokens that both name are near each other.
 */
export function judgeAgainst(reference: TopTokens, measured: TopTokens): Verdict {
  let agreeing = 0
  let largest: number | null = null
  let detail = ''
  reference.forEach((expected, index) => {
    const { isAgreeing, difference } = comparePlace(expected, measured[index] ?? [])
    if (isAgreeing) agreeing += 1
    else
      detail ||= `at place ${index + 1} ${namesOf(measured[index] ?? [])} instead of ${namesOf(expected)}`
    if (difference !== null) largest = Math.max(largest ?? 0, difference)
  })
  const isPassed = reference.length > 0 && agreeing >= reference.length - MOST_ODD
  return {
    result: isPassed ? 'passed' : 'failed',
    agreeing,
    positions: reference.length,
    largestDifference: largest,
    detail: isPassed ? '' : detail,
  }
}

function comparePlace(
  expected: readonly TokenAlternative[],
  measured: readonly TokenAlternative[],
): { readonly isAgreeing: boolean; readonly difference: number | null } {
  const [best] = expected
  const [top] = measured
  if (!best || !top) return { isAgreeing: false, difference: null }
  const relevant = expected.filter(({ logprob }) => logprob >= best.logprob - RELEVANT)
  const differences = relevant.flatMap(({ id, logprob }) => {
    const same = measured.find((token) => token.id === id)
    return same ? [Math.abs(same.logprob - logprob)] : []
  })
  const difference = differences.length > 0 ? Math.max(...differences) : null
  const onCpu = expected.find(({ id }) => id === top.id)
  const isTop = onCpu !== undefined && onCpu.logprob >= best.logprob - TOLERANCE
  return { isAgreeing: isTop && difference !== null && difference <= TOLERANCE, difference }
}

/**
 * For a model that the CPU cannot compute as well: are the numbers those of a language model? The distribution must be
 * neither flat nor the same everywhere, the same again for the same prompt, and half of the places that any model of this
 * size knows must have what comes next among the likeliest.
 */
export function judgeByItself(measured: TopTokens, again: readonly TokenAlternative[]): Verdict {
  const known = [...EXPECTED].filter(([index, pattern]) =>
    (measured[index] ?? []).some(({ text }) => pattern.test(text)),
  )
  const problems = [
    measured.some((place) => place.length === 0) && 'no probabilities at some places',
    measured.every((place) => isFlat(place)) && 'all tokens equally likely',
    new Set(measured.map((place) => place[0]?.id)).size === 1 && 'the same token everywhere',
    known.length * 2 < EXPECTED.size && `nonsense, such as ${namesOf(measured[0] ?? [])}`,
    !isRepeated(measured.at(-1) ?? [], again) && 'other numbers when asked again',
  ].filter((problem) => problem !== false)
  return {
    result: problems.length === 0 ? 'passed' : 'failed',
    agreeing: known.length,
    positions: EXPECTED.size,
    largestDifference: null,
    detail: problems.join(', '),
  }
}

/** Nothing of tens of thousands of tokens stands out. */
function isFlat(place: readonly TokenAlternative[]): boolean {
  const best = place[0]?.logprob ?? 0
  const last = place.at(-1)?.logprob ?? 0
  return best < -1 && best - last < 0.01
}

function isRepeated(
  first: readonly TokenAlternative[],
  second: readonly TokenAlternative[],
): boolean {
  const verdict = judgeAgainst([first], [second])
  return verdict.agreeing === 1
}

function namesOf(place: readonly TokenAlternative[]): string {
  const names = place.slice(0, 2).map(({ text }) => JSON.stringify(text))
  return names.length > 0 ? names.join(', ') : 'nothing'
}

function growing(start: string, parts: readonly string[]): readonly string[] {
  return [start, ...parts].map((_, index) => start + parts.slice(0, index).join(''))
}
