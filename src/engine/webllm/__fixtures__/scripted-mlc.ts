import { MLCEngine, ModelType, type ChatOptions } from '@mlc-ai/web-llm'

/** The part of WebLLM's `Conversation` that a pipeline uses. It is the package's own object that comes in. */
type Conversation = {
  readonly config: {
    readonly stop_str: readonly string[]
    readonly stop_token_ids: readonly number[]
  }
  readonly messages: readonly (readonly [string, string, string | undefined])[]
  appendMessage(role: string, message: string, name?: string): void
  appendReplyHeader(role: string): void
  finishReply(message: string): void
  getPromptArray(): string[]
}

type GenerationConfig = {
  readonly max_tokens?: number | null
  readonly logprobs?: boolean | null
  readonly top_logprobs?: number | null
  readonly temperature?: number | null
  readonly top_p?: number | null
  readonly response_format?: { readonly type: string; readonly grammar?: string } | null
}

type PrefillArguments = [
  input: string,
  role: string,
  name: string | undefined,
  config: GenerationConfig,
]

export type ScriptedMlcOptions = {
  /** One piece, one token. */
  readonly script: readonly string[]
  /** Says the script again and again, until a limit. */
  readonly endless?: boolean
  /** Time for a token and for each 128 tokens of a prompt. */
  readonly stepMs?: number
  /** What `mlc-chat-config.json` says; laid over it are the options of the load. */
  readonly chatConfig?: Readonly<Record<string, unknown>>
}

const MODEL = 'scripted'
const PREFILL_CHUNK = 128

/**
 * WebLLM's real engine over a pipeline that has a script in place of a model: requests, locking, interrupts, conversations,
 * chunks and usage are those of the package. Each byte of a prompt is a token.
 *
 * The pipeline does what `LLMChatPipeline` of 0.2.86 does: stop tokens and strings, limits and their order, errors.
 */
export function createScriptedMlc(options: ScriptedMlcOptions, load: ChatOptions) {
  const mlc = new MLCEngine({ logLevel: 'SILENT' })
  const chatConfig = { ...options.chatConfig, ...load }
  const pipeline = createPipeline(options, chatConfig.context_window_size ?? 4096)
  Object.assign(mlc, {
    // The package checks the class of its pipeline, which it does not export.
    getLLMStates: () => [MODEL, pipeline, chatConfig],
    loadedModelIdToPipeline: new Map([[MODEL, pipeline]]),
    loadedModelIdToModelType: new Map([[MODEL, ModelType.LLM]]),
    loadedModelIdToLock: new Map([[MODEL, createLock()]]),
  })
  return { mlc, pipeline }
}

function createPipeline(
  { script, endless = false, stepMs = 0 }: ScriptedMlcOptions,
  contextLength: number,
) {
  let conversation: Conversation | null = null
  let position = 0
  let message = ''
  let finishReason: 'stop' | 'length' | 'abort' | undefined
  let isStopped = false
  let filled = 0
  let round = { prompt: 0, completion: 0, prefillS: 0, decodeS: 0 }
  let logprobs: unknown[] = []
  const prompts: (readonly string[])[] = []
  const configs: GenerationConfig[] = []
  const seeds: number[] = []

  function stop(reason: typeof finishReason): void {
    isStopped = true
    finishReason = reason
  }

  async function step(config: GenerationConfig): Promise<void> {
    await pause(stepMs)
    const isOver = !endless && position >= script.length
    round.completion += 1
    if (isOver) stop('stop')
    else {
      const piece = script[position++ % script.length] ?? ''
      message += piece
      if (config.logprobs) logprobs.push(logprobOf(piece, config.top_logprobs ?? 0))
    }
    for (const text of conversation?.config.stop_str ?? []) {
      const found = message.lastIndexOf(text)
      if (found < 0) continue
      message = message.slice(0, found)
      stop('stop')
    }
    if (position >= (config.max_tokens ?? Infinity)) stop('length')
    if (filled === contextLength) stop('length')
    if (isStopped) conversation?.finishReply(message)
  }

  return {
    /** What was read, as the package put it together. */
    prompts,
    configs,
    seeds,
    conversation: () => conversation,
    getConversationObject: () => conversation ?? { messages: [] },
    setConversation(next: Conversation) {
      conversation = next
    },
    resetChat() {
      filled = 0
      finishReason = undefined
    },
    getFinishReason: () => finishReason,
    getSupportedInputKinds: () => undefined,
    stopped: () => isStopped,
    triggerStop() {
      if (isStopped) return
      stop('abort')
      conversation?.finishReply(message)
    },
    getMessage: () => message,
    getTokenLogprobArray: () => logprobs,
    setSeed: (seed: number) => void seeds.push(seed),
    getCurRoundCompletionTotalTokens: () => round.completion,
    getCurRoundDecodingTotalTokens: () => Math.max(0, round.completion - 1),
    getCurRoundPrefillTotalTokens: () => round.prompt,
    getCurRoundPrefillTotalTime: () => round.prefillS,
    getCurRoundDecodingTotalTime: () => round.decodeS,
    getCurRoundPrefillTokensPerSec: () => round.prompt / round.prefillS,
    getCurRoundDecodingTokensPerSec: () => round.completion / round.decodeS,
    getCurRoundGrammarInitTotalTime: () => 0,
    getCurRoundLatencyBreakdown: () => undefined,
    getCurRoundGrammarPerTokenTotalTime: () => 0,
    dispose() {},
    async sync() {},
    async prefillStep(...[input, role, name, config]: PrefillArguments) {
      position = 0
      message = ''
      isStopped = false
      logprobs = []
      configs.push(config)
      conversation?.appendMessage(role, input, name)
      conversation?.appendReplyHeader('assistant')
      const prompt = conversation?.getPromptArray() ?? []
      prompts.push(prompt)
      const total = new TextEncoder().encode(prompt.join('')).length
      if (total + filled > contextLength) throw contextExceeded(total, contextLength)
      if (config.response_format?.grammar?.includes('bad')) throw grammarError()
      // Nothing interrupts it.
      for (let done = 0; done < total; done += PREFILL_CHUNK) await pause(stepMs)
      filled = total
      round = { prompt: total, completion: 0, prefillS: 0.5, decodeS: 0.25 }
      await step(config)
    },
    async decodeStep(config: GenerationConfig) {
      filled += 1
      await step(config)
    },
  }
}

function contextExceeded(promptTokens: number, contextLength: number): Error {
  const error = new Error(
    `Prompt tokens exceed context window size: number of prompt tokens: ${promptTokens}; ` +
      `context window size: ${contextLength}\nConsider shortening the prompt, or increase ` +
      '`context_window_size`, or using sliding window via `sliding_window_size`.',
  )
  error.name = 'ContextWindowSizeExceededError'
  return error
}

function grammarError(): Error {
  const error = new Error(
    'Failed to initialize the grammar matcher for response format `grammar`: Aborted()',
  )
  error.name = 'GrammarMatcherInitError'
  return error
}

function logprobOf(token: string, count: number) {
  const bytes = [...new TextEncoder().encode(token)]
  const others = Array.from({ length: count }, (_, rank) => ({
    token: rank === 0 ? token : `other ${rank}`,
    bytes,
    logprob: -rank - 0.5,
  }))
  return { token, bytes, logprob: -0.5, top_logprobs: others }
}

/** First come, first served, as the package's own. */
function createLock() {
  const waiting: (() => void)[] = []
  let isTaken = false
  return {
    acquire: () =>
      new Promise<void>((resolve) => {
        if (isTaken) waiting.push(resolve)
        else {
          isTaken = true
          resolve()
        }
      }),
    async release() {
      const next = waiting.shift()
      if (next) next()
      else isTaken = false
    },
  }
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}
