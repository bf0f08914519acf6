import type { EngineError } from './engine.ts'
import { isFromWorker, type EnginePort, type FromWorker, type ToWorker } from './protocol.ts'

/** What is needed of a `Worker`. */
export type EngineWorker = Omit<EnginePort, 'addEventListener'> & {
  addEventListener(
    type: 'message' | 'messageerror' | 'error',
    listener: (event: Event) => void,
  ): void
  terminate(): void
}

export const UNLOADED: EngineError = { kind: 'crashed', detail: 'The model was unloaded.' }

/** The message traffic with one worker, and the one place that knows why it is over. */
export type Link = {
  post(message: ToWorker): void
  /** Starts something with a fresh id: `onReply` gets its answers until `close`. */
  open(onReply: (message: FromWorker) => void): { readonly id: number; close(): void }
  /** Aborts when the worker is no longer to be used; `failure` then says why. */
  readonly gone: AbortSignal
  failure(): EngineError
  lose(error: EngineError): void
  terminate(): void
}

export function createLink(worker: EngineWorker): Link {
  const replies = new Map<number, (message: FromWorker) => void>()
  const gone = new AbortController()
  let failure: EngineError = UNLOADED
  let nextId = 1
  let hasSpoken = false

  function lose(error: EngineError): void {
    if (gone.signal.aborted) return
    failure = error
    gone.abort()
  }
  function end(error: EngineError): void {
    lose(error)
    worker.terminate()
  }

  worker.addEventListener('message', (event) => {
    if (!('data' in event) || !isFromWorker(event.data)) return
    hasSpoken = true
    replies.get(event.data.id)?.(event.data)
  })
  worker.addEventListener('messageerror', () => {
    end({ kind: 'crashed', detail: 'A message of the engine could not be read.' })
  })
  worker.addEventListener('error', (event) => {
    const detail = 'message' in event && typeof event.message === 'string' ? event.message : ''
    // A worker that fails before its first word is one whose script did not arrive.
    end(
      hasSpoken
        ? { kind: 'crashed', detail: detail || 'The engine stopped working.' }
        : { kind: 'network', detail: detail || 'The engine itself could not be loaded.' },
    )
  })

  return {
    post: (message) => worker.postMessage(message),
    open(onReply) {
      const id = nextId++
      replies.set(id, onReply)
      return { id, close: () => replies.delete(id) }
    },
    gone: gone.signal,
    failure: () => failure,
    lose,
    terminate: () => worker.terminate(),
  }
}
