import type { TokenAlternative, TokenInfo } from '../../core/chat/token-info.ts'
import type { GenerateRequest } from '../engine.ts'

/** The request as llama.cpp's server reads it. Its names count, not wllama's types: unknown ones are ignored silently. */
export type CompletionParams = {
  readonly prompt: string
  readonly max_tokens: number
  readonly temperature: number
  readonly top_p: number
  readonly top_k: number
  readonly min_p: number
  readonly repeat_penalty: number
  readonly seed: number
  readonly stop: string[]
  /** Control tokens to print. */
  readonly preserved_tokens: readonly string[]
  /** GBNF. */
  readonly grammar?: string
  /** Alternatives to tell with each token. With it, a token or alternative that is no valid UTF-8 ends the request. */
  readonly n_probs?: number
  readonly cache_prompt: true
  readonly return_progress: true
  readonly timings_per_token: true
  /** Always: without it an answer that is cut inside a character throws. */
  readonly stream: true
}

const RANDOM_SEED = -1

/** More are refused by nobody, but each is a text to write, send and parse again for every token. */
export const MOST_ALTERNATIVES = 10

/** Writes a request. `alternatives` are asked for only when there are any: see `CompletionParams.n_probs`. */
export function completionParams(
  request: GenerateRequest,
  prompt: string,
  maxTokens: number,
): CompletionParams {
  const { sampling } = request
  const alternatives = Math.min(MOST_ALTERNATIVES, Math.floor(request.alternatives))
  return {
    prompt,
    max_tokens: maxTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    min_p: sampling.minP,
    repeat_penalty: sampling.repeatPenalty,
    seed: sampling.seed ?? RANDOM_SEED,
    stop: request.stop.filter((text) => text !== ''),
    preserved_tokens: request.showControlTokens,
    ...(request.constraint && { grammar: request.constraint.gbnf }),
    ...(alternatives > 0 && { n_probs: alternatives }),
    cache_prompt: true,
    return_progress: true,
    timings_per_token: true,
    stream: true,
  }
}

/** The likeliest token behind a prompt, to be spread and changed. */
export const BARE_REQUEST: GenerateRequest = {
  prompt: '',
  sampling: {
    temperature: 0,
    topP: 1,
    topK: 0,
    minP: 0,
    repeatPenalty: 1,
    seed: 0,
    maxTokens: 1,
  },
  stop: [],
  showControlTokens: [],
  constraint: null,
  alternatives: 0,
}

/** What one streamed chunk says. llama.cpp sends every part only at times. */
export type Chunk = {
  readonly text: string
  /** Of the tokens that this chunk tells of, with `n_probs`; their text may come only with a later chunk. */
  readonly tokens: readonly TokenInfo[]
  readonly finish: 'stop' | 'length' | null
  readonly prefill: {
    readonly done: number
    readonly total: number
    readonly cached: number
  } | null
  readonly timings: {
    readonly prefillMs: number
    readonly decodeMs: number
    readonly completionTokens: number
  } | null
  readonly usage: {
    readonly promptTokens: number
    readonly cachedTokens: number
    readonly completionTokens: number
  } | null
}

export function parseChunk(raw: unknown): Chunk {
  const [choice] = list(field(raw, 'choices'))
  const text = field(choice, 'text')
  const finish = field(choice, 'finish_reason')
  const progress = field(raw, 'prompt_progress')
  const timings = field(raw, 'timings')
  const usage = field(raw, 'usage')
  return {
    text: typeof text === 'string' ? text : '',
    tokens: list(field(field(choice, 'logprobs'), 'content')).flatMap(parseToken),
    finish: finish === 'stop' || finish === 'length' ? finish : null,
    prefill: isObject(progress)
      ? {
          done: count(progress, 'processed'),
          total: count(progress, 'total'),
          cached: count(progress, 'cache'),
        }
      : null,
    timings: isObject(timings)
      ? {
          prefillMs: count(timings, 'prompt_ms'),
          decodeMs: count(timings, 'predicted_ms'),
          completionTokens: count(timings, 'predicted_n'),
        }
      : null,
    usage: isObject(usage)
      ? {
          promptTokens: count(usage, 'prompt_tokens'),
          cachedTokens: count(field(usage, 'prompt_tokens_details'), 'cached_tokens'),
          completionTokens: count(usage, 'completion_tokens'),
        }
      : null,
  }
}

function parseToken(raw: unknown): readonly TokenInfo[] {
  return parseAlternative(raw).map((token) => ({
    ...token,
    alternatives: list(field(raw, 'top_logprobs')).flatMap(parseAlternative),
  }))
}

/** None where the numbers are no numbers: JSON has no infinity and llama.cpp writes null for it. */
function parseAlternative(raw: unknown): readonly TokenAlternative[] {
  const text = field(raw, 'token')
  const id = field(raw, 'id')
  const logprob = field(raw, 'logprob')
  if (typeof text !== 'string' || typeof logprob !== 'number') return []
  return [{ id: typeof id === 'number' ? id : null, text, logprob }]
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined
}

function count(value: unknown, name: string): number {
  const found = field(value, name)
  return typeof found === 'number' ? found : 0
}
