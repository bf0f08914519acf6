import { err, ok, type Result } from '../../core/lib/result.ts'
import type { ChatEvent, ChatRequest } from '../chat.ts'
import type { Endpoint, ServerKind } from '../endpoint.ts'
import type { Engine, EngineError, EngineEvent, GenerateRequest, Warmth } from '../engine.ts'
import { createEventChannel } from '../event-channel.ts'
import { createRequestQueue } from '../request-queue.ts'
import { askJson, type Server } from './http.ts'
import { chatBody, completionBody } from './request-body.ts'
import { runStream, type StreamEnd } from './run-stream.ts'
import { createTally, type Tally } from './tally.ts'
import { toldPrompt } from './told-prompt.ts'

export type RemoteSetup = Pick<Engine, 'info' | 'capabilities'> & {
  readonly endpoint: Endpoint
  readonly server: ServerKind
}

const UNLOADED: EngineError = { kind: 'crashed', detail: 'The model was unloaded.' }

/** The contract on a server. Requests go out one at a time, as with any engine: the server has other clients. */
export function createRemoteEngine({
  endpoint,
  server: kind,
  info,
  capabilities,
}: RemoteSetup): Engine {
  const server: Server = { ...endpoint, kind }
  const queue = createRequestQueue()
  const gone = new AbortController()

  type Terminal = Extract<EngineEvent, { type: 'end' | 'error' }>

  /** One request as a stream that ends at once when it is aborted; the next one begins when the connection is closed. */
  async function* stream<Event>(
    work: (
      push: (event: Event | Terminal) => void,
      tally: Tally,
      signal: AbortSignal,
    ) => Promise<Terminal>,
    signal: AbortSignal,
  ): AsyncGenerator<Event | Terminal, void, void> {
    const tally = createTally()
    const leave = await queue.enter(AbortSignal.any([signal, gone.signal]))
    if (!leave || signal.aborted || gone.signal.aborted) {
      leave?.()
      yield gone.signal.aborted ? { type: 'error', error: UNLOADED } : tally.end('abort')
      return
    }
    const channel = createEventChannel<Event | Terminal>()
    const finish = (event: Terminal) => {
      channel.push(event)
      channel.close()
    }
    const left = new AbortController()
    const onAbort = () => {
      left.abort()
      finish(tally.end('abort'))
    }
    const onGone = () => {
      left.abort()
      finish({ type: 'error', error: UNLOADED })
    }
    signal.addEventListener('abort', onAbort)
    gone.signal.addEventListener('abort', onGone)
    void work((event) => channel.push(event), tally, left.signal)
      .then(finish)
      .finally(leave)
    try {
      yield* channel.read()
    } finally {
      left.abort()
      signal.removeEventListener('abort', onAbort)
      gone.signal.removeEventListener('abort', onGone)
    }
  }

  function generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<EngineEvent> {
    return stream<EngineEvent>(async (push, tally, stopped) => {
      if (request.sampling.maxTokens < 1) return tally.end('length')
      const counted = kind === 'vllm' ? count(request.prompt, stopped) : null
      const end = await runStream(
        server,
        {
          path: '/completions',
          maxTokens: Math.floor(request.sampling.maxTokens),
          body: (maxTokens) =>
            completionBody(request, { model: endpoint.model, server: kind, maxTokens }),
          onOpen() {
            void counted?.then((total) => {
              // A first token was faster, and has said it better.
              if (total.ok && !tally.hasPrefill()) {
                tally.prefill({ done: 0, total: total.value, cached: 0 })
                push({ type: 'prefill', done: 0, total: total.value, cached: 0 })
              }
            })
          },
          onChunk(chunk) {
            if (chunk.usage) tally.usage(chunk.usage)
            if (chunk.prefill) {
              tally.prefill(chunk.prefill)
              push({ type: 'prefill', ...chunk.prefill })
            }
            if (chunk.text === '' && chunk.tokens.length === 0) return
            if (chunk.usage && tally.isFirstToken() && !chunk.prefill && kind === 'vllm') {
              const { promptTokens: total, cachedTokens } = chunk.usage
              push({ type: 'prefill', done: total, total, cached: cachedTokens ?? 0 })
            }
            tally.token()
            push({
              type: 'token',
              text: chunk.text,
              ...(request.alternatives > 0 && { tokens: chunk.tokens }),
            })
          },
        },
        stopped,
      )
      return terminal(end, tally, kind === 'llama-server' ? request.sampling.maxTokens : 0)
    }, signal)
  }

  function chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
    return stream<ChatEvent>(async (push, tally, stopped) => {
      const maxTokens = Math.floor(request.sampling.maxTokens)
      const body = (most: number) =>
        chatBody(request, { model: endpoint.model, server: kind, maxTokens: most })
      push({ type: 'sent', body: JSON.stringify(body(maxTokens), null, 2) })
      if (maxTokens < 1) return tally.end('length')
      // In chat mode the request itself is what is shown, turn by turn: nobody compares prompts there.
      const telling =
        endpoint.mode === 'raw'
          ? toldPrompt(server, { request, model: endpoint.model }, stopped)
          : Promise.resolve(null)
      void telling.then((prompt) => {
        if (prompt !== null) push({ type: 'prompt', prompt })
      })
      const end = await runStream(
        server,
        {
          path: '/chat/completions',
          maxTokens,
          body,
          onOpen: () => undefined,
          onChunk(chunk) {
            if (chunk.usage) tally.usage(chunk.usage)
            if (chunk.text !== '' || chunk.reasoning !== '' || chunk.calls.length > 0) tally.token()
            if (chunk.reasoning !== '') push({ type: 'reasoning', text: chunk.reasoning })
            if (chunk.text !== '') push({ type: 'text', text: chunk.text })
            for (const part of chunk.calls) push({ type: 'call-part', ...part })
          },
        },
        stopped,
      )
      await telling
      return terminal(end, tally, 0)
    }, signal)
  }

  /** Asks outside the queue: counting keeps nobody waiting. */
  async function count(text: string, signal: AbortSignal): Promise<Result<number, EngineError>> {
    if (gone.signal.aborted) return err(UNLOADED)
    if (signal.aborted) return err({ kind: 'aborted' })
    if (text === '' && (kind === 'vllm' || kind === 'llama-server')) return ok(0)
    const body =
      kind === 'vllm'
        ? { model: endpoint.model, prompt: text, add_special_tokens: false }
        : { content: text, add_special: false, parse_special: true }
    if (kind !== 'vllm' && kind !== 'llama-server') {
      return err({ kind: 'unsupported', detail: 'This server has no way to count tokens.' })
    }
    const answer = await askJson(
      server,
      { path: '../tokenize', body },
      AbortSignal.any([signal, gone.signal]),
    )
    if (!answer.ok) return answer
    const { count: total, tokens } = answer.value as { count?: unknown; tokens?: unknown }
    if (typeof total === 'number') return ok(total)
    if (Array.isArray(tokens)) return ok(tokens.length)
    return err({ kind: 'unsupported', detail: 'This server has no way to count tokens.' })
  }

  /** Both servers keep prefixes, and the shortest way to have one read is to ask for one token. */
  async function warm(prompt: string, signal: AbortSignal): Promise<Result<Warmth, EngineError>> {
    if (!capabilities.prefixCache || endpoint.mode === 'chat') {
      return ok({ promptTokens: 0, cachedTokens: 0 })
    }
    for await (const event of generate({ ...BARE_REQUEST, prompt }, signal)) {
      if (event.type === 'error') return err(event.error)
      if (event.type !== 'end') continue
      if (event.reason === 'abort') return err({ kind: 'aborted' })
      const { promptTokens, cachedTokens } = event.usage
      return ok({ promptTokens, cachedTokens })
    }
    return err(UNLOADED)
  }

  return {
    info,
    capabilities,
    generate,
    chat,
    countTokens: count,
    warm,
    async unload() {
      gone.abort()
    },
  }
}

/** llama-server calls both limits "length": fewer tokens than `leastTokens` were cut off by the context. */
function terminal(
  end: StreamEnd,
  tally: Tally,
  leastTokens: number,
): Extract<EngineEvent, { type: 'end' | 'error' }> {
  if (end.type === 'error') return end
  const told = tally.end(end.reason)
  const isCut = end.reason === 'length' && told.usage.completionTokens < Math.floor(leastTokens)
  return isCut ? { ...told, reason: 'context' } : told
}

const BARE_REQUEST: GenerateRequest = {
  prompt: '',
  sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, repeatPenalty: 1, seed: 0, maxTokens: 1 },
  stop: [],
  showControlTokens: [],
  constraint: null,
  alternatives: 0,
}
