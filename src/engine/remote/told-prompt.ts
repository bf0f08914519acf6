import type { JsonObject } from '../../core/lib/json.ts'
import type { ChatRequest } from '../chat.ts'
import { askJson, type Server } from './http.ts'

/** What is told is worth less than the answer that it goes with. */
const LONGEST_MS = 10_000

/**
 * The prompt that a server's own template makes of a chat request; null where the server does not tell it.
 *
 * llama-server renders it: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (`/apply-template`). vLLM gives the
 * tokens of the rendered prompt, and the text of tokens: its `/tokenize` and `/detokenize`.
 */
export async function toldPrompt(
  server: Server,
  { request, model }: { readonly request: ChatRequest; readonly model: string },
  signal: AbortSignal,
): Promise<string | null> {
  const stopped = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)])
  const ask = async (path: string, body: JsonObject) => {
    const answer = await askJson(server, { path, body }, stopped)
    return answer.ok && typeof answer.value === 'object'
      ? ((answer.value ?? {}) as Readonly<Record<string, unknown>>)
      : {}
  }
  const { messages, tools } = request as unknown as Pick<JsonObject, 'messages' | 'tools'>
  const chat = { messages: messages ?? [], ...(request.tools.length > 0 && { tools: tools ?? [] }) }
  if (server.kind === 'llama-server') {
    const { toolChoice, parallelCalls } = request
    const { prompt } = await ask('../apply-template', {
      ...chat,
      tool_choice: toolChoice.type,
      ...(parallelCalls !== null && { parallel_tool_calls: parallelCalls }),
    })
    return typeof prompt === 'string' ? prompt : null
  }
  if (server.kind !== 'vllm') return null
  const { tokens } = await ask('../tokenize', { model, ...chat, add_generation_prompt: true })
  if (!Array.isArray(tokens)) return null
  const { prompt } = await ask('../detokenize', { model, tokens })
  return typeof prompt === 'string' ? prompt : null
}
