import type { FormatId } from '../formats/format.ts'
import type { ToolCall } from '../tools/tool.ts'
import type { AnswerToken } from './token-info.ts'
import type { CallRules } from '../tools/tool-choice.ts'

export type UserMessage = { readonly type: 'user'; readonly text: string }

/**
 * An answer of the model. `raw` is every character it gave; text and calls are parsed from it whenever they are needed.
 */
export type AssistantMessage = {
  readonly type: 'assistant'
  readonly raw: string
  readonly format: FormatId
  /** The output began inside an open `<think>` of the prompt. */
  readonly startsInReasoning: boolean
  /** The exact text that the engine was given. */
  readonly prompt: string
  readonly modelName: string
  readonly end: AnswerEnd
  readonly usage: Usage | null
  readonly timings: Timings | null
  /**
   * `edited` when the user changed an argument, `repaired` when the user took a repair of a malformed call: `raw` is then
   * the changed text, `prompt` still what was sent.
   */
  readonly origin: 'model' | 'edited' | 'repaired'
  /** Its tokens with their probabilities, when they were asked for. */
  readonly tokens?: readonly AnswerToken[]
  /** The model went on from here; what stands before was kept from another answer. */
  readonly forkedAt?: number
  /** What the answer was held to; absent: nothing. */
  readonly rules?: CallRules
}

export type AnswerEnd =
  | { readonly type: 'streaming' }
  | { readonly type: 'complete' }
  /** max tokens, or the context, was reached. */
  | { readonly type: 'length'; readonly limit: 'max-tokens' | 'context' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly message: string }

export type ToolResultsMessage = {
  readonly type: 'tool-results'
  /** One per call of the answer before it, in the same order. */
  readonly results: readonly ToolResult[]
}

export type ToolResult = {
  readonly call: ToolCall
  /** JSON or text, as it was typed. Empty is a result too. */
  readonly content: string
  readonly source: 'typed' | 'canned'
}

export type Message = UserMessage | AssistantMessage | ToolResultsMessage

/** Token counts of one answer. */
export type Usage = {
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly completionTokens: number
}

export type Timings = {
  readonly prefillMs: number
  readonly decodeMs: number
  /** Milliseconds from the request to the first token. */
  readonly firstTokenMs: number
}
