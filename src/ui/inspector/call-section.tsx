import { useState } from 'react'
import type { NodeId } from '../../core/chat/transcript.ts'
import { assertNever } from '../../core/lib/assert-never.ts'
import { isJsonObject } from '../../core/lib/json.ts'
import { selectArgumentText, type CallView } from '../../store/selectors.ts'
import { CallStatusBadge } from '../kit/call-status-badge.tsx'
import { classNames } from '../kit/class-names.ts'
import { CopyButton } from '../kit/copy-button.tsx'
import { LIMIT_ADVICE } from '../kit/limit-advice.ts'
import { prettyJson } from '../kit/read-json.ts'
import { ResultContent } from '../kit/result-content.tsx'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'
import { argumentRows, callLevelIssues } from './argument-rows.ts'
import { ArgumentTable, IssueLine } from './argument-table.tsx'
import { CallProblemView } from './call-problem.tsx'
import { JsonText } from './json-text.tsx'
import { usePointTarget } from './use-point-target.ts'

const VIEWS = ['table', 'pretty', 'exact'] as const
const VIEW_LABELS = { table: 'Table', pretty: 'JSON', exact: 'Exact' } as const
type View = (typeof VIEWS)[number]

/** One call of the inspected answer, with everything that is known of it. */
export function CallSection(props: {
  readonly answerId: NodeId
  readonly raw: string
  readonly view: CallView
}) {
  const { answerId, raw, view: callView } = props
  const { call, status, result } = callView
  const [view, setView] = useState<View>('table')
  const { ref, isLit, handlers } = usePointTarget(answerId, call.index, call.span)
  const text = raw.slice(call.span.start, call.span.end)
  const title = `Call ${call.index + 1}, ${call.name ?? 'no name'}`
  return (
    <section
      ref={ref}
      aria-label={title}
      {...handlers}
      data-lit={isLit}
      className={classNames(
        'grid gap-2 border-l-2 px-3 py-3 transition-colors',
        isLit ? 'border-l-accent bg-accent-soft/50' : 'border-l-transparent',
      )}
    >
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <span className="text-xs text-ink-faint tabular-nums">{call.index + 1}</span>
        <h3 className="min-w-0 font-mono text-sm font-semibold wrap-anywhere">
          {call.name ?? 'no name'}
        </h3>
        <CallStatusBadge status={status} />
        <div className="ml-auto flex items-center">
          <ViewSwitch view={view} onChange={setView} />
          <CopyButton label="Copy call" text={() => text} />
        </div>
      </div>
      {callLevelIssues(callView.issues).map((issue) => (
        <IssueLine key={issue.kind} issue={issue} within="" />
      ))}
      {view === 'table' && <CallBody answerId={answerId} raw={raw} view={callView} />}
      {view === 'pretty' && <CallText text={prettyJson(text)} />}
      {view === 'exact' && <CallText text={text} />}
      {result && (
        <div className="grid gap-1">
          <h4 className="text-xs font-medium text-ink-muted">Result, {result.source}</h4>
          <ResultContent content={result.content} />
        </div>
      )}
    </section>
  )
}

function CallBody(props: {
  readonly answerId: NodeId
  readonly raw: string
  readonly view: CallView
}) {
  const { answerId, raw, view } = props
  const { state, span } = view.call
  switch (state.type) {
    case 'complete':
      return isJsonObject(state.arguments) ? (
        <Arguments {...props} />
      ) : (
        <JsonText value={state.arguments} />
      )
    case 'writing':
      return <Arguments {...props} />
    case 'cut-off':
      return (
        <>
          <Arguments {...props} />
          <CutOffNote answerId={answerId} />
        </>
      )
    case 'malformed':
      return <CallProblemView raw={raw} span={span} problem={state.problem} />
    default:
      return assertNever(state)
  }
}

function Arguments(props: {
  readonly answerId: NodeId
  readonly raw: string
  readonly view: CallView
}) {
  const { answerId, raw } = props
  const { call, issues, tool } = props.view
  const store = useAppStoreApi()
  const isIdle = useAppStore((state) => state.turn.type === 'idle')
  const litSpan = useAppStore(({ pointedAt }) =>
    pointedAt?.answerId === answerId && pointedAt.callIndex === call.index ? pointedAt.span : null,
  )
  const reading = useAppStore((state) => selectArgumentText(state, answerId))
  const isComplete = call.state.type === 'complete'
  return (
    <ArgumentTable
      label={`Arguments of ${call.name ?? 'the call'}`}
      rows={argumentRows(
        { raw, call, reading },
        isComplete ? issues : [],
        tool?.parameters ?? null,
      )}
      isWriting={!isComplete}
      litSpan={litSpan}
      onPoint={(span) =>
        store.getState().pointAt({ answerId, callIndex: call.index, span: span ?? call.span })
      }
      onEdit={
        isIdle && isComplete
          ? (change) => store.getState().editArgument(answerId, call.index, change)
          : null
      }
    />
  )
}

function CutOffNote({ answerId }: { readonly answerId: NodeId }) {
  const limit = useAppStore((state) => {
    const message = state.transcript.nodes.get(answerId)?.message
    return message?.type === 'assistant' && message.end.type === 'length' ? message.end.limit : null
  })
  return (
    <p className="text-xs text-warn">
      The output ended inside this call. {limit && LIMIT_ADVICE[limit]}
    </p>
  )
}

function CallText({ text }: { readonly text: string }) {
  return (
    <pre className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
      {text}
    </pre>
  )
}

function ViewSwitch(props: { readonly view: View; readonly onChange: (view: View) => void }) {
  return (
    <div role="group" aria-label="Show the call as" className="flex rounded-md bg-sunken p-0.5">
      {VIEWS.map((view) => (
        <button
          key={view}
          type="button"
          aria-pressed={props.view === view}
          onClick={() => props.onChange(view)}
          className={classNames(
            'rounded px-1.5 py-0.5 text-2xs font-medium',
            props.view === view
              ? 'bg-surface text-ink ring-1 ring-line'
              : 'text-ink-muted hover:text-ink',
          )}
        >
          {VIEW_LABELS[view]}
        </button>
      ))}
    </div>
  )
}
