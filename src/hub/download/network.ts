import type { Network } from './fetch-range.ts'

/** The browser's own idea of being online: its `false` is certain, its `true` only hopeful. */
export function browserNetwork(): Network {
  const isOnline = () => navigator.onLine

  function untilOnline(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (isOnline() || signal.aborted) return resolve()
      const finish = () => {
        removeEventListener('online', finish)
        signal.removeEventListener('abort', finish)
        resolve()
      }
      addEventListener('online', finish)
      signal.addEventListener('abort', finish)
    })
  }

  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const finish = () => {
        clearTimeout(timer)
        removeEventListener('online', finish)
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const timer = setTimeout(finish, ms)
      // The network came back or is another one: a reason to try at once.
      addEventListener('online', finish)
      signal.addEventListener('abort', finish)
    })
  }

  return { isOnline, untilOnline, sleep, now: () => Date.now() }
}
