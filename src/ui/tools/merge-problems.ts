import type { EditorProblem } from '../kit/editor/editor-problem.ts'

/**
 * Joins our own problems and those of the schema, in the order of the text.
 *
 * The schema only adds what ours do not cover: its errors are those of the syntax, which ours say for tools, and of two
 * problems at one place ours is the better worded.
 */
export function mergeProblems(
  own: readonly EditorProblem[],
  ofSchema: readonly EditorProblem[],
): readonly EditorProblem[] {
  const added = ofSchema.filter(
    ({ severity, span }) =>
      severity === 'warning' && !own.some((problem) => overlap(problem.span, span)),
  )
  return [...own, ...added].toSorted((a, b) => a.span.start - b.span.start)
}

function overlap(a: EditorProblem['span'], b: EditorProblem['span']): boolean {
  return a.start <= b.end && b.start <= a.end
}
