import type { RawCompletionChunk, Wllama } from '@wllama/wllama/esm/index.js'
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
import {
  BARE_REQUEST,
  completionParams,
  MOST_ALTERNATIVES,
  parseChunk,
  type CompletionParams,
} from './completion.ts'
import { requestError, type NativeLog } from './native-log.ts'
import { createProgress, type Progress } from './progress.ts'

const CAPABILITIES: Capabilities = {
  topK: true,
  minP: true,
  repeatPenalty: true,
  prefillProgress: true,
  prefixCache: true,
  threads: true,
  gpuLayers: true,
  constraint: true,
  alternatives: MOST_ALTERNATIVES,
  modelProbabilities: true,
  cacheTypes: true,
  yarn: true,
  chat: 'beside-text',
  // llama.cpp takes a named tool for auto without a word.
  chatRules: { none: true, required: true, named: false, oneCall: true },
}

/** How long a running request may take to notice that the engine is going. */
const ABORT_GRACE_MS = 300

const UNLOADED: EngineError = { kind: 'crashed', detail: 'The model was unloaded.' }

/** llama.cpp cannot put a token into JSON that is no valid UTF-8, and ends the request. */
const INVALID_UTF8 = /invalid UTF-8 byte/
const REPLACEMENT_CHARACTER = '\uFFFD'

/** A text made of such tokens would be begun anew at each of them: after so many its probabilities are given up. */
const MOST_STUMBLES = 64

export type LoadedWllama = {
  readonly wllama: Wllama
  readonly log: NativeLog
  readonly info: EngineInfo
  /** llama.cpp's own tool calling, which is not on this load. */
  readonly chat: NonNullable<Engine['chat']>
}

/**
 * The contract on a loaded `Wllama`. Takes one request at a time: the queue is at the other end of the protocol.
 */
export function createWllamaEngine({ wllama, log, info, chat: ownChat }: LoadedWllama): Engine {
  const closing = new AbortController()
  let running: Promise<void> = Promise.resolve()
  /** Why nothing can be computed any more. */
  let death: EngineError | null = null

  function dies(): EngineError {
    death ??= requestError(log, null)
    return death
  }
  log.crashed.addEventListener('abort', dies)

  /** One request to llama.cpp. Resolves to null at its end, else to what it threw. */
  async function complete(
    params: CompletionParams,
    onChunk: (raw: RawCompletionChunk) => void,
    signal: AbortSignal,
  ): Promise<unknown> {
    log.clearProblems()
    try {
      await wllama.createCompletion({ ...params, onData: onChunk, abortSignal: signal })
      return null
    } catch (thrown) {
      if (isFatal(thrown)) dies()
      return thrown
    }
  }

  async function run(
    request: GenerateRequest,
    channel: EventChannel<EngineEvent>,
    signal: AbortSignal,
  ): Promise<void> {
    const progress = createProgress()
    const prompt = withoutBos(request.prompt, info)
    const { maxTokens } = request.sampling
    let text = ''
    let pass: 'plain' | 'telling' | 'one-plain' = request.alternatives > 0 ? 'telling' : 'plain'
    let stumbles = 0
    for (;;) {
      const remaining = maxTokens - progress.usage().completionTokens
      if (remaining < 1) return channel.push(progress.end('length'))
      progress.startPass()
      let finish: 'stop' | 'length' | null = null
      const asked = pass === 'telling' ? request : { ...request, alternatives: 0 }
      const enough = new AbortController()
      const thrown = await complete(
        completionParams(asked, prompt + text, Math.floor(remaining)),
        (raw) => {
          if (enough.signal.aborted) return
          const chunk = parseChunk(raw)
          finish = chunk.finish ?? finish
          for (const event of progress.add(chunk)) channel.push(event)
          text += chunk.text
          if (pass === 'one-plain' && chunk.text !== '') enough.abort()
        },
        AbortSignal.any([signal, enough.signal]),
      )
      if (signal.aborted) return channel.push(progress.end('abort'))
      if (enough.signal.aborted && !finish) {
        pass = 'telling'
        continue
      }
      if (thrown === null) return channel.push(progress.end(endReason(finish, progress, maxTokens)))
      if (!log.problems().some((line) => INVALID_UTF8.test(line))) {
        const error = death ?? requestError(log, thrown)
        return channel.push({ type: 'error', error })
      }
      if (pass === 'telling') {
        // Half a character among the alternatives, or as the token: it is read as a whole one without them.
        stumbles += 1
        pass = stumbles < MOST_STUMBLES ? 'one-plain' : 'plain'
        continue
      }
      // Go on behind the bytes that are no text: the prefix cache makes that cheap. The lost token counts, so this ends.
      text += REPLACEMENT_CHARACTER
      progress.loseToken()
      channel.push({ type: 'token', text: REPLACEMENT_CHARACTER })
    }
  }

  async function* generate(
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent, void, void> {
    if (death || closing.signal.aborted) {
      yield { type: 'error', error: death ?? UNLOADED }
      return
    }
    if (!(request.sampling.maxTokens >= 1)) {
      // llama.cpp would still write one token.
      yield createProgress().end('length')
      return
    }
    const channel = createEventChannel<EngineEvent>()
    const left = new AbortController()
    const stop = AbortSignal.any([signal, left.signal, closing.signal])
    const fail = () => {
      channel.push({ type: 'error', error: dies() })
      channel.close()
    }
    log.crashed.addEventListener('abort', fail)
    running = run(request, channel, stop).finally(() => channel.close())
    try {
      yield* channel.read()
    } finally {
      log.crashed.removeEventListener('abort', fail)
      left.abort()
    }
  }

  /**
   * Counts by asking for more than fits: llama.cpp answers "request (N tokens) exceeds" before it computes anything, and
   * the prefix cache stays. The padding is one control token, again and again.
   */
  async function countTokens(
    text: string,
    signal: AbortSignal,
  ): Promise<Result<number, EngineError>> {
    if (death) return err(death)
    const padding = info.contextLength + CONTEXT_SLACK
    const padded = withoutBos(text, info) + (info.eosToken || info.bosToken).repeat(padding)
    const enough = new AbortController()
    let total: number | null = null
    const thrown = await complete(
      { ...completionParams(BARE_REQUEST, padded, 1) },
      (raw) => {
        total ??= parseChunk(raw).prefill?.total ?? null
        enough.abort()
      },
      AbortSignal.any([signal, enough.signal, closing.signal]),
    )
    if (signal.aborted) return err({ kind: 'aborted' })
    const error = requestError(log, thrown)
    if (error.kind === 'context-exceeded') total = error.promptTokens
    if (total === null) return err(error)
    return ok(Math.max(0, total - (info.eosToken || info.bosToken ? padding : 0)))
  }

  /** llama.cpp always writes one token; what it read before stays in its cache. */
  async function warm(prompt: string, signal: AbortSignal): Promise<Result<Warmth, EngineError>> {
    if (death) return err(death)
    let warmth: Warmth = { promptTokens: 0, cachedTokens: 0 }
    const thrown = await complete(
      completionParams(BARE_REQUEST, withoutBos(prompt, info), 1),
      (raw) => {
        const { usage } = parseChunk(raw)
        if (usage) warmth = { promptTokens: usage.promptTokens, cachedTokens: usage.cachedTokens }
      },
      AbortSignal.any([signal, closing.signal]),
    )
    if (signal.aborted) return err({ kind: 'aborted' })
    if (thrown === null) return ok(warmth)
    return err(death ?? requestError(log, thrown))
  }

  async function unload(): Promise<void> {
    closing.abort()
    // `exit` leaves a running request pending forever, so it is stopped first, but not waited for without end.
    await Promise.race([running, new Promise((resolve) => setTimeout(resolve, ABORT_GRACE_MS))])
    await wllama.exit()
  }

  return {
    info,
    capabilities: CAPABILITIES,
    generate,
    chat: (request, signal) => ownChat(request, AbortSignal.any([signal, closing.signal])),
    warm,
    countTokens,
    unload,
  }
}

/** llama.cpp's own context may be up to one step longer than what it tells. */
const CONTEXT_SLACK = 256

/** llama.cpp puts BOS in front of every prompt, also of one that has it in writing. */
function withoutBos(prompt: string, { addsBos, bosToken }: EngineInfo): string {
  const isDoubled = addsBos && bosToken !== '' && prompt.startsWith(bosToken)
  return isDoubled ? prompt.slice(bosToken.length) : prompt
}

/** An exception inside llama.cpp is caught there and shows as this odd length; anything else leaves the module broken. */
function isFatal(thrown: unknown): boolean {
  if (typeof thrown === 'string') return true
  if (!(thrown instanceof Error) || thrown.name !== 'RuntimeError') return false
  return !thrown.message.includes('Invalid typed array length')
}

/** llama.cpp calls both limits "length". */
function endReason(
  finish: 'stop' | 'length' | null,
  progress: Progress,
  maxTokens: number,
): 'stop' | 'length' | 'context' {
  if (finish !== 'length') return 'stop'
  return progress.usage().completionTokens >= Math.floor(maxTokens) ? 'length' : 'context'
}
