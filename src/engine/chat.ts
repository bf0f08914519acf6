import type { Timings, Usage } from '../core/chat/message.ts'
import type { ChatMessage, ChatTool } from '../core/chat/openai-chat.ts'
import type { ToolChoice } from '../core/tools/tool-choice.ts'
import type { EngineError, SamplingParams } from './engine.ts'

/** A turn for an engine's own tool calling. */
export type ChatRequest = {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ChatTool[]
  readonly toolChoice: ToolChoice
  /** Null: as the server does by default. */
  readonly parallelCalls: boolean | null
  readonly sampling: SamplingParams
}

export type ChatEvent =
  /** The body as it was sent, pretty-printed. Comes first but for `loading`. */
  | { readonly type: 'sent'; readonly body: string }
  /** Where the model is loaded once more for it. */
  | { readonly type: 'loading'; readonly doneBytes: number; readonly totalBytes: number }
  /** The prompt that the engine's own template made of it, where the engine tells. */
  | { readonly type: 'prompt'; readonly prompt: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** A part of call number `index`; the parts of several calls may be mixed. */
  | {
      readonly type: 'call-part'
      readonly index: number
      /** What is new of it; the name comes whole or in parts. */
      readonly name: string
      readonly arguments: string
    }
  | {
      readonly type: 'end'
      readonly reason: 'stop' | 'length' | 'context' | 'abort'
      readonly usage: Usage
      readonly timings: Timings
    }
  /** What the engine's own log said of the error that follows, oldest first. */
  | { readonly type: 'log'; readonly lines: readonly string[] }
  | { readonly type: 'error'; readonly error: EngineError }
