import type { AppDeps } from './deps.ts'

export type FrameBatch = {
  /** Applies before a next paint, once for however many calls. */
  readonly schedule: () => void
  readonly cancel: () => void
}

/** Of the time, at most. */
const DRAWING_SHARE = 0.06

/** However slow the page: more seldom than this looks like a standstill. */
const MOST_INTERVAL_MS = 250

type Clock = Pick<AppDeps, 'requestFrame' | 'setTimer' | 'nowMs'>

/**
 * Turns many small changes into one `set` per frame, no more often than every `minIntervalMs`, and less often where a
 * frame is dear: drawing gets at most a sixteenth of the time.
 *
 * Tokens may come faster than the screen is drawn, and drawing takes the cores that the model computes on. The first
 * change after a pause is shown with the next frame.
 */
export function createFrameBatch(
  { requestFrame, setTimer, nowMs }: Clock,
  apply: () => void,
  minIntervalMs = 0,
): FrameBatch {
  let cancelPending: (() => void) | null = null
  let appliedAtMs = Number.NEGATIVE_INFINITY
  let intervalMs = minIntervalMs

  function nextFrame(): void {
    cancelPending = requestFrame(() => {
      cancelPending = null
      appliedAtMs = nowMs()
      apply()
      // A timer runs when the frame is through: rendering, layout and painting count too.
      if (minIntervalMs > 0) setTimer(noteCost, 0)
    })
  }

  function noteCost(): void {
    const wantedMs = (nowMs() - appliedAtMs) / DRAWING_SHARE
    intervalMs = Math.min(MOST_INTERVAL_MS, Math.max(minIntervalMs, wantedMs))
  }

  return {
    schedule() {
      if (cancelPending) return
      const waitMs = minIntervalMs === 0 ? 0 : appliedAtMs + intervalMs - nowMs()
      if (waitMs <= 0) nextFrame()
      else cancelPending = setTimer(nextFrame, waitMs)
    },
    cancel() {
      cancelPending?.()
      cancelPending = null
    },
  }
}
