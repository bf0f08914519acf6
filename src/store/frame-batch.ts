import type { AppDeps } from './deps.ts'

export type FrameBatch = {
  /** Applies before the next paint, once for however many calls. */
  readonly schedule: () => void
  /** Applies now. */
  readonly flush: () => void
  readonly cancel: () => void
}

/** Turns many small changes into one `set` per frame: tokens may come faster than the screen is drawn. */
export function createFrameBatch(
  requestFrame: AppDeps['requestFrame'],
  apply: () => void,
): FrameBatch {
  let cancelFrame: (() => void) | null = null
  function cancel(): void {
    cancelFrame?.()
    cancelFrame = null
  }
  return {
    schedule() {
      cancelFrame ??= requestFrame(() => {
        cancelFrame = null
        apply()
      })
    },
    flush() {
      cancel()
      apply()
    },
    cancel,
  }
}
