import type { ToolCallFormat } from '../formats/format.ts'
import type { JsonObject } from '../lib/json.ts'
import { shapeTools } from '../template/jinja-template.ts'
import { toTemplateMessages } from '../template/template-messages.ts'
import type { Tool } from '../tools/tool.ts'
import type { AssistantMessage, Message } from './message.ts'

/** A message as `/v1/chat/completions` takes it. */
export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant'
      readonly content: string | null
      readonly tool_calls?: readonly {
        readonly id: string
        readonly type: 'function'
        /** `arguments` is JSON in a string. */
        readonly function: { readonly name: string; readonly arguments: string }
      }[]
    }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string }

export type ChatTool = { readonly type: 'function'; readonly function: JsonObject }

export type ChatInput = {
  readonly messages: readonly Message[]
  readonly systemPrompt: string
  readonly tools: readonly Tool[]
  readonly formatOf: (message: AssistantMessage) => ToolCallFormat
}

/**
 * The conversation as OpenAI's API takes it, whichever engine wrote the answers: calls are read in the format of each.
 *
 * Format: https://platform.openai.com/docs/api-reference/chat/create
 */
export function toChatMessages({
  messages,
  systemPrompt,
  tools,
  formatOf,
}: ChatInput): readonly ChatMessage[] {
  const converted = toTemplateMessages(messages, {
    formatOf,
    tools,
    keepReasoning: false,
    jsonResults: false,
  }).map((message): ChatMessage => {
    if (message.role === 'tool') {
      const { tool_call_id, content } = message
      return {
        role: 'tool',
        tool_call_id,
        content: typeof content === 'string' ? content : JSON.stringify(content),
      }
    }
    if (message.role !== 'assistant') return message
    const { content, tool_calls } = message
    if (!tool_calls) return { role: 'assistant', content }
    return {
      role: 'assistant',
      content: content === '' ? null : content,
      tool_calls: tool_calls.map((call) => ({
        ...call,
        function: { name: call.function.name, arguments: JSON.stringify(call.function.arguments) },
      })),
    }
  })
  return systemPrompt.trim() === ''
    ? converted
    : [{ role: 'system', content: systemPrompt }, ...converted]
}

export function toChatTools(tools: readonly Tool[]): readonly ChatTool[] {
  return shapeTools(tools, 'wrapped') as readonly ChatTool[]
}
