import type { CallProblem } from '../../core/formats/format.ts'
import { assertNever } from '../../core/lib/assert-never.ts'
import type { Span } from '../../core/lib/span.ts'

/** Characters of the output shown on either side of the place. */
const CONTEXT_CHARACTERS = 160

/** Where a call that cannot be read went wrong, and what was expected there. */
export function CallProblemView(props: {
  readonly raw: string
  readonly span: Span
  readonly problem: CallProblem
}) {
  const { raw, span, problem } = props
  const at = Math.min(Math.max(span.start, problem.at), raw.length)
  const start = Math.max(span.start, at - CONTEXT_CHARACTERS)
  const end = Math.min(Math.max(span.end, at), at + CONTEXT_CHARACTERS)
  return (
    <div className="grid gap-1.5">
      <p className="text-xs text-bad">{describeProblem(problem)}</p>
      <pre
        aria-label="The output around the place"
        className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs wrap-anywhere whitespace-pre-wrap"
      >
        {start > span.start && '…'}
        {raw.slice(start, at)}
        <mark className="rounded-sm bg-bad-soft px-0.5 font-semibold text-bad ring-1 ring-bad ring-inset">
          {at < raw.length ? raw.slice(at, at + characterLength(raw, at)) : 'end of output'}
        </mark>
        {raw.slice(at + characterLength(raw, at), end)}
        {end < span.end && '…'}
      </pre>
    </div>
  )
}

function describeProblem(problem: CallProblem): string {
  switch (problem.kind) {
    case 'syntax':
      return `Expected ${problem.expected}, found ${problem.found}, at character ${problem.at + 1} of the output.`
    case 'missing-arguments':
      return 'The call has a name, but no arguments.'
    case 'missing-name':
      return 'The call has no name.'
    default:
      return assertNever(problem)
  }
}

/** A character outside the basic plane is two code units. */
function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
