import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../lib/json.ts'
import { partialEntries, replaceAtPointer, spanAtPointer } from './partial-json.ts'

const show = (text: string) =>
  partialEntries(text).map(({ key, keySpan, valueSpan, value, complete }) => ({
    key,
    keyText: text.slice(keySpan.start, keySpan.end),
    valueText: text.slice(valueSpan.start, valueSpan.end),
    value,
    complete,
  }))

describe('partialEntries', () => {
  it('tells complete entries from the one that is written', () => {
    expect(show('{"a": 1, "b\\n": [1, {"c": 2}], "d": "x y')).toEqual([
      { key: 'a', keyText: '"a"', valueText: '1', value: 1, complete: true },
      {
        key: 'b\n',
        keyText: '"b\\n"',
        valueText: '[1, {"c": 2}]',
        value: [1, { c: 2 }],
        complete: true,
      },
      { key: 'd', keyText: '"d"', valueText: '"x y', value: undefined, complete: false },
    ])
  })

  it.each(['', ' ', '{', '{"', '{"a', '5', '"text"', '"', '[1]', 'null', '"\\', '"\\x'])(
    '%j has no entries',
    (text) => {
      expect(partialEntries(text)).toEqual([])
    },
  )

  it.each(['{"a"', '{"a":', '{"a": '])('%j has an entry without a value', (text) => {
    const end = { start: text.length, end: text.length }
    expect(partialEntries(text)).toEqual([
      {
        key: 'a',
        keySpan: { start: 1, end: 4 },
        valueSpan: end,
        value: undefined,
        complete: false,
      },
    ])
  })

  it('a number is complete once something follows it', () => {
    expect(show('{"a": 12').map(({ complete }) => complete)).toEqual([false])
    expect(show('{"a": 12 ').map(({ value }) => value)).toEqual([12])
  })

  it('keeps what stands before an error', () => {
    expect(show('{"a": null, "b": True, "c": 1}')).toEqual([
      { key: 'a', keyText: '"a"', valueText: 'null', value: null, complete: true },
      { key: 'b', keyText: '"b"', valueText: 'True, "c": 1}', value: undefined, complete: false },
    ])
  })

  it('reads arguments in a string, with spans in the escaped text', () => {
    expect(show(String.raw`"{\"a\": \"x\\ny\", \"\u0062\": {\"c\"`)).toEqual([
      {
        key: 'a',
        keyText: String.raw`\"a\"`,
        valueText: String.raw`\"x\\ny\"`,
        value: 'x\ny',
        complete: true,
      },
      {
        key: 'b',
        keyText: String.raw`\"\u0062\"`,
        valueText: String.raw`{\"c\"`,
        value: undefined,
        complete: false,
      },
    ])
  })

  it('every prefix of an object has its entries in order, and the whole has all of them', () => {
    const keyed = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { maxKeys: 5 })
    fc.assert(
      fc.property(
        keyed,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (object, share, isEncoded) => {
          const inner = JSON.stringify(object)
          const text = isEncoded ? JSON.stringify(inner) : inner
          const whole: readonly (readonly [string, unknown])[] = Object.entries(JSON.parse(inner))
          expect(partialEntries(text).map(({ key, value }) => [key, value])).toEqual(whole)
          const prefix = text.slice(0, Math.floor(text.length * share))
          const entries = partialEntries(prefix)
          entries.forEach(({ key, keySpan, valueSpan, value, complete }, index) => {
            expect(key).toBe(whole[index]?.[0])
            if (complete) expect(value).toEqual(whole[index]?.[1])
            else expect(index).toBe(entries.length - 1)
            expect(keySpan.end).toBeLessThanOrEqual(valueSpan.start)
            expect(valueSpan.end).toBeLessThanOrEqual(prefix.length)
          })
        },
      ),
    )
  })

  it('never throws', () => {
    const text = fc
      .array(fc.constantFrom(...'{}[]",:\\1u tn\ud83d'.split(''), '"a"', '\\"', '"{', '\\u00'))
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (broken) => {
        partialEntries(broken)
        spanAtPointer(broken, '/a/0')
      }),
    )
  })
})

describe('spanAtPointer', () => {
  const text = ' {"a": {"b/c~": [10, "x", {"d": null}]}, "": 5, "a2": 1, "a2": 2} '
  it.each([
    ['', text.trim()],
    ['/a', '{"b/c~": [10, "x", {"d": null}]}'],
    ['/a/b~1c~0/1', '"x"'],
    ['/a/b~1c~0/2/d', 'null'],
    ['/', '5'],
    ['/a2', '2'],
  ])('%j', (pointer, value) => {
    const span = spanAtPointer(text, pointer)
    expect(span && text.slice(span.start, span.end)).toBe(value)
  })

  it.each(['/x', '/a/b', '/a/b~1c~0/3', '/a/b~1c~0/-', '/a2/0', '/a/b~1c~0/01'])(
    'nothing at %j',
    (pointer) => {
      expect(spanAtPointer(text, pointer)).toBeNull()
    },
  )

  it('finds every value of a document', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, isSpaced) => {
        const document = isSpaced ? JSON.stringify(value, null, 2) : JSON.stringify(value)
        for (const [pointer, expected] of pointersOf(JSON.parse(document))) {
          const span = spanAtPointer(document, pointer)
          expect(span && JSON.parse(document.slice(span.start, span.end))).toEqual(expected)
        }
      }),
    )
  })
})

describe('replaceAtPointer', () => {
  it('replaces in place and keeps the rest as it is', () => {
    expect(replaceAtPointer('{ "a":[1,  2] }', '/a/1', '"x"')).toBe('{ "a":[1,  "x"] }')
    expect(replaceAtPointer('{"a": 1}', '', '{}')).toBe('{}')
    expect(replaceAtPointer('{"a": 1}', '/b', '2')).toBeNull()
  })

  it('escapes in a string', () => {
    expect(replaceAtPointer(String.raw`"{\"a\": 1}"`, '/a', '"x\\n"')).toBe(
      String.raw`"{\"a\": \"x\\n\"}"`,
    )
  })
})

function pointersOf(value: JsonValue, at = ''): readonly (readonly [string, JsonValue])[] {
  if (typeof value !== 'object' || value === null) return [[at, value]]
  const below = Object.entries(value).flatMap(([key, entry]: [string, JsonValue]) =>
    pointersOf(entry, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
  return [[at, value], ...below]
}
