import { describe, expect, it } from 'vitest'

import type { JsonObject, JsonValue } from '../lib/json.ts'
import { chooseCannedResult } from './canned-result.ts'

function choose(whens: readonly JsonObject[], args: JsonValue): JsonObject | undefined {
  return chooseCannedResult(
    whens.map((when) => ({ when })),
    args,
  )?.when
}

describe('chooseCannedResult', () => {
  const whens: readonly JsonObject[] = [
    {},
    { city: 'Oslo' },
    { unit: 'c' },
    { city: 'Oslo', unit: 'c' },
  ]

  it.each<[string, JsonValue, JsonObject]>([
    ['the most conditions win', { city: 'Oslo', unit: 'c', more: 1 }, { city: 'Oslo', unit: 'c' }],
    ['one condition', { city: 'Oslo', unit: 'f' }, { city: 'Oslo' }],
    ['values are compared exactly', { city: 'oslo' }, {}],
    ['a default for anything else', { city: 5 }, {}],
    ['a default even without an object', null, {}],
  ])('%s', (_, args, expected) => {
    expect(choose(whens, args)).toEqual(expected)
  })

  it('of equal ones the first wins', () => {
    expect(choose([{ a: 1 }, { b: 1 }], { a: 1, b: 1 })).toEqual({ a: 1 })
  })

  it('none fits', () => {
    expect(choose([{ a: 1 }], { b: 1 })).toBeUndefined()
    expect(choose([{ toString: 1 }], {})).toBeUndefined()
    expect(choose([], {})).toBeUndefined()
  })

  it.each<[JsonValue, JsonValue, boolean]>([
    [{ x: 1, y: [1, { z: null }] }, { y: [1, { z: null }], x: 1 }, true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [{ x: 1 }, { x: 1, y: 2 }, false],
    [1, '1', false],
    [null, false, false],
    [[], {}, false],
  ])('%j against %j: %s', (wanted, given, isEqual) => {
    expect(choose([{ a: wanted }], { a: given }) !== undefined).toBe(isEqual)
  })
})
