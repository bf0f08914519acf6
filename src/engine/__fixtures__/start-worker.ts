import { isFromWorker, type FromWorker, type LoadEngine } from '../protocol.ts'
import { serveEngine } from '../serve-engine.ts'
import type { EngineWorker } from '../worker-link.ts'

export type FakeWorker = {
  readonly worker: EngineWorker
  /** Every message that the page got. */
  readonly heard: FromWorker[]
  readonly isTerminated: () => boolean
  fail(type: 'error' | 'messageerror', message?: string): void
}

/** A worker on the other side of a `MessageChannel`, in this thread. */
export function startWorker(load: LoadEngine): FakeWorker {
  const { port1, port2 } = new MessageChannel()
  const failures = new EventTarget()
  const heard: FromWorker[] = []
  let isTerminated = false
  serveEngine(port2, load)
  port1.addEventListener('message', (event) => {
    if (isFromWorker(event.data)) heard.push(event.data)
  })
  port1.start()
  port2.start()
  return {
    heard,
    isTerminated: () => isTerminated,
    fail: (type, message) => {
      failures.dispatchEvent(Object.assign(new Event(type), { message }))
    },
    worker: {
      postMessage: (message) => port1.postMessage(message),
      addEventListener: (type, listener) => {
        if (type === 'message') port1.addEventListener('message', listener)
        else failures.addEventListener(type, listener)
      },
      terminate: () => {
        isTerminated = true
        port1.close()
      },
    },
  }
}
