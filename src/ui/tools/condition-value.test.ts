import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../core/lib/json.ts'
import { typedValue, valueInput, valueText, withKey } from './condition-value.ts'

describe('valueInput', () => {
  it.each<[JsonValue | undefined, ReturnType<typeof valueInput>]>([
    [
      { type: 'string', enum: ['c', 'f'] },
      { type: 'choice', options: ['c', 'f'] },
    ],
    [{ type: 'boolean' }, { type: 'choice', options: [true, false] }],
    [{ type: 'integer' }, { type: 'number' }],
    [{ type: 'string' }, { type: 'text' }],
    [{ type: ['string', 'null'] }, { type: 'json' }],
    [{}, { type: 'json' }],
    [true, { type: 'json' }],
    [undefined, { type: 'json' }],
  ])('%j', (schema, input) => {
    expect(valueInput(schema)).toEqual(input)
  })
})

describe('typedValue', () => {
  it('types by the schema, and keeps what does not fit as text', () => {
    expect(typedValue({ type: 'text' }, '12')).toBe('12')
    expect(typedValue({ type: 'number' }, '12')).toBe(12)
    expect(typedValue({ type: 'number' }, '-1e3')).toBe(-1000)
    expect(typedValue({ type: 'number' }, '12 or so')).toBe('12 or so')
    expect(typedValue({ type: 'number' }, 'true')).toBe('true')
    expect(typedValue({ type: 'choice', options: [true, false] }, 'false')).toBe(false)
    expect(typedValue({ type: 'json' }, '[1]')).toEqual([1])
    expect(typedValue({ type: 'json' }, 'Paris')).toBe('Paris')
  })

  it('gives back what a value is written as, whatever its type', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (any) => {
        const value = any as JsonValue
        if (typeof value === 'string') expect(typedValue({ type: 'text' }, value)).toBe(value)
        else
          expect(valueText(typedValue({ type: 'json' }, valueText(value)))).toBe(valueText(value))
      }),
    )
  })
})

it('renames a key where it stands', () => {
  expect(Object.entries(withKey({ a: 1, b: 2, c: 3 }, 'b', ['x', 2]))).toEqual([
    ['a', 1],
    ['x', 2],
    ['c', 3],
  ])
})
