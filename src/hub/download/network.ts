import type { Network } from './fetch-range.ts'

/** How soon a network that came back is noticed. */
const LOOK_EVERY_MS = 500

/** The browser's own idea of being online: its `false` is certain, its `true` only hopeful. */
export function browserNetwork(): Network {
  const isOnline = () => navigator.onLine

  function untilOnline(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (isOnline() || signal.aborted) return resolve()
      const finish = () => {
        stopLooking()
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const stopLooking = whenBack(finish)
      signal.addEventListener('abort', finish)
    })
  }

  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const finish = () => {
        clearTimeout(timer)
        stopLooking()
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const timer = setTimeout(finish, ms)
      // The network came back or is another one: a reason to try at once.
      const stopLooking = whenBack(finish)
      signal.addEventListener('abort', finish)
    })
  }

  /** Chromium has no `online` event in workers, so it is looked for as well. Returns what stops it. */
  function whenBack(wake: () => void): () => void {
    let wasOnline = isOnline()
    const look = () => {
      const isNow = isOnline()
      if (isNow && !wasOnline) wake()
      wasOnline = isNow
    }
    const timer = setInterval(look, LOOK_EVERY_MS)
    addEventListener('online', wake)
    return () => {
      clearInterval(timer)
      removeEventListener('online', wake)
    }
  }

  return { isOnline, untilOnline, sleep, now: () => Date.now() }
}
