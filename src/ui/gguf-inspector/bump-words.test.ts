import fc from 'fast-check'
import { expect, it } from 'vitest'

import { bumpSentence, layerList } from './bump-words.ts'

it('says in words what was raised where', () => {
  const bump = { change: 'raised', type: 'Q6_K', isEverywhere: false } as const
  const layers = [0, 1, 2, 3, 32, 33, 34, 35]
  expect(bumpSentence({ ...bump, roles: ['attn_v', 'ffn_down'], layers })).toBe(
    'attn_v and ffn_down were raised to Q6_K in layers 0-3 and 32-35.',
  )
  expect(bumpSentence({ ...bump, roles: ['output'], layers: null })).toBe(
    'output was raised to Q6_K.',
  )
  expect(
    bumpSentence({ ...bump, change: 'lowered', roles: ['attn_q'], layers, isEverywhere: true }),
  ).toBe('attn_q was lowered to Q6_K in every layer.')
  expect(layerList([7])).toBe('layer 7')
  expect(layerList([0, 2, 3, 9])).toBe('layers 0, 2-3 and 9')
})

it('names every layer exactly once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(80), { minLength: 1 }), (numbers) => {
      const layers = numbers.toSorted((a, b) => a - b)
      const named = [...layerList(layers).matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(
        ([, first, last]) => {
          const length = Number(last ?? first) - Number(first) + 1
          return Array.from({ length }, (_, offset) => Number(first) + offset)
        },
      )
      expect(named).toEqual(layers)
    }),
  )
})
