import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { createRangeLength, nextRange, type PieceState, type PlannedFile } from './ranges.ts'

const LIMITS = { parallelRanges: 6, rangePieces: 4 }

const file = (pieces: readonly PieceState[], rest: Partial<PlannedFile> = {}): PlannedFile => ({
  pieces,
  ranges: 'supported',
  activeRanges: 0,
  ...rest,
})
const missing = (count: number): PieceState[] => Array.from({ length: count }, () => 'missing')

describe('nextRange', () => {
  it('asks for one piece first, alone, to learn where the bytes are', () => {
    expect(nextRange([file(missing(40), { ranges: 'unknown' })], LIMITS)).toEqual({
      file: 0,
      range: { first: 0, count: 1 },
    })
    expect(
      nextRange([file(missing(40), { ranges: 'unknown', activeRanges: 1 })], LIMITS),
    ).toBeNull()
  })

  it('takes the first gap, as long as the limit and the next piece allow', () => {
    expect(nextRange([file(missing(200))], LIMITS)?.range).toEqual({ first: 0, count: 4 })
    const gap: PieceState[] = ['done', 'active', 'missing', 'missing', 'done', ...missing(100)]
    expect(nextRange([file(gap)], LIMITS)?.range).toEqual({ first: 2, count: 2 })
  })

  it('asks for single pieces at the end, so that all connections end together', () => {
    expect(nextRange([file(missing(12))], LIMITS)?.range.count).toBe(1)
  })

  it('leaves some connections to the next shard', () => {
    const busy = file(missing(50), { activeRanges: 4 })
    expect(nextRange([busy, file(missing(50))], LIMITS)?.file).toBe(1)
    expect(nextRange([busy], LIMITS)?.file).toBe(0)
  })

  it('asks a server without ranges for the whole file, once', () => {
    const pieces: PieceState[] = ['done', 'missing', 'missing']
    expect(nextRange([file(pieces, { ranges: 'unsupported' })], LIMITS)).toEqual({
      file: 0,
      range: { first: 0, count: 3 },
    })
    expect(nextRange([file(pieces, { ranges: 'unsupported', activeRanges: 1 })], LIMITS)).toBeNull()
  })

  it('gives every missing piece just once, whatever the order in which ranges end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom<PieceState>('missing', 'done'), { maxLength: 30 }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 1, max: 8 }),
        fc.infiniteStream(fc.nat(100)),
        (start, parallelRanges, choices) => {
          const files = start.map((pieces) => ({
            pieces: [...pieces],
            activeRanges: 0,
            asked: [] as number[],
          }))
          const running: { file: number; first: number; count: number }[] = []
          const planned = () =>
            files.map((one) => file(one.pieces, { activeRanges: one.activeRanges }))
          for (;;) {
            const next =
              running.length < parallelRanges
                ? nextRange(planned(), { parallelRanges, rangePieces: 4 })
                : null
            const target = next && files[next.file]
            if (next && target) {
              for (
                let piece = next.range.first;
                piece < next.range.first + next.range.count;
                piece++
              ) {
                expect(target.pieces[piece]).toBe('missing')
                target.pieces[piece] = 'active'
                target.asked.push(piece)
              }
              target.activeRanges++
              running.push({ file: next.file, ...next.range })
              continue
            }
            const [ended] = running.splice(
              (choices.next().value ?? 0) % Math.max(1, running.length),
              1,
            )
            const owner = ended && files[ended.file]
            if (!ended || !owner) break
            owner.activeRanges--
            owner.pieces.fill('done', ended.first, ended.first + ended.count)
          }
          for (const [index, { pieces, asked }] of files.entries()) {
            expect(pieces.every((piece) => piece === 'done')).toBe(true)
            const wanted = (start[index] ?? []).flatMap((piece, at) =>
              piece === 'missing' ? [at] : [],
            )
            expect(asked.toSorted((a, b) => a - b)).toEqual(wanted)
          }
        },
      ),
    )
  })
})

describe('the length of a range', () => {
  it('grows where answers take long to begin', () => {
    const length = createRangeLength()
    expect(length.pieces()).toBe(1)
    length.note({ firstByteMs: 2, bodyMs: 300, pieces: 1 })
    expect(length.pieces()).toBe(1)
    for (let count = 0; count < 20; count++)
      length.note({ firstByteMs: 80, bodyMs: 400, pieces: 1 })
    expect(length.pieces()).toBe(4)
    for (let count = 0; count < 20; count++)
      length.note({ firstByteMs: 900, bodyMs: 100, pieces: 1 })
    expect(length.pieces()).toBe(64)
  })

  it('learns nothing from an answer without bytes', () => {
    const length = createRangeLength()
    length.note({ firstByteMs: 5000, bodyMs: 0, pieces: 0 })
    expect(length.pieces()).toBe(1)
  })
})
