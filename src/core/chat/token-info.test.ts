import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeTokens, surpriseBits, type TokenInfo } from './token-info.ts'

const tokenOf = (text: string): TokenInfo => ({ id: 1, text, logprob: -0.5, alternatives: [] })

describe('placeTokens', () => {
  it('gives every token the place where its text stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string({ unit: 'binary' })), (before, texts) => {
        const text = texts.join('')
        const placed = placeTokens(texts.map(tokenOf), { at: before.length, text })
        const output = before + text
        expect(placed.map((token) => output.slice(token.at, token.at + token.text.length))).toEqual(
          texts,
        )
      }),
    )
  })

  it('lets the first of the tokens of one character have it', () => {
    const halves = [tokenOf(''), tokenOf('')]
    expect(placeTokens(halves, { at: 3, text: 'é' })).toEqual([
      { ...tokenOf('é'), at: 3 },
      { ...tokenOf(''), at: 4 },
    ])
  })
})

it('surprise is counted in bits', () => {
  expect(surpriseBits(0)).toBe(0)
  expect(surpriseBits(Math.log(0.25))).toBeCloseTo(2)
})
