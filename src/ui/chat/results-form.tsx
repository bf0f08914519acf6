import { Archive, SendHorizontal, TriangleAlert } from 'lucide-react'
import type { ToolResult } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import type { CannedResult, ToolCall } from '../../core/tools/tool.ts'
import { selectCalls, type CallView } from '../../store/selectors.ts'
import { Button } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { INPUT_CLASS } from '../kit/field.tsx'
import { Kbd } from '../kit/kbd.tsx'
import { hasModifier, modifierKey } from '../kit/platform.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'
import { argumentsPreview } from './call-card.tsx'
import { ResultKind } from './result-kind.tsx'

/** A call that can be read, so that it can be answered. */
type AnswerableCall = { readonly view: CallView; readonly call: ToolCall }

/** Asks for the result of each call of an answer; then the model goes on. */
export function ResultsForm(props: { readonly answerId: NodeId }) {
  const store = useAppStoreApi()
  const isIdle = useAppStore((state) => state.turn.type === 'idle')
  const views = useAppStore((state) => selectCalls(state, props.answerId))
  const calls = views.flatMap((view): readonly AnswerableCall[] => {
    const { name, state } = view.call
    if (name === null || state.type !== 'complete') return []
    return [{ view, call: { name, arguments: state.arguments } }]
  })
  const submit = () => {
    const { submitResults, resultDrafts, turn } = store.getState()
    if (turn.type !== 'idle') return
    const results = calls.map((answerable) =>
      resultOf(answerable, resultDrafts[draftKey(props.answerId, answerable)] ?? ''),
    )
    void submitResults(props.answerId, results)
  }
  return (
    <form
      aria-label="Results of the calls"
      className="grid gap-3 rounded-lg border border-accent/40 bg-sunken p-3"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <p className="text-xs text-ink-muted">
        {calls.length === 1
          ? 'Nothing runs here: you are the tool. What does it return?'
          : 'Nothing runs here: you are the tools. What do they return?'}
      </p>
      {calls.map((answerable) => (
        <ResultField
          key={answerable.view.call.index}
          answerId={props.answerId}
          answerable={answerable}
        />
      ))}
      <div className="flex items-center justify-end gap-2">
        <Button type="submit" size="sm" tone="primary" disabled={!isIdle}>
          <SendHorizontal />
          {calls.length === 1 ? 'Send result' : 'Send results'}
          <Kbd keys={`${modifierKey()} ⏎`} />
        </Button>
      </div>
    </form>
  )
}

function ResultField(props: { readonly answerId: NodeId; readonly answerable: AnswerableCall }) {
  const { answerable, answerId } = props
  const { call, view } = answerable
  const { index } = view.call
  const draft = useAppStore((state) => state.resultDrafts[draftKey(answerId, answerable)] ?? '')
  const setResultDraft = useAppStore((state) => state.setResultDraft)
  const setDraft = (content: string) => setResultDraft(answerId, index, content)
  const errorText = validationError(view)
  return (
    <div className="grid min-w-0 gap-1.5">
      <p className="flex min-w-0 gap-2 font-mono text-xs">
        <span className="shrink-0 font-semibold">{call.name}</span>
        <span className="min-w-0 truncate text-ink-muted">
          {argumentsPreview(JSON.stringify(call.arguments))}
        </span>
      </p>
      <textarea
        aria-label={`Result of ${call.name}, call ${index + 1}`}
        spellCheck={false}
        value={draft}
        rows={Math.min(10, Math.max(2, draft.split('\n').length))}
        placeholder="JSON or text"
        className={classNames(
          INPUT_CLASS,
          'max-h-60 resize-y field-sizing-content font-mono text-xs',
        )}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !hasModifier(event)) return
          event.preventDefault()
          event.currentTarget.form?.requestSubmit()
        }}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <CannedChoice view={view} draft={draft} onChoose={setDraft} />
        {errorText !== null && (
          <Button size="sm" onClick={() => setDraft(errorText)}>
            <TriangleAlert />
            Use the validation error
          </Button>
        )}
        <ResultKind content={draft} />
      </div>
    </div>
  )
}

/** The stored result that fits the arguments is a button; the others of the tool are in a list beside it. */
function CannedChoice(props: {
  readonly view: CallView
  readonly draft: string
  readonly onChoose: (content: string) => void
}) {
  const { canned, cannedResults, call } = props.view
  const isOnlyChoice = cannedResults.length === 1 && canned !== null
  return (
    <>
      {canned && (
        <Button size="sm" onClick={() => props.onChoose(canned.content)}>
          <Archive />
          Use canned result
        </Button>
      )}
      {cannedResults.length > 0 && !isOnlyChoice && (
        <select
          aria-label={`Canned results of ${call.name}`}
          className="h-7 max-w-52 min-w-0 rounded-md border border-line bg-surface px-1.5 text-xs hover:border-line-strong"
          value={cannedResults.find(({ content }) => content === props.draft)?.id ?? ''}
          onChange={(event) => {
            const chosen = cannedResults.find((entry) => entry.id === event.target.value)
            if (chosen) props.onChoose(chosen.content)
          }}
        >
          <option value="">{canned ? 'Another one…' : 'Canned results…'}</option>
          {cannedResults.map((entry) => (
            <option key={entry.id} value={entry.id}>
              {Object.keys(entry.when).length === 0 ? 'For any arguments' : whenText(entry)}
            </option>
          ))}
        </select>
      )}
    </>
  )
}

function whenText({ when }: CannedResult): string {
  return `For ${Object.entries(when)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
    .join(', ')}`
}

/** What a strict tool would return for an invalid call; null for a valid one. */
function validationError({ issues }: CallView): string | null {
  const errors = issues.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return null
  return JSON.stringify({
    error: errors
      .map(({ message, suggestion }) =>
        suggestion === undefined ? message : `${message} Did you mean ${suggestion}?`,
      )
      .join(' '),
  })
}

function resultOf({ call, view }: AnswerableCall, content: string): ToolResult {
  const isCanned = view.cannedResults.some((canned) => canned.content === content)
  return { call, content, source: isCanned ? 'canned' : 'typed' }
}

function draftKey(answerId: NodeId, { view }: AnswerableCall): string {
  return `${answerId}:${view.call.index}`
}
