import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { Result } from '../lib/result.ts'
import type { Tool, ToolShape } from '../tools/tool.ts'

/** A message as chat templates read it (the Hugging Face convention), with where it comes from, which they never see. */
export type TemplateMessage = TemplateMessageFields & { readonly origin?: MessageOrigin }

/** What a template's message stands for. Indices are those of the conversation's messages, and of the results in one. */
export type MessageOrigin =
  | { readonly type: 'system' }
  | { readonly type: 'message'; readonly index: number }
  | { readonly type: 'result'; readonly index: number; readonly result: number }

type TemplateMessageFields =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant'
      readonly content: string
      /** Only for templates that print the reasoning of earlier answers. */
      readonly reasoning_content?: string
      readonly tool_calls?: readonly {
        readonly id: string
        readonly type: 'function'
        readonly function: { readonly name: string; readonly arguments: JsonValue }
      }[]
    }
  | {
      readonly role: 'tool'
      readonly name: string
      readonly tool_call_id: string
      /** Text, or a JSON value that the template prints itself. */
      readonly content: JsonValue
    }

export type RenderInput = {
  readonly messages: readonly TemplateMessage[]
  /** An empty list is handed to the template as `null`: `[]` is "not none" to Jinja. */
  readonly tools: readonly Tool[]
  readonly toolShape: ToolShape
  readonly bosToken: string
  readonly eosToken: string
  readonly addGenerationPrompt: boolean
  /** Milliseconds since the epoch, for `strftime_now`. */
  readonly nowMs: number
  /** Further variables that templates read, such as `enable_thinking`. */
  readonly variables?: JsonObject
}

export type TemplateError =
  /** The text is no valid Jinja. */
  | { readonly kind: 'template-syntax'; readonly message: string }
  /** The template called `raise_exception`: the model's authors forbid this conversation. */
  | { readonly kind: 'template-refused'; readonly message: string }
  /** It failed while rendering. */
  | { readonly kind: 'template-failed'; readonly message: string }

export type ChatTemplate = {
  readonly source: string
  render(input: RenderInput): Result<string, TemplateError>
}
