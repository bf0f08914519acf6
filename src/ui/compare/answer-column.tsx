import type { ReactNode } from 'react'
import type { ComparedAnswer } from '../../store/compare-views.ts'
import type { CallView } from '../../store/selectors.ts'
import type { UserMessage } from '../../store/state.ts'
import { Badge } from '../kit/badge.tsx'
import { CallStatusBadge } from '../kit/call-status-badge.tsx'
import { formatCount } from '../kit/quantities.ts'
import { prettyJson } from '../kit/read-json.ts'

/** What came of a turn one way: calls, text, error, and what was sent. */
export function AnswerColumn(props: {
  readonly title: string
  readonly answer: ComparedAnswer | null
  readonly failure: UserMessage | null
  /** The request, where there is one besides the prompt. */
  readonly body?: string
  readonly log?: readonly string[]
  readonly children?: ReactNode
}) {
  const { title, answer, failure, body = '', log = [] } = props
  const text = answer ? partsOf(answer, 'text') : ''
  const reasoning = answer ? partsOf(answer, 'reasoning') : ''
  return (
    <section
      aria-label={title}
      className="grid min-w-0 content-start gap-3 rounded-lg border border-line p-3"
    >
      <h3 className="text-sm font-semibold">{title}</h3>
      {props.children}
      {failure && (
        <div role="alert" className="grid gap-1 rounded-md bg-bad-soft px-3 py-2 text-xs text-bad">
          <p className="font-medium">It failed: {failure.title}</p>
          {log.length === 0 && <p>{failure.advice}</p>}
        </div>
      )}
      {log.length > 0 && <Block label="Its own log" text={log.join('\n')} isOpen />}
      {answer && (
        <>
          <p className="text-xs text-ink-muted">{countText(answer.calls.length)}</p>
          {answer.calls.map((view) => (
            <Call key={view.call.index} view={view} raw={answer.raw} />
          ))}
          {reasoning !== '' && <Block label="Reasoning" text={reasoning} />}
          {text !== '' && <Block label="Text" text={text} isOpen />}
          {answer.raw !== '' && <Block label="Raw output" text={answer.raw} />}
          {answer.prompt !== null && <Block label="Prompt" text={answer.prompt} />}
        </>
      )}
      {body !== '' && <Block label="Request" text={body} />}
    </section>
  )
}

function Call({ view, raw }: { readonly view: CallView; readonly raw: string }) {
  const { call, status, issues } = view
  const { argumentsSpan } = call
  const isValid = status === 'waiting' || status === 'done'
  return (
    <div
      role="group"
      aria-label={`Call ${call.index + 1}, ${call.name ?? 'no name'}`}
      className="grid gap-1.5"
    >
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-mono text-xs font-semibold wrap-anywhere">
          {call.name ?? 'no name'}
        </span>
        {isValid ? <Badge tone="good">Valid</Badge> : <CallStatusBadge status={status} />}
      </div>
      {argumentsSpan && (
        <pre className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
          {prettyJson(raw.slice(argumentsSpan.start, argumentsSpan.end))}
        </pre>
      )}
      {issues.map(({ kind, path, message }) => (
        <p key={`${kind} ${path}`} className="text-xs text-bad wrap-anywhere">
          {path !== '' && <code>{path} </code>}
          {message}
        </p>
      ))}
    </div>
  )
}

function Block(props: {
  readonly label: string
  readonly text: string
  readonly isOpen?: boolean
}) {
  return (
    <details open={props.isOpen ?? false} className="min-w-0 text-xs">
      <summary className="cursor-pointer text-ink-muted">
        {props.label} · {formatCount(props.text.length)} characters
      </summary>
      <pre
        role="region"
        aria-label={props.label}
        // Scrollable, so it must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="mt-1.5 max-h-72 overflow-auto rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs wrap-anywhere whitespace-pre-wrap"
      >
        {props.text}
      </pre>
    </details>
  )
}

function partsOf({ output, raw }: ComparedAnswer, type: 'text' | 'reasoning'): string {
  return output.parts
    .map((part) => (part.type === type ? raw.slice(part.span.start, part.span.end) : ''))
    .join('')
    .trim()
}

function countText(count: number): string {
  if (count === 0) return 'No calls'
  return count === 1 ? '1 call' : `${count} calls`
}
