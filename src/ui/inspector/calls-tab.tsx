import {
  ChevronRight,
  CircleSlash,
  LoaderCircle,
  SquareFunction,
  TriangleAlert,
  Wrench,
} from 'lucide-react'
import { lazy, Suspense, useId, useState } from 'react'
import type { AssistantMessage } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import { assertNever } from '../../core/lib/assert-never.ts'
import type { AppState } from '../../store/state.ts'
import { Badge } from '../kit/badge.tsx'
import { Button } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { EmptyState } from '../kit/empty-state.tsx'
import { selectCalls, selectDiagnosis, selectOutput } from '../../store/selectors.ts'
import { LIMIT_ADVICE } from '../kit/limit-advice.ts'
import { useAppStore } from '../use-app-store.ts'
import { CallSection } from './call-section.tsx'
import { RawOutput } from './raw-output.tsx'

const RepairOffer = lazy(async () => ({
  default: (await import('./repair-offer.tsx')).RepairOffer,
}))

/** The strip only shows where the calls stand; the whole output has its own tab. */
const MAX_SHOWN = 20_000

/** The calls of one answer; that there is none is an outcome too. */
export function CallsTab(props: { readonly id: NodeId; readonly message: AssistantMessage }) {
  const { id, message } = props
  const calls = useAppStore((state) => selectCalls(state, id))
  if (calls.length === 0) {
    return (
      <>
        <WithoutCalls id={id} message={message} />
        <Offer id={id} />
      </>
    )
  }
  return (
    <>
      {message.origin === 'repaired' && <RepairedNote />}
      <div
        role="region"
        aria-label="Calls of the answer"
        tabIndex={0}
        className="min-h-0 flex-1 divide-y divide-line overflow-y-auto focus-visible:outline-offset-[-2px]"
      >
        {calls.map((view) => (
          <CallSection key={view.call.index} answerId={id} raw={message.raw} view={view} />
        ))}
        <Offer id={id} />
      </div>
      <InTheOutput id={id} raw={message.raw} />
    </>
  )
}

/** For an answer with a broken call, or with none that reads like one. */
function Offer({ id }: { readonly id: NodeId }) {
  const diagnosis = useAppStore((state) => selectDiagnosis(state, id))
  if (!diagnosis?.otherFormat && !diagnosis?.repair) return null
  return (
    <Suspense fallback={null}>
      <RepairOffer id={id} diagnosis={diagnosis} />
    </Suspense>
  )
}

function RepairedNote() {
  return (
    <p className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2 text-xs text-ink-muted">
      <Badge tone="warn" icon={<Wrench />}>
        repaired
      </Badge>
      The model wrote it otherwise: its own answer is the branch beside this one.
    </p>
  )
}

/** The raw output beside the calls, so that pointing at an argument shows its characters. */
function InTheOutput(props: { readonly id: NodeId; readonly raw: string }) {
  const [isOpen, setIsOpen] = useState(true)
  const contentId = useId()
  const output = useAppStore((state) => selectOutput(state, props.id))
  return (
    <div className="shrink-0 border-t border-line bg-sunken">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={contentId}
        onClick={() => setIsOpen(!isOpen)}
        className="flex w-full items-center gap-1.5 px-3 py-1.5 text-left text-xs font-medium text-ink-muted hover:text-ink"
      >
        <ChevronRight
          aria-hidden
          className={classNames('size-3.5 transition-transform', isOpen && 'rotate-90')}
        />
        In the output
      </button>
      {isOpen && (
        <pre
          id={contentId}
          role="region"
          aria-label="The calls in the output"
          tabIndex={0}
          className="max-h-36 overflow-y-auto px-3 pb-2.5 font-mono text-xs leading-[1.6] wrap-anywhere whitespace-pre-wrap focus-visible:-outline-offset-2"
        >
          <RawOutput
            id={props.id}
            raw={props.raw}
            output={output}
            shownLength={Math.min(props.raw.length, MAX_SHOWN)}
          />
        </pre>
      )}
    </div>
  )
}

export function NoAnswerYet() {
  return (
    <EmptyState icon={<SquareFunction />} title="No answer yet">
      Send a message: the calls of the model appear here, argument by argument, each checked against
      its tool.
    </EmptyState>
  )
}

function WithoutCalls({
  id,
  message,
}: {
  readonly id: NodeId
  readonly message: AssistantMessage
}) {
  switch (message.end.type) {
    case 'streaming':
      return (
        <EmptyState icon={<LoaderCircle className="animate-spin" />} title="No call so far">
          The model is still writing.
        </EmptyState>
      )
    case 'failed':
      return (
        <EmptyState icon={<TriangleAlert />} title="The answer failed">
          {message.end.message}
        </EmptyState>
      )
    case 'length':
    case 'stopped':
      return (
        <EmptyState icon={<CircleSlash />} title="No call before it ended">
          {message.end.type === 'stopped'
            ? 'You stopped the answer.'
            : LIMIT_ADVICE[message.end.limit]}
        </EmptyState>
      )
    case 'complete':
      return <NoCall id={id} />
    default:
      return assertNever(message.end)
  }
}

function NoCall({ id }: { readonly id: NodeId }) {
  const earlierId = useAppStore((state) => earlierAnswerWithCalls(state, id))
  const inspectAnswer = useAppStore((state) => state.inspectAnswer)
  return (
    <EmptyState icon={<CircleSlash />} title={earlierId === null ? 'No call' : 'No further call'}>
      {earlierId === null ? (
        'The model answered in text and called no tool. For a question that needs none, or lacks a required value, that is the right outcome.'
      ) : (
        <div className="grid justify-items-center gap-3">
          The model has its results and answered in text.
          <Button size="sm" onClick={() => inspectAnswer(earlierId)}>
            Show the calls before
          </Button>
        </div>
      )}
    </EmptyState>
  )
}

/** The answer whose results led to this one; null when there is none. */
function earlierAnswerWithCalls(state: AppState, id: NodeId): NodeId | null {
  const { nodes } = state.transcript
  const parentId = nodes.get(id)?.parentId ?? null
  const parent = parentId === null ? undefined : nodes.get(parentId)
  return parent?.message.type === 'tool-results' ? parent.parentId : null
}
