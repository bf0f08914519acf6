import { isJsonObject } from '../../core/lib/json.ts'
import type { TokenAlternative, TokenInfo } from '../../core/chat/token-info.ts'
import { messageOf } from './http.ts'

/** What one streamed object says; servers leave out whatever they like. */
export type Chunk = {
  readonly error: string | null
  readonly text: string
  readonly reasoning: string
  readonly calls: readonly {
    readonly index: number
    readonly name: string
    readonly arguments: string
  }[]
  readonly tokens: readonly TokenInfo[]
  readonly finish: string | null
  readonly usage: {
    readonly promptTokens: number
    readonly cachedTokens: number | null
    readonly completionTokens: number
  } | null
  /** llama-server's `prompt_progress`. */
  readonly prefill: {
    readonly done: number
    readonly total: number
    readonly cached: number
  } | null
}

/** Reads a chunk of `/completions` or `/chat/completions`. Null when it is neither, nor an error. */
export function readChunk(value: unknown): Chunk | null {
  if (!isJsonObject(value)) return null
  const isError = value['error'] !== undefined || value['object'] === 'error'
  if (!isError && !Array.isArray(value['choices']) && !isJsonObject(value['prompt_progress'])) {
    return null
  }
  const choice = field(list(value['choices'])[0])
  const delta = field(choice['delta'])
  return {
    error: isError ? (messageOf(value) ?? 'no reason given') : null,
    text: text(choice['text']) || text(delta['content']),
    // Older versions of vLLM say reasoning_content, newer ones reasoning.
    reasoning: text(delta['reasoning_content']) || text(delta['reasoning']),
    calls: list(delta['tool_calls']).map((entry, place) => {
      const call = field(entry)
      const named = field(call['function'])
      const index = typeof call['index'] === 'number' ? call['index'] : place
      return { index, name: text(named['name']), arguments: argumentsText(named['arguments']) }
    }),
    tokens: tokensOf(choice['logprobs']),
    finish: typeof choice['finish_reason'] === 'string' ? choice['finish_reason'] : null,
    usage: usageOf(value['usage']),
    prefill: prefillOf(value['prompt_progress']),
  }
}

/** Some servers send an object where the API has JSON in a string. */
function argumentsText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}

function usageOf(value: unknown): Chunk['usage'] {
  if (!isJsonObject(value) || typeof value['prompt_tokens'] !== 'number') return null
  const cached = field(value['prompt_tokens_details'])['cached_tokens']
  return {
    promptTokens: value['prompt_tokens'],
    cachedTokens: typeof cached === 'number' ? cached : null,
    completionTokens: number(value['completion_tokens']),
  }
}

function prefillOf(value: unknown): Chunk['prefill'] {
  if (!isJsonObject(value)) return null
  return {
    done: number(value['processed']),
    total: number(value['total']),
    cached: number(value['cache']),
  }
}

/** vLLM's `/completions` has parallel lists, everything else a list of objects. */
function tokensOf(value: unknown): readonly TokenInfo[] {
  const logprobs = field(value)
  if (Array.isArray(logprobs['content'])) {
    return logprobs['content'].map((entry: unknown) => {
      const token = alternativeOf(entry)
      return { ...token, alternatives: list(field(entry)['top_logprobs']).map(alternativeOf) }
    })
  }
  const tops = list(logprobs['top_logprobs'])
  const values = list(logprobs['token_logprobs'])
  return list(logprobs['tokens']).map((token, place) => ({
    id: null,
    text: text(token),
    logprob: number(values[place]),
    alternatives: Object.entries(field(tops[place]))
      .map(([name, logprob]) => ({ id: null, text: name, logprob: number(logprob) }))
      .toSorted((left, right) => right.logprob - left.logprob),
  }))
}

function alternativeOf(value: unknown): TokenAlternative {
  const { id, token, logprob } = field(value)
  return { id: typeof id === 'number' ? id : null, text: text(token), logprob: number(logprob) }
}

function field(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
