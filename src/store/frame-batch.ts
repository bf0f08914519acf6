import type { AppDeps } from './deps.ts'

export type FrameBatch = {
  /** Applies before a next paint, once for however many calls. */
  readonly schedule: () => void
  readonly cancel: () => void
}

type Clock = Pick<AppDeps, 'requestFrame' | 'setTimer' | 'nowMs'>

/**
 * Turns many small changes into one `set` per frame, and no more often than every `minIntervalMs`.
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

  function nextFrame(): void {
    cancelPending = requestFrame(() => {
      cancelPending = null
      appliedAtMs = nowMs()
      apply()
    })
  }

  return {
    schedule() {
      if (cancelPending) return
      const waitMs = minIntervalMs === 0 ? 0 : appliedAtMs + minIntervalMs - nowMs()
      if (waitMs <= 0) nextFrame()
      else cancelPending = setTimer(nextFrame, waitMs)
    },
    cancel() {
      cancelPending?.()
      cancelPending = null
    },
  }
}
