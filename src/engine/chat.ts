import type { Timings, Usage } from '../core/chat/message.ts'
import type { ChatMessage, ChatTool } from '../core/chat/openai-chat.ts'
import type { EngineError, SamplingParams } from './engine.ts'

/** A turn for an engine's own tool calling. */
export type ChatRequest = {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ChatTool[]
  readonly toolChoice: 'auto' | 'required' | 'none'
  /** Null: as the server does by default. */
  readonly parallelCalls: boolean | null
  readonly sampling: SamplingParams
}

export type ChatEvent =
  /** The body as it was sent, pretty-printed. Comes first. */
  | { readonly type: 'sent'; readonly body: string }
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
  | { readonly type: 'error'; readonly error: EngineError }
