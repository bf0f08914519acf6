import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { editDistance, nearest } from './nearest.ts'

describe('nearest', () => {
  it.each<[string, readonly string[], string | undefined]>([
    ['get_wether', ['get_news', 'get_weather'], 'get_weather'],
    ['getWeather', ['get_weather'], 'get_weather'],
    ['Location', ['location', 'unit'], 'location'],
    ['city', ['location', 'unit'], undefined],
    ['c', ['f'], undefined],
    ['hsot', ['host', 'port'], 'host'],
    ['', ['a', ''], undefined],
    ['__', ['--'], undefined],
  ])('%s among %j is %s', (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected)
  })

  it('does not spend quadratic time on long names', () => {
    expect(nearest('a'.repeat(100_000), ['b'.repeat(100_000)])).toBeUndefined()
  })
})

describe('editDistance', () => {
  it('counts a swap once', () => {
    expect(editDistance('ab', 'ba')).toBe(1)
  })

  it('is symmetric, and 0 only for equal texts', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b) === 0).toBe(a === b)
      }),
    )
  })
})
