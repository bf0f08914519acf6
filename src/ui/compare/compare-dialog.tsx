import { lazy, Suspense } from 'react'
import { useShallow } from 'zustand/react/shallow'
import {
  selectNativeAnswer,
  selectNativeFailure,
  selectOwnAnswer,
  type ComparedAnswer,
} from '../../store/compare-views.ts'
import { CopyButton } from '../kit/copy-button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { AnswerColumn } from './answer-column.tsx'
import { NativeState } from './native-state.tsx'

const TextDiff = lazy(async () => ({
  default: (await import('../kit/editor/text-diff.tsx')).TextDiff,
}))

/** An answer and the same turn through the engine's own tool calling, side by side. */
export function CompareDialog({ onClose }: { readonly onClose: () => void }) {
  const own = useAppStore(selectOwnAnswer)
  const native = useAppStore(selectNativeAnswer)
  const failure = useAppStore(selectNativeFailure)
  const forget = useAppStore((state) => state.closeComparison)
  const [run, hasChanged] = useAppStore(
    useShallow((state) => [state.comparison?.run, state.comparison?.hasChanged]),
  )
  return (
    <Dialog
      open
      onClose={() => {
        forget()
        onClose()
      }}
      title="The engine’s own tool calling"
      description="The same turn twice: with our prompt and parser, and through the engine’s tools parameter with its template and its parser."
      width="full"
    >
      <div
        role="region"
        aria-label="Comparison"
        // Scrollable, so it must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto p-4 focus-visible:outline-offset-[-2px]"
      >
        {hasChanged && (
          <p className="rounded-md bg-warn-soft px-3 py-2 text-xs text-warn">
            Tools, template, system prompt or date are no longer those of the answer, so the prompts
            differ by that, too. Answer again to compare like with like.
          </p>
        )}
        <div className="grid gap-4 md:grid-cols-2">
          {own && <AnswerColumn title="Our prompt, our parser" answer={own} failure={null} />}
          <AnswerColumn
            title="The engine’s own"
            answer={native}
            failure={failure}
            body={run?.body ?? ''}
            log={run?.log ?? []}
          >
            <NativeState run={run ?? null} />
          </AnswerColumn>
        </div>
        {own && native && <Prompts own={own} native={native} isOver={isOver(run?.state.type)} />}
      </div>
    </Dialog>
  )
}

function isOver(state: string | undefined): boolean {
  return state === 'ended' || state === 'failed'
}

function Prompts(props: {
  readonly own: ComparedAnswer
  readonly native: ComparedAnswer
  readonly isOver: boolean
}) {
  const { own, native } = props
  return (
    <section aria-label="Prompts" className="grid gap-2">
      <h3 className="text-sm font-semibold">Prompts</h3>
      <PromptsBody ours={own.prompt ?? ''} theirs={native.prompt} isOver={props.isOver} />
    </section>
  )
}

function PromptsBody(props: {
  readonly ours: string
  readonly theirs: string | null
  readonly isOver: boolean
}) {
  const { ours, theirs, isOver } = props
  if (theirs === null) {
    return (
      <p className="text-xs text-ink-muted">
        {isOver
          ? 'The engine does not tell the prompt that it made. What it was sent is above.'
          : 'The engine has not told its prompt yet.'}
      </p>
    )
  }
  if (ours === theirs) {
    return (
      <p className="text-xs text-ink-muted">
        The same, character by character: {formatCount(ours.length)} characters.
      </p>
    )
  }
  return (
    <>
      <div className="flex items-center gap-2 text-xs text-ink-muted">
        <span className="flex-1 tabular-nums">
          Ours {formatCount(ours.length)} characters, the engine’s {formatCount(theirs.length)}. Red
          is only in ours, green only in the engine’s.
        </span>
        <CopyButton label="Copy our prompt" text={() => ours} />
        <CopyButton label="Copy the engine’s prompt" text={() => theirs} />
      </div>
      <Suspense fallback={null}>
        <TextDiff label="Difference of the prompts" original={ours} text={theirs} />
      </Suspense>
    </>
  )
}
