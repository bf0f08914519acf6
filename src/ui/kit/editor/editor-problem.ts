import type { Span } from '../../../core/lib/span.ts'

/** Something to mark in an editor's text. */
export type EditorProblem = {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly span: Span
}
