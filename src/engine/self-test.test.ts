import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenAlternative } from '../core/chat/token-info.ts'
import { judgeAgainst, judgeByItself, SELF_TEST_PROMPTS, type TopTokens } from './self-test.ts'

const place = (...logprobs: readonly number[]): readonly TokenAlternative[] =>
  logprobs.map((logprob, id) => ({ id, text: `t${id}`, logprob }))

const PLACE = place(-0.5, -1.6, -3, -4, -9)
const REFERENCE: TopTokens = Array.from({ length: 8 }, () => PLACE)

const withPlaces = (change: readonly TokenAlternative[], count: number): TopTokens =>
  REFERENCE.map((expected, index) => (index < count ? change : expected))

describe('judgeAgainst', () => {
  it('passes what differs as half precision does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -Math.fround(0.1), max: Math.fround(0.1), noNaN: true }), {
          minLength: 5,
          maxLength: 5,
        }),
        (noise) => {
          const noisy = PLACE.map((token, index) => ({
            ...token,
            logprob: token.logprob + (noise[index] ?? 0),
          }))
          const measured = REFERENCE.map(() => noisy)
          expect(judgeAgainst(REFERENCE, measured)).toMatchObject({ result: 'passed', agreeing: 8 })
        },
      ),
    )
  })

  it('fails other tokens, other probabilities, and none at all', () => {
    const others = PLACE.map((token) => ({ ...token, id: 100 + (token.id ?? 0) }))
    for (const wrong of [others, place(-2.5, -1.6, -3, -4, -9), place(-3, -0.1), []]) {
      expect(judgeAgainst(REFERENCE, withPlaces(wrong, 8)).result).toBe('failed')
      expect(judgeAgainst(REFERENCE, withPlaces(wrong, 2))).toMatchObject({
        result: 'failed',
        agreeing: 6,
      })
    }
    expect(judgeAgainst(REFERENCE, []).result).toBe('failed')
    expect(judgeAgainst([], []).result).toBe('failed')
  })

  it('lets one place of eight be odd, and a tie change sides', () => {
    expect(judgeAgainst(REFERENCE, withPlaces([], 1))).toMatchObject({
      result: 'passed',
      agreeing: 7,
      detail: '',
    })
    const tie = place(-0.7, -0.8)
    const turned = [...place(-0.8, -0.7)].toReversed()
    expect(judgeAgainst([tie], [turned])).toMatchObject({ result: 'passed', agreeing: 1 })
  })

  it('says what it saw instead', () => {
    const { detail, largestDifference } = judgeAgainst(REFERENCE, withPlaces(place(-3, -0.1), 8))
    expect(detail).toBe('at place 1 "t0", "t1" instead of "t0", "t1"')
    expect(largestDifference).toBe(2.5)
  })

  it('ignores tokens that are noise', () => {
    const measured = REFERENCE.map(() => place(-0.5, -1.6, -3, -4, -20))
    expect(judgeAgainst(REFERENCE, measured)).toMatchObject({ result: 'passed', agreeing: 8 })
  })
})

describe('judgeByItself', () => {
  const NEXT = [' Rome', ' The', ' capital', ' of', '{"', '":', ' "', ' 2']
  const sensible: TopTokens = NEXT.map((text, index) => [
    { id: index, text, logprob: -0.1 },
    { id: 99, text: 'x', logprob: -4 },
  ])

  it('passes what a language model would say', () => {
    expect(NEXT).toHaveLength(SELF_TEST_PROMPTS.length)
    expect(judgeByItself(sensible, sensible.at(-1) ?? [])).toEqual({
      result: 'passed',
      agreeing: 4,
      positions: 4,
      largestDifference: null,
      detail: '',
    })
  })

  it.each([
    ['no probabilities', NEXT.map(() => [])],
    ['equally likely', NEXT.map(() => place(-10, -10, -10))],
    ['the same token', NEXT.map(() => place(-0.1, -3))],
    [
      'nonsense',
      sensible.map((tokens, index) => tokens.map((token) => ({ ...token, id: index, text: '@' }))),
    ],
  ])('fails %s', (problem, measured) => {
    const verdict = judgeByItself(measured, measured.at(-1) ?? [])
    expect(verdict.result).toBe('failed')
    expect(verdict.detail).toContain(problem)
  })

  it('fails what is different when asked again', () => {
    const again = [{ id: 7, text: ' 2', logprob: -3 }]
    expect(judgeByItself(sensible, again).detail).toBe('other numbers when asked again')
  })
})
