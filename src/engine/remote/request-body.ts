import type { JsonObject } from '../../core/lib/json.ts'
import type { ChatRequest } from '../chat.ts'
import type { ServerKind } from '../endpoint.ts'
import type { GenerateRequest, SamplingParams } from '../engine.ts'

/** The body for `/completions`. Only what a server knows is sent: some refuse a field that they do not. */
export function completionBody(
  request: GenerateRequest,
  options: { readonly model: string; readonly server: ServerKind; readonly maxTokens: number },
): JsonObject {
  const { server, maxTokens, model } = options
  const stop = request.stop.filter((text) => text !== '')
  return {
    model,
    prompt: request.prompt,
    max_tokens: maxTokens,
    ...samplingFields(request.sampling, server),
    ...(stop.length > 0 && { stop }),
    ...(request.alternatives > 0 && { logprobs: request.alternatives }),
    ...(request.constraint && grammarField(server, request.constraint.gbnf)),
    // The template has written BOS and control tokens, and control tokens may be what calls are made of.
    ...(server === 'vllm' && { add_special_tokens: false, skip_special_tokens: false }),
    ...(server === 'llama-server' && { cache_prompt: true, return_progress: true }),
    stream: true,
    ...streamOptions(server),
  }
}

/** The body for `/chat/completions`. */
export function chatBody(
  request: ChatRequest,
  options: { readonly model: string; readonly server: ServerKind; readonly maxTokens: number },
): JsonObject {
  const { server, maxTokens, model } = options
  const { messages, tools, toolChoice, parallelCalls } = request
  return {
    model,
    messages: messages as unknown as JsonObject[],
    ...(tools.length > 0 && {
      tools: tools as unknown as JsonObject[],
      tool_choice: toolChoice,
      ...(parallelCalls !== null && { parallel_tool_calls: parallelCalls }),
    }),
    max_tokens: maxTokens,
    ...samplingFields(request.sampling, server),
    stream: true,
    ...streamOptions(server),
  }
}

function samplingFields(sampling: SamplingParams, server: ServerKind): JsonObject {
  const { temperature, topP, topK, minP, repeatPenalty, seed } = sampling
  const isVllm = server === 'vllm'
  return {
    temperature,
    top_p: topP,
    ...(seed !== null && { seed }),
    ...((isVllm || server === 'llama-server' || server === 'lm-studio') && {
      // vLLM's word for "all" is -1, and 0 in newer versions.
      top_k: isVllm && topK === 0 ? -1 : topK,
      min_p: minP,
      [isVllm ? 'repetition_penalty' : 'repeat_penalty']: repeatPenalty,
    }),
  }
}

function streamOptions(server: ServerKind): JsonObject {
  return {
    stream_options: {
      include_usage: true,
      // So that the length of the prompt is known at the first token.
      ...(server === 'vllm' && { continuous_usage_stats: true }),
    },
  }
}

function grammarField(server: ServerKind, gbnf: string): JsonObject {
  if (server === 'vllm') return { structured_outputs: { grammar: gbnf } }
  return server === 'llama-server' ? { grammar: gbnf } : {}
}
