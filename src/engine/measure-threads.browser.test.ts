import { describe, expect, it } from 'vitest'
import { fewestOf, measureThreads } from './measure-threads.ts'

const never = new AbortController().signal

describe('measureThreads', () => {
  it('measures as many threads as there are cores, in a moment', async () => {
    const { best, speeds, tookMs } = await measureThreads(2, never)
    expect(speeds.map(({ threads }) => threads)).toEqual([1, 2])
    expect(speeds[0]?.speed).toBeCloseTo(1)
    // Two threads never make more than twice of one; the margin is for a clock and a machine that others use.
    expect(speeds[1]?.speed).toBeGreaterThan(0.2)
    expect(speeds[1]?.speed).toBeLessThan(4)
    expect([1, 2]).toContain(best)
    expect(tookMs).toBeGreaterThan(0)
  })

  it('can be stopped', async () => {
    await expect(measureThreads(2, AbortSignal.abort())).rejects.toThrow('stopped')
  })
})

describe('fewestOf', () => {
  const of = (...speeds: readonly number[]) =>
    fewestOf(speeds.map((speed, index) => ({ threads: index + 1, speed })))

  it('takes another thread only when it is worth one', () => {
    expect(of(1)).toBe(1)
    expect(of(1, 1.9)).toBe(2)
    expect(of(1, 1.05)).toBe(1)
    expect(of(1, 1.9, 1.95, 2.6)).toBe(4)
    expect(of(1, 0.6, 0.4)).toBe(1)
  })
})
