import { describe, expect, it } from 'vitest'
import { createFrameBatch } from './frame-batch.ts'

/** A clock that only the test moves: frames every 16 ms. */
function createClock() {
  let now = 0
  const due: { readonly atMs: number; readonly task: () => void }[] = []
  const at = (atMs: number, task: () => void) => {
    const entry = { atMs, task }
    due.push(entry)
    return () => {
      if (due.includes(entry)) due.splice(due.indexOf(entry), 1)
    }
  }
  return {
    nowMs: () => now,
    requestFrame: (task: () => void) => at(now + 16, task),
    setTimer: (task: () => void, delayMs: number) => at(now + delayMs, task),
    advance(ms: number) {
      const end = now + ms
      for (;;) {
        const next = due.toSorted((a, b) => a.atMs - b.atMs)[0]
        if (!next || next.atMs > end) break
        due.splice(due.indexOf(next), 1)
        now = next.atMs
        next.task()
      }
      now = end
    },
  }
}

describe('frame batch', () => {
  it('applies once for many changes, with the next frame', () => {
    const clock = createClock()
    const appliedAt: number[] = []
    const batch = createFrameBatch(clock, () => appliedAt.push(clock.nowMs()))
    batch.schedule()
    batch.schedule()
    expect(appliedAt).toEqual([])
    clock.advance(100)
    expect(appliedAt).toEqual([16])
  })

  it('shows a change after a pause at once, and a stream of them only so often', () => {
    const clock = createClock()
    const appliedAt: number[] = []
    const batch = createFrameBatch(clock, () => appliedAt.push(clock.nowMs()), 50)
    for (let ms = 0; ms < 200; ms += 5) {
      batch.schedule()
      clock.advance(5)
    }
    clock.advance(100)
    expect(appliedAt[0]).toBe(16)
    const gaps = appliedAt.slice(1).map((ms, index) => ms - (appliedAt[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(50)
    expect(Math.max(...gaps)).toBeLessThan(80)
  })

  it('shows less where a frame is dear, but goes on showing', () => {
    for (const [costMs, gapMs] of [
      [2, 50],
      [8, 133],
      [200, 250],
    ] as const) {
      const clock = createClock()
      const appliedAt: number[] = []
      const batch = createFrameBatch(
        clock,
        () => {
          appliedAt.push(clock.nowMs())
          clock.advance(costMs)
        },
        50,
      )
      for (let ms = 0; ms < 2000; ms += 5) {
        batch.schedule()
        clock.advance(5)
      }
      const gaps = appliedAt.slice(2).map((ms, index) => ms - (appliedAt[index + 1] ?? 0))
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(gapMs)
      expect(Math.max(...gaps)).toBeLessThan(gapMs + 30)
    }
  })

  it('applies nothing that was cancelled, whichever way it waits', () => {
    const clock = createClock()
    let count = 0
    const batch = createFrameBatch(clock, () => count++, 50)
    batch.schedule()
    batch.cancel()
    clock.advance(100)
    expect(count).toBe(0)
    batch.schedule()
    clock.advance(20)
    batch.schedule()
    batch.cancel()
    clock.advance(200)
    expect(count).toBe(1)
  })
})
