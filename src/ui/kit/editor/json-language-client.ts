import type {
  JsonAnswers,
  JsonLanguageRequest,
  JsonLanguageResponse,
  JsonQuestion,
} from './json-language-protocol.ts'

/** The part of `Worker` and `MessagePort` that the client uses. */
export type JsonLanguagePort = {
  readonly postMessage: (request: JsonLanguageRequest) => void
  onmessage: ((event: MessageEvent<JsonLanguageResponse>) => void) | null
  onerror?: ((event: ErrorEvent) => void) | null
}

type QuestionType = JsonQuestion['type']
type Waiting = {
  readonly question: JsonQuestion
  readonly resolve: (answer: JsonAnswers[QuestionType] | null) => void
}
type Lane = { running: (Waiting & { readonly id: number }) | null; next: Waiting | null }

export type JsonLanguageClient = {
  /** Null when a newer question of the same type came before this one was begun, or when the worker failed. */
  readonly ask: <T extends QuestionType>(
    question: Extract<JsonQuestion, { readonly type: T }>,
  ) => Promise<JsonAnswers[T] | null>
}

/**
 * Asks the JSON language worker. The latest question of a type wins: one runs, one waits, and a newer one replaces the
 * one that waits, so fast typing never builds a queue.
 *
 * The worker is started at the first question, and again after a crash.
 */
export function createJsonLanguageClient(start: () => JsonLanguagePort): JsonLanguageClient {
  const lanes = new Map<QuestionType, Lane>()
  let port: JsonLanguagePort | null = null
  let lastId = 0

  function open(): JsonLanguagePort {
    if (port) return port
    port = start()
    port.onmessage = ({ data }) => settle(data)
    port.onerror = (event) => {
      event.preventDefault()
      port = null
      for (const lane of lanes.values()) {
        lane.running?.resolve(null)
        lane.next?.resolve(null)
      }
      lanes.clear()
    }
    return port
  }

  function run(lane: Lane, waiting: Waiting) {
    lastId += 1
    lane.running = { ...waiting, id: lastId }
    open().postMessage({ id: lastId, question: waiting.question })
  }

  function settle(response: JsonLanguageResponse) {
    for (const lane of lanes.values()) {
      const { running, next } = lane
      if (running?.id !== response.id) continue
      lane.running = null
      lane.next = null
      running.resolve(response.ok ? response.answer : null)
      if (next) run(lane, next)
    }
  }

  return {
    ask: (question) =>
      new Promise((resolve) => {
        const lane = lanes.get(question.type) ?? { running: null, next: null }
        lanes.set(question.type, lane)
        // The worker answers a question with the answer of its type.
        const waiting: Waiting = { question, resolve: resolve as Waiting['resolve'] }
        if (!lane.running) return run(lane, waiting)
        lane.next?.resolve(null)
        lane.next = waiting
      }),
  }
}

/** The one worker of the page, for all editors. It lives as long as the page. */
export const jsonLanguage: JsonLanguageClient = createJsonLanguageClient(
  () => new Worker(new URL('./json-language.worker.ts', import.meta.url), { type: 'module' }),
)
