import type { Span } from '../../../core/lib/span.ts'
import type { EditorProblem } from './editor-problem.ts'

/** `tool`: tool definitions, with the schema of every notation. `json`: any JSON. */
export type JsonKind = 'tool' | 'json'

export type JsonCompletion = {
  readonly label: string
  readonly detail: string
  readonly documentation: string
  readonly kind: 'key' | 'value' | 'snippet'
  /** What the completion replaces, in the text of the request. */
  readonly span: Span
  /** In the snippet syntax of the Language Server Protocol. */
  readonly snippet: string
}

export type TextEdit = { readonly span: Span; readonly text: string }

export type JsonQuestion =
  | { readonly type: 'validate'; readonly kind: JsonKind; readonly text: string }
  | {
      readonly type: 'complete'
      readonly kind: JsonKind
      readonly text: string
      readonly offset: number
    }
  | {
      readonly type: 'hover'
      readonly kind: JsonKind
      readonly text: string
      readonly offset: number
    }
  | { readonly type: 'format'; readonly kind: JsonKind; readonly text: string }

/** The answer to each type of question. */
export type JsonAnswers = {
  readonly validate: readonly EditorProblem[]
  readonly complete: readonly JsonCompletion[]
  readonly hover: { readonly span: Span; readonly text: string } | null
  readonly format: readonly TextEdit[]
}

export type JsonLanguageRequest = { readonly id: number; readonly question: JsonQuestion }

export type JsonLanguageResponse =
  | { readonly id: number; readonly ok: true; readonly answer: JsonAnswers[keyof JsonAnswers] }
  /** The text could not be handled, such as nesting too deep for the stack. */
  | { readonly id: number; readonly ok: false; readonly detail: string }
