import type { JsonObject } from '../../core/lib/json.ts'
import type { EngineError } from '../engine.ts'
import { ask, failure, type Server } from './http.ts'
import { readChunk, type Chunk } from './read-chunk.ts'
import { readEvents } from './read-events.ts'

export type StreamTask = {
  readonly path: string
  readonly maxTokens: number
  readonly body: (maxTokens: number) => JsonObject
  /** The server has taken the request. */
  readonly onOpen: () => void
  readonly onChunk: (chunk: Chunk) => void
}

export type StreamEnd =
  | { readonly type: 'end'; readonly reason: 'stop' | 'length' | 'context' }
  | { readonly type: 'error'; readonly error: EngineError }

/** Between two signs of life. A long prompt on a busy server takes long. */
const STALL_MS = 120_000

/** Sends a request and reads its stream to the end. */
export async function runStream(
  server: Server,
  task: StreamTask,
  signal: AbortSignal,
): Promise<StreamEnd> {
  const opened = await open(server, task, signal)
  if ('error' in opened) return { type: 'error', error: opened.error }
  const { response, wasClamped } = opened
  const fail = (error: EngineError): StreamEnd => ({ type: 'error', error })
  if (!response.body) return fail(failure(server, { type: 'not-openai', detail: 'no body' }))
  task.onOpen()
  let finish: string | null = null
  for await (const item of readEvents(response.body, STALL_MS)) {
    switch (item.type) {
      case 'data': {
        const chunk = readChunk(item.value)
        if (!chunk) continue
        if (chunk.error !== null) {
          return fail(failure(server, { type: 'failed-midway', detail: chunk.error }))
        }
        finish = chunk.finish ?? finish
        task.onChunk(chunk)
        break
      }
      case 'over':
        // Without a reason it did not end, it was ended. `[DONE]` itself may be missing.
        if (finish === null && !item.wasSaid) {
          return fail(failure(server, { type: 'cut-off', detail: '' }))
        }
        return { type: 'end', reason: reasonOf(finish, wasClamped) }
      case 'broken':
        return fail(failure(server, { type: 'cut-off', detail: item.detail }))
      case 'stalled':
        return fail(failure(server, { type: 'timeout', seconds: STALL_MS / 1000 }))
    }
  }
  return fail(failure(server, { type: 'cut-off', detail: '' }))
}

/** vLLM refuses an answer that might not fit the context instead of cutting it there: then for as many as fit is asked. */
async function open(
  server: Server,
  { path, body, maxTokens }: StreamTask,
  signal: AbortSignal,
): Promise<
  { readonly response: Response; readonly wasClamped: boolean } | { readonly error: EngineError }
> {
  const first = await ask(server, { path, body: body(maxTokens) }, signal)
  if (first.ok) return { response: first.value, wasClamped: false }
  const { error } = first
  if (error.kind !== 'context-exceeded') return { error }
  const room = error.contextLength - error.promptTokens
  if (room < 1 || room >= maxTokens) return { error }
  const second = await ask(server, { path, body: body(room) }, signal)
  return second.ok ? { response: second.value, wasClamped: true } : { error: second.error }
}

function reasonOf(finish: string | null, wasClamped: boolean): 'stop' | 'length' | 'context' {
  if (finish !== 'length') return 'stop'
  return wasClamped ? 'context' : 'length'
}
