import { assertNever } from '../core/lib/assert-never.ts'
import { err, ok } from '../core/lib/result.ts'
import type { Engine, EngineError, EngineEvent } from './engine.ts'
import {
  isTerminal,
  isToWorker,
  type EnginePort,
  type FromWorker,
  type LoadEngine,
  type ToWorker,
} from './protocol.ts'

/** Tokens that come faster than this are posted together: some 60 messages a second are plenty for a display. */
const BATCH_MS = 16

/** The worker half of the protocol: answers the messages of `port` with the one engine that `load` makes. */
export function serveEngine(port: EnginePort, load: LoadEngine): void {
  let engine: Engine | null = null
  const running = new Map<number, AbortController>()
  const post = (message: FromWorker) => port.postMessage(message)

  /** Runs `work` under its id, so that an `abort` message finds it. */
  async function run(id: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController()
    running.set(id, controller)
    try {
      await work(controller.signal)
    } finally {
      running.delete(id)
    }
  }

  async function answer(message: ToWorker): Promise<void> {
    const { id } = message
    switch (message.type) {
      case 'load':
        return run(id, async (signal) => {
          const onProgress = (progress: Parameters<Parameters<LoadEngine>[1]>[0]) =>
            post({ type: 'load-progress', id, progress })
          const result = await load(message.request, onProgress, signal).catch(asFailure)
          if (result.ok) engine = result.value
          post({
            type: 'loaded',
            id,
            result: result.ok ? ok(describe(result.value)) : result,
          })
        })
      case 'generate':
        return run(id, async (signal) => {
          const batch = createBatch((events) => post({ type: 'events', id, events }))
          let hasEnded = false
          try {
            for await (const event of engine?.generate(message.request, signal) ?? []) {
              batch.add(event)
              hasEnded ||= isTerminal(event)
            }
          } catch (thrown) {
            if (!hasEnded) batch.add({ type: 'error', error: crash(thrown) })
            return
          }
          if (!hasEnded) batch.add({ type: 'error', error: crash('The stream broke off.') })
        })
      case 'count-tokens':
        return run(id, async (signal) => {
          const counted = engine?.countTokens(message.text, signal).catch(asFailure)
          const result = (await counted) ?? err(crash('No model is loaded.'))
          post({ type: 'counted', id, result })
        })
      case 'warm':
        return run(id, async (signal) => {
          const warmed = engine?.warm(message.prompt, signal).catch(asFailure)
          const result = (await warmed) ?? err(crash('No model is loaded.'))
          post({ type: 'warmed', id, result })
        })
      case 'abort':
        running.get(id)?.abort()
        return
      case 'unload':
        for (const controller of running.values()) controller.abort()
        await engine?.unload()
        post({ type: 'unloaded', id })
        return
      default:
        return assertNever(message)
    }
  }

  port.addEventListener('message', (event) => {
    if (isToWorker(event.data)) void answer(event.data)
  })
}

function describe(engine: Engine): Pick<Engine, 'info' | 'capabilities'> {
  return { info: engine.info, capabilities: engine.capabilities }
}

function crash(thrown: unknown): EngineError {
  return { kind: 'crashed', detail: thrown instanceof Error ? thrown.message : String(thrown) }
}

function asFailure(thrown: unknown) {
  return err(crash(thrown))
}

/** Sends the first token and everything that is no token at once, and tokens after that at most every `BATCH_MS`. */
function createBatch(send: (events: readonly EngineEvent[]) => void): {
  add(event: EngineEvent): void
} {
  let held: EngineEvent[] = []
  let sentAt = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const events = held
    held = []
    sentAt = performance.now()
    send(events)
  }

  return {
    add(event) {
      held.push(event)
      const waitMs = sentAt + BATCH_MS - performance.now()
      if (event.type === 'prefill') {
        flush()
        sentAt = -Infinity
      } else if (event.type !== 'token' || waitMs <= 0) flush()
      else timer ??= setTimeout(flush, waitMs)
    },
  }
}
