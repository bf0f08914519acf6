import type {
  ChatCompletionChunk,
  ChatCompletionRequestStreaming,
  ResponseFormat,
} from '@mlc-ai/web-llm'
import type { Timings, Usage } from '../../core/chat/message.ts'
import type { TokenInfo } from '../../core/chat/token-info.ts'
import type { Constraint, GenerateRequest } from '../engine.ts'

/** WebLLM's own limit. */
export const MOST_ALTERNATIVES = 5

/** So small that only the likeliest token is left; WebLLM refuses 0. */
const LEAST_TOP_P = 1e-5

const MS = 1000

/** The request as WebLLM reads it, for a model that was loaded with `identityOptions`. Stop texts are not in it: see `createStopGuard`. */
export function chatRequest(request: GenerateRequest): ChatCompletionRequestStreaming {
  const { sampling, constraint, prompt } = request
  const alternatives = Math.min(MOST_ALTERNATIVES, Math.floor(request.alternatives))
  return {
    messages: [{ role: 'user', content: prompt }],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: Math.floor(sampling.maxTokens),
    repetition_penalty: sampling.repeatPenalty,
    // Else those of the model's file would count.
    frequency_penalty: 0,
    presence_penalty: 0,
    seed: sampling.seed,
    ...randomness(sampling, alternatives),
    ...(constraint && { response_format: responseFormat(constraint) }),
    ...(alternatives > 0 && { logprobs: true, top_logprobs: alternatives }),
  }
}

/**
 * xgrammar skips free text faster when a structural tag tells it what to look for. Its third way, a JSON schema, is not used: it
 * fixes the order of keys and leaves the white space free, where a call grammar does the opposite, as the models were trained.
 */
export function responseFormat({ gbnf, triggered }: Constraint): ResponseFormat {
  if (!triggered) return { type: 'grammar', grammar: gbnf }
  const { trigger } = triggered
  const content = { type: 'grammar', grammar: triggered.gbnf } as const
  const structuralTag = {
    type: 'structural_tag',
    format: {
      type: 'triggered_tags',
      triggers: [trigger],
      tags: [{ type: 'tag', begin: trigger, content, end: '' }],
      stop_after_first: true,
    },
  } as const
  return { type: 'structural_tag', structural_tag: structuralTag }
}

/**
 * WebLLM tells probabilities after the temperature, and at temperature 0 every token but one then has none. The likeliest
 * token alone at temperature 1 is the same choice, with the model's own probabilities.
 */
function randomness(
  { temperature, topP }: GenerateRequest['sampling'],
  alternatives: number,
): Pick<ChatCompletionRequestStreaming, 'temperature' | 'top_p'> {
  if (temperature === 0 && alternatives > 0) return { temperature: 1, top_p: LEAST_TOP_P }
  return { temperature, top_p: Math.min(1, Math.max(LEAST_TOP_P, topP)) }
}

/** What one streamed chunk says. The one with the usage comes last, and has no text. */
export type Chunk = {
  readonly text: string
  readonly token: TokenInfo | null
  readonly finish: 'stop' | 'length' | 'abort' | null
  readonly usage: Usage | null
  readonly timings: Omit<Timings, 'firstTokenMs'> | null
}

export function readChunk({ choices, usage }: ChatCompletionChunk): Chunk {
  const choice = choices[0]
  const finish = choice?.finish_reason
  return {
    text: choice?.delta.content ?? '',
    token: readToken(choice?.logprobs),
    finish: finish === 'stop' || finish === 'length' || finish === 'abort' ? finish : null,
    usage: usage
      ? {
          promptTokens: usage.prompt_tokens,
          cachedTokens: 0,
          completionTokens: usage.completion_tokens,
        }
      : null,
    timings: usage
      ? {
          prefillMs: finite(usage.extra.time_to_first_token_s) * MS,
          // The first token comes from the prefill.
          decodeMs:
            finite(usage.extra.time_per_output_token_s) *
            Math.max(0, usage.completion_tokens - 1) *
            MS,
        }
      : null,
  }
}

/** A character that spans several tokens comes with the last of them alone. */
function readToken(logprobs: ChatCompletionChunk['choices'][number]['logprobs']): TokenInfo | null {
  const last = logprobs?.content?.at(-1)
  if (!last) return null
  return {
    id: null,
    text: last.token,
    logprob: last.logprob,
    alternatives: last.top_logprobs.map(({ token, logprob }) => ({
      id: null,
      text: token,
      logprob,
    })),
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}
