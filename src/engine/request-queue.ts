/** First in, first out, one at a time: wllama drops a request that finds no free slot and never answers it. */
export type RequestQueue = {
  /** Waits for the turn. Resolves to the function that ends it, or to null when `signal` aborts the wait. */
  enter(signal: AbortSignal): Promise<(() => void) | null>
}

export function createRequestQueue(): RequestQueue {
  const waiting: (() => void)[] = []
  let isBusy = false

  function leave(): void {
    const next = waiting.shift()
    if (next) next()
    else isBusy = false
  }

  /** Leaving twice must not let two requests in. */
  function once(): () => void {
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      leave()
    }
  }

  return {
    enter(signal) {
      if (signal.aborted) return Promise.resolve(null)
      if (!isBusy) {
        isBusy = true
        return Promise.resolve(once())
      }
      return new Promise((resolve) => {
        const start = () => {
          signal.removeEventListener('abort', giveUp)
          resolve(once())
        }
        const giveUp = () => {
          waiting.splice(waiting.indexOf(start), 1)
          resolve(null)
        }
        waiting.push(start)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
  }
}
