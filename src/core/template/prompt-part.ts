import type { MessageOrigin } from './chat-template.ts'

/** What a stretch of a prompt is for. Indices are those of the input: its tools, its messages, the whole calls of one. */
export type PromptPart =
  | MessageOrigin
  | { readonly type: 'call'; readonly index: number; readonly call: number }
  | { readonly type: 'tool'; readonly index: number }
  /** What the template, or Callground in its place, adds because tools are on. */
  | { readonly type: 'instruction' }
  /** What opens the answer. */
  | { readonly type: 'generation' }
  /** Text of the template that belongs to none of the others, such as a BOS. */
  | { readonly type: 'template' }
  /** The template hides where its text comes from. */
  | { readonly type: 'unknown' }

/** Equal for equal parts. */
export function partKey(part: PromptPart): string {
  switch (part.type) {
    case 'message':
    case 'tool':
      return `${part.type}:${part.index}`
    case 'result':
      return `result:${part.index}:${part.result}`
    case 'call':
      return `call:${part.index}:${part.call}`
    default:
      return part.type
  }
}
