import type { Timings, Usage } from '../core/chat/message.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import type { ChatEvent, ChatRequest } from './chat.ts'
import type { Engine, EngineError, EngineEvent, LoadProgress, LoadRequest } from './engine.ts'
import { createEventChannel } from './event-channel.ts'
import {
  isPiece,
  isTerminal,
  type FromWorker,
  type LoadedEngine,
  type TerminalEvent,
  type ToWorker,
} from './protocol.ts'
import { createRequestQueue } from './request-queue.ts'
import { createLink, UNLOADED, type EngineWorker, type Link } from './worker-link.ts'

export type LoadTask = {
  readonly request: LoadRequest
  readonly onProgress: (progress: LoadProgress) => void
}

/** How long the worker may take to free the model before it is ended by force. */
const UNLOAD_GRACE_MS = 1000

/**
 * The page's half of the protocol: has `worker` load the model and returns the engine that talks to it.
 *
 * Owns the worker: it is terminated when the load fails or is aborted, when the engine is unloaded and when it crashes.
 */
export async function connectEngine(
  worker: EngineWorker,
  task: LoadTask,
  signal: AbortSignal,
): Promise<Result<Engine, EngineError>> {
  const link = createLink(worker)
  const loaded = await load(link, task, signal)
  if (loaded.ok) return ok(createRemoteEngine(link, loaded.value))
  link.lose(loaded.error)
  link.terminate()
  return loaded
}

function load(
  link: Link,
  { request, onProgress }: LoadTask,
  signal: AbortSignal,
): Promise<Result<LoadedEngine, EngineError>> {
  return new Promise((resolve) => {
    const finish = (result: Result<LoadedEngine, EngineError>) => {
      reply.close()
      signal.removeEventListener('abort', onAbort)
      resolve(result)
    }
    const onAbort = () => finish(err({ kind: 'aborted' }))
    const reply = link.open((message) => {
      if (message.type === 'load-progress') onProgress(message.progress)
      if (message.type === 'loaded') finish(message.result)
    })
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    link.gone.addEventListener('abort', () => finish(err(link.failure())))
    try {
      link.post({ type: 'load', id: reply.id, request })
    } catch (thrown) {
      // Only files and buffers can be sent to a worker.
      finish(err({ kind: 'unsupported', detail: String(thrown) }))
    }
  })
}

function createRemoteEngine(link: Link, { info, capabilities }: LoadedEngine): Engine {
  const queue = createRequestQueue()
  let unloading: Promise<void> | null = null

  async function* stream<Event extends EngineEvent | ChatEvent>(
    { question, eventsOf }: StreamTask<Event>,
    signal: AbortSignal,
  ): AsyncGenerator<Event | TerminalEvent, void, void> {
    const tally = createTally()
    const leave = await queue.enter(AbortSignal.any([signal, link.gone]))
    if (!leave || signal.aborted || link.gone.aborted) {
      leave?.()
      yield link.gone.aborted ? failed(link.failure()) : tally.aborted()
      return
    }
    const channel = createEventChannel<Event | TerminalEvent>()
    const finish = (event: Event | TerminalEvent) => {
      channel.push(event)
      channel.close()
    }
    let isWorking = true
    const reply = link.open((message) => {
      for (const event of eventsOf(message)) {
        tally.add(event)
        if (!isTerminal(event)) channel.push(event)
        else {
          finish(event)
          isWorking = false
          reply.close()
          leave()
        }
      }
    })
    const stopWorker = () => {
      if (isWorking && !link.gone.aborted) link.post({ type: 'abort', id: reply.id })
    }
    // The worker may need one more batch to notice, so the stream ends here, and the next request waits for the worker.
    const onAbort = () => {
      stopWorker()
      finish(tally.aborted())
    }
    const onGone = () => finish(failed(link.failure()))
    signal.addEventListener('abort', onAbort)
    link.gone.addEventListener('abort', onGone)
    link.post(question(reply.id))
    try {
      yield* channel.read()
    } finally {
      signal.removeEventListener('abort', onAbort)
      link.gone.removeEventListener('abort', onGone)
      stopWorker()
    }
  }

  function chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
    return stream<ChatEvent>(
      {
        question: (id) => ({ type: 'chat', id, request }),
        eventsOf: (message) => (message.type === 'chat-events' ? message.events : []),
      },
      signal,
    )
  }

  /** Waits in line, asks the worker one thing and takes its one answer. */
  async function ask<Value>(
    question: (id: number) => ToWorker,
    answerOf: (message: FromWorker) => Result<Value, EngineError> | null,
    signal: AbortSignal,
  ): Promise<Result<Value, EngineError>> {
    const either = AbortSignal.any([signal, link.gone])
    const stopped = () => err(link.gone.aborted ? link.failure() : { kind: 'aborted' as const })
    const leave = await queue.enter(either)
    if (!leave || either.aborted) {
      leave?.()
      return stopped()
    }
    return new Promise((resolve) => {
      const onStop = () => {
        if (!link.gone.aborted) link.post({ type: 'abort', id: reply.id })
        resolve(stopped())
      }
      const reply = link.open((message) => {
        const answer = answerOf(message)
        if (answer === null) return
        reply.close()
        leave()
        either.removeEventListener('abort', onStop)
        resolve(answer)
      })
      either.addEventListener('abort', onStop)
      link.post(question(reply.id))
    })
  }

  async function unload(): Promise<void> {
    if (link.gone.aborted) return link.terminate()
    const freed = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, UNLOAD_GRACE_MS)
      const { id } = link.open(() => {
        clearTimeout(timer)
        resolve()
      })
      link.post({ type: 'unload', id })
    })
    link.lose(UNLOADED)
    await freed
    link.terminate()
  }

  return {
    info,
    capabilities,
    generate: (request, signal) =>
      stream<EngineEvent>(
        {
          question: (id) => ({ type: 'generate', id, request }),
          eventsOf: (message) => (message.type === 'events' ? message.events : []),
        },
        signal,
      ),
    ...(capabilities.chat && { chat }),
    countTokens: (text, signal) =>
      ask(
        (id) => ({ type: 'count-tokens', id, text }),
        (message) => (message.type === 'counted' ? message.result : null),
        signal,
      ),
    warm: (prompt, signal) =>
      ask(
        (id) => ({ type: 'warm', id, prompt }),
        (message) => (message.type === 'warmed' ? message.result : null),
        signal,
      ),
    unload: () => (unloading ??= unload()),
  }
}

/** A request that is answered by a stream. */
type StreamTask<Event> = {
  readonly question: (id: number) => ToWorker
  readonly eventsOf: (message: FromWorker) => readonly Event[]
}

function failed(error: EngineError): TerminalEvent {
  return { type: 'error', error }
}

/** Counts along, so that an abort can be answered at once with what was seen so far. */
function createTally() {
  const startedAt = performance.now()
  let firstTokenAt: number | null = null
  let lastAt = startedAt
  let usage: Usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 }

  return {
    add(event: EngineEvent | ChatEvent): void {
      lastAt = performance.now()
      if (event.type === 'prefill') {
        usage = { ...usage, promptTokens: event.total, cachedTokens: event.cached }
      } else if (isPiece(event)) {
        firstTokenAt ??= lastAt
        usage = { ...usage, completionTokens: usage.completionTokens + 1 }
      }
    },
    aborted(): TerminalEvent {
      const prefillEnd = firstTokenAt ?? lastAt
      const timings: Timings = {
        prefillMs: prefillEnd - startedAt,
        decodeMs: lastAt - prefillEnd,
        firstTokenMs: prefillEnd - startedAt,
      }
      return { type: 'end', reason: 'abort', usage, timings }
    },
  }
}
