import { CircleX, TriangleAlert } from 'lucide-react'
import type { EditorProblem } from '../kit/editor/editor-problem.ts'

/** More are not read anyway; the first ones are the ones to mend. */
const MAX_SHOWN = 20

/** The problems of a text in words; each moves the cursor to its place. */
export function ProblemList(props: {
  readonly text: string
  readonly problems: readonly EditorProblem[]
  readonly onSelect: (problem: EditorProblem) => void
}) {
  const surplus = props.problems.length - MAX_SHOWN
  if (props.problems.length === 0) return null
  return (
    <div className="max-h-32 shrink-0 overflow-y-auto border-t border-line py-1">
      <ul aria-label="Problems">
        {props.problems.slice(0, MAX_SHOWN).map((problem) => (
          <li key={`${problem.span.start}-${problem.span.end}-${problem.message}`}>
            <button
              type="button"
              onClick={() => props.onSelect(problem)}
              className="flex w-full items-start gap-2 px-3 py-0.5 text-left text-xs hover:bg-sunken"
            >
              {problem.severity === 'error' ? (
                <CircleX aria-label="Error" className="mt-0.5 size-3.5 shrink-0 text-bad" />
              ) : (
                <TriangleAlert
                  aria-label="Warning"
                  className="mt-0.5 size-3.5 shrink-0 text-warn"
                />
              )}
              <span className="min-w-0 flex-1 wrap-anywhere">{problem.message}</span>
              <span className="shrink-0 text-ink-muted tabular-nums">
                line {lineOf(props.text, problem.span.start)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {surplus > 0 && <p className="px-3 py-0.5 text-xs text-ink-muted">and {surplus} more</p>}
    </div>
  )
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
