import type { MLCEngineInterface } from '@mlc-ai/web-llm'
import type { Timings, Usage } from '../../core/chat/message.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type { Capabilities } from '../capabilities.ts'
import type {
  Engine,
  EngineError,
  EngineEvent,
  EngineInfo,
  GenerateRequest,
  Warmth,
} from '../engine.ts'
import { createEventChannel, type EventChannel } from '../event-channel.ts'
import { chatRequest, MOST_ALTERNATIVES, readChunk, type Chunk } from './chat-request.ts'
import { createStopGuard, type Piece } from './stop-guard.ts'
import { webllmError } from './webllm-error.ts'

const CAPABILITIES: Capabilities = {
  topK: false,
  minP: false,
  repeatPenalty: true,
  prefillProgress: false,
  // WebLLM reuses a prefix only of messages that it has put together itself.
  prefixCache: false,
  threads: false,
  gpuLayers: false,
  constraint: true,
  alternatives: MOST_ALTERNATIVES,
  modelProbabilities: false,
  cacheTypes: false,
  yarn: false,
}

/** How long a running request, and then the GPU, may take to end when the model is unloaded. */
const GRACE_MS = 300

const UNLOADED: EngineError = { kind: 'crashed', detail: 'The model was unloaded.' }

export type LoadedWebllm = {
  readonly mlc: Pick<MLCEngineInterface, 'chat' | 'interruptGenerate' | 'unload'>
  readonly info: EngineInfo
  /** The tokens of a text, as the model's tokenizer makes them. */
  readonly countTokens: (text: string) => Promise<number>
  /** Aborts when the GPU is lost; its reason is an `EngineError`. WebLLM itself would leave a running request pending. */
  readonly deviceLost: AbortSignal
}

/**
 * The contract on a loaded WebLLM engine. Takes one request at a time: the queue is at the other end of the protocol.
 */
export function createWebllmEngine({ mlc, info, countTokens, deviceLost }: LoadedWebllm): Engine {
  const closing = new AbortController()
  let running: Promise<void> = Promise.resolve()

  function death(): EngineError | null {
    if (deviceLost.aborted) return deviceLost.reason as EngineError
    return closing.signal.aborted ? UNLOADED : null
  }

  async function errorOf(thrown: unknown, prompt: string): Promise<EngineError> {
    const error = death() ?? webllmError(thrown)
    if (error.kind !== 'context-exceeded') return error
    // The number in WebLLM's error is that of the part that it had read by then.
    return { ...error, promptTokens: await countTokens(prompt).catch(() => error.promptTokens) }
  }

  async function run(
    request: GenerateRequest,
    channel: EventChannel<EngineEvent>,
    signal: AbortSignal,
  ): Promise<void> {
    const tally = createTally()
    const guard = createStopGuard(request.stop)
    const show = (pieces: readonly Piece[]) => {
      if (pieces.length > 0) channel.push(tokenEvent(pieces))
    }
    const interrupt = () => mlc.interruptGenerate()
    let finish: Chunk['finish'] = null
    let isStopped = false
    signal.addEventListener('abort', interrupt)
    try {
      for await (const raw of await mlc.chat.completions.create(chatRequest(request))) {
        // An interrupt that comes before WebLLM begins is forgotten, so it is told again.
        if (signal.aborted || isStopped) interrupt()
        const chunk = readChunk(raw)
        tally.add(chunk)
        finish = chunk.finish ?? finish
        if (chunk.text === '' || isStopped || signal.aborted) continue
        const added = guard.add(chunk)
        show(added.pieces)
        isStopped = added.isStopped
        if (isStopped) interrupt()
      }
    } catch (thrown) {
      if (signal.aborted) return channel.push(tally.end('abort'))
      return channel.push({ type: 'error', error: await errorOf(thrown, request.prompt) })
    } finally {
      signal.removeEventListener('abort', interrupt)
    }
    if (signal.aborted) return channel.push(tally.end('abort'))
    if (isStopped) return channel.push(tally.end('stop'))
    show(guard.flush())
    channel.push(tally.end(endReason(finish, tally.usage(), request.sampling.maxTokens)))
  }

  async function* generate(
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent, void, void> {
    const dead = death()
    if (dead) return yield { type: 'error', error: dead }
    if (signal.aborted) return yield createTally().end('abort')
    // WebLLM refuses a limit below one.
    if (!(request.sampling.maxTokens >= 1)) return yield createTally().end('length')
    const channel = createEventChannel<EngineEvent>()
    const left = new AbortController()
    const stop = AbortSignal.any([signal, left.signal, closing.signal])
    const fail = () => {
      channel.push({ type: 'error', error: death() ?? UNLOADED })
      channel.close()
    }
    deviceLost.addEventListener('abort', fail)
    running = run(request, channel, stop).finally(() => channel.close())
    try {
      yield* channel.read()
    } finally {
      deviceLost.removeEventListener('abort', fail)
      left.abort()
    }
  }

  async function count(text: string, signal: AbortSignal): Promise<Result<number, EngineError>> {
    if (signal.aborted) return err({ kind: 'aborted' })
    try {
      const counted = await countTokens(text)
      return signal.aborted ? err({ kind: 'aborted' }) : ok(counted)
    } catch (thrown) {
      return err(webllmError(thrown))
    }
  }

  async function warm(_prompt: string, signal: AbortSignal): Promise<Result<Warmth, EngineError>> {
    const dead = death()
    if (dead) return err(dead)
    return signal.aborted ? err({ kind: 'aborted' }) : ok({ promptTokens: 0, cachedTokens: 0 })
  }

  async function unload(): Promise<void> {
    closing.abort()
    await withinGrace(running)
    // It waits for the GPU, which a lost device never answers.
    await withinGrace(mlc.unload())
  }

  return { info, capabilities: CAPABILITIES, generate, countTokens: count, warm, unload }
}

function tokenEvent(pieces: readonly Piece[]): EngineEvent {
  const text = pieces.map((piece) => piece.text).join('')
  const tokens = pieces.flatMap(({ token }) => token ?? [])
  return tokens.length > 0 ? { type: 'token', text, tokens } : { type: 'token', text }
}

/** WebLLM says `length` for both limits. */
function endReason(
  finish: Chunk['finish'],
  { completionTokens }: Usage,
  maxTokens: number,
): 'stop' | 'length' | 'context' | 'abort' {
  if (finish === 'length') return completionTokens >= Math.floor(maxTokens) ? 'length' : 'context'
  return finish ?? 'stop'
}

function createTally() {
  const startedAt = performance.now()
  let firstTokenAt: number | null = null
  let usage: Usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 }
  let measured: Omit<Timings, 'firstTokenMs'> | null = null

  return {
    add(chunk: Chunk): void {
      if (chunk.text !== '') {
        firstTokenAt ??= performance.now()
        usage = { ...usage, completionTokens: usage.completionTokens + 1 }
      }
      usage = chunk.usage ?? usage
      measured = chunk.timings ?? measured
    },
    usage: () => usage,
    end(reason: 'stop' | 'length' | 'context' | 'abort'): EngineEvent {
      const now = performance.now()
      const firstTokenMs = (firstTokenAt ?? now) - startedAt
      const timings: Timings = {
        prefillMs: measured?.prefillMs ?? firstTokenMs,
        decodeMs: measured?.decodeMs ?? now - startedAt - firstTokenMs,
        firstTokenMs,
      }
      return { type: 'end', reason, usage, timings }
    },
  }
}

async function withinGrace(work: Promise<void>): Promise<void> {
  await Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, GRACE_MS))])
}
