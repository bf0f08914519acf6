import { Check, CircleHelp, Pencil, Plus, TriangleAlert, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { assertNever } from '../../core/lib/assert-never.ts'
import type { JsonValue } from '../../core/lib/json.ts'
import type { Span } from '../../core/lib/span.ts'
import type { CallIssue } from '../../core/schema/call-issue.ts'
import { IconButton } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { ArgumentEditor } from './argument-editor.tsx'
import type { ArgumentRow } from './argument-rows.ts'
import { JsonText } from './json-text.tsx'

const MARKS: Record<ArgumentRow['mark'], ReactNode> = {
  good: <Check role="img" aria-label="Fits the schema" className="text-good" />,
  bad: <X role="img" aria-label="Wrong" className="text-bad" />,
  warning: <TriangleAlert role="img" aria-label="Look again" className="text-warn" />,
  unchecked: <CircleHelp role="img" aria-label="Not checked" className="text-ink-faint" />,
}

/** The arguments of a call, each with its value, its declared type and what is wrong with it. */
export function ArgumentTable(props: {
  readonly label: string
  readonly rows: readonly ArgumentRow[]
  /** The argument that is pointed at, by where it stands. */
  readonly litSpan: Span | null
  readonly onPoint: (span: Span | null) => void
  /** Still being written: values may grow, so nothing is marked yet. */
  readonly isWriting: boolean
  /** Null when nothing can be edited now. */
  readonly onEdit: ((change: { pointer: string; value: JsonValue }) => void) | null
}) {
  const [editing, setEditing] = useState<string | null>(null)
  if (props.rows.length === 0) {
    return (
      <p className="text-xs text-ink-muted">
        {props.isWriting ? 'No arguments yet' : 'Called without arguments'}
      </p>
    )
  }
  return (
    <table aria-label={props.label} className="w-full table-fixed border-collapse text-left">
      <colgroup>
        <col className="w-5" />
        <col className="w-[36%] @md:w-[32%]" />
        <col />
        <col className="w-8" />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Argument</th>
          <th scope="col">Value</th>
          <th scope="col">Edit</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr
            key={row.pointer}
            onPointerEnter={() => props.onPoint(row.span)}
            onPointerLeave={() => props.onPoint(null)}
            className={classNames(
              'border-t border-line align-top first:border-t-0',
              row.span && props.litSpan && isSameSpan(row.span, props.litSpan) && 'bg-accent-soft',
            )}
          >
            <td className="py-1.5 pt-2 [&_svg]:size-3.5">{!props.isWriting && MARKS[row.mark]}</td>
            <th scope="row" className="py-1.5 pr-3 font-normal">
              <span className="block font-mono text-xs font-semibold wrap-anywhere">{row.key}</span>
              <Declaration row={row} />
            </th>
            <td className="py-1.5">
              {editing === row.pointer && props.onEdit ? (
                <ArgumentEditor
                  name={row.key}
                  value={row.value.type === 'complete' ? row.value.value : undefined}
                  onCancel={() => setEditing(null)}
                  onSave={(value) => {
                    setEditing(null)
                    props.onEdit?.({ pointer: row.pointer, value })
                  }}
                />
              ) : (
                <Value row={row} />
              )}
              {!props.isWriting &&
                row.issues.map((issue) => (
                  <IssueLine
                    key={`${issue.kind}${issue.path}`}
                    issue={issue}
                    within={row.pointer}
                  />
                ))}
            </td>
            <td className="py-0.5 text-right">
              {props.onEdit && editing !== row.pointer && (
                <IconButton
                  size="sm"
                  label={row.value.type === 'missing' ? `Add ${row.key}` : `Edit ${row.key}`}
                  onClick={() => setEditing(row.pointer)}
                >
                  {row.value.type === 'missing' ? <Plus /> : <Pencil />}
                </IconButton>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Declaration({ row }: { readonly row: ArgumentRow }) {
  if (!row.declared) return <span className="text-2xs text-ink-muted">not declared</span>
  return (
    <span className="block text-2xs wrap-anywhere text-ink-muted">
      {row.declared.type}
      {row.declared.isRequired && ', required'}
    </span>
  )
}

function Value({ row }: { readonly row: ArgumentRow }) {
  switch (row.value.type) {
    case 'missing':
      return <span className="text-xs text-bad">missing</span>
    case 'partial':
      return (
        <span className="block font-mono text-xs wrap-anywhere whitespace-pre-wrap text-ink-muted">
          {row.value.text}
          <span aria-hidden className="ml-px text-accent">
            ▍
          </span>
        </span>
      )
    case 'complete':
      return <JsonText value={row.value.value} className="block max-h-60 overflow-y-auto" />
    default:
      return assertNever(row.value)
  }
}

function isSameSpan(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end
}

/** One thing that is wrong, in words, with what was probably meant. */
export function IssueLine(props: {
  readonly issue: CallIssue
  /** The pointer of the place where the line stands: only what is deeper is said. */
  readonly within: string
}) {
  const { issue } = props
  const place = issue.path.slice(props.within.length)
  return (
    <p
      className={classNames(
        'mt-0.5 text-xs wrap-anywhere',
        issue.severity === 'warning' ? 'text-warn' : 'text-bad',
      )}
    >
      {place !== '' && <code className="mr-1 font-mono font-semibold">{place}</code>}
      {issue.message}
      {issue.suggestion !== undefined && (
        <>
          {' '}
          Did you mean <code className="font-mono font-semibold">{issue.suggestion}</code>?
        </>
      )}
    </p>
  )
}
