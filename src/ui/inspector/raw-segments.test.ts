import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rawSegments } from './raw-segments.ts'

it('cuts the output at calls, at their arguments and at what is pointed at', () => {
  const call = { callIndex: 0, span: { start: 2, end: 8 } }
  const argument = { callIndex: 0, span: { start: 3, end: 5 } }
  const next = { callIndex: 1, span: { start: 8, end: 10 } }
  expect(rawSegments(12, [call, argument, next], { start: 3, end: 5 })).toEqual([
    { start: 0, end: 2, target: null, isLit: false },
    { start: 2, end: 3, target: call, isLit: false },
    { start: 3, end: 5, target: argument, isLit: true },
    { start: 5, end: 8, target: call, isLit: false },
    { start: 8, end: 10, target: next, isLit: false },
    { start: 10, end: 12, target: null, isLit: false },
  ])
})

it('has no segment for an empty output', () => {
  expect(rawSegments(0, [], { start: 0, end: 4 })).toEqual([])
})

it('covers the output once, in order, whatever is pointed at', () => {
  const offset = fc.nat(50)
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.array(offset, { maxLength: 8 }),
      fc.tuple(offset, offset),
      (length, ends, [a, b]) => {
        const sorted = [...new Set(ends)].toSorted((x, y) => x - y)
        const targets = sorted.slice(1).map((end, callIndex) => ({
          callIndex,
          span: { start: sorted[callIndex] ?? 0, end },
        }))
        const lit = { start: Math.min(a, b), end: Math.max(a, b) }
        let at = 0
        for (const segment of rawSegments(length, targets, lit)) {
          expect(segment.start).toBe(at)
          expect(segment.end).toBeGreaterThan(segment.start)
          at = segment.end
        }
        expect(at).toBe(length)
      },
    ),
  )
})
