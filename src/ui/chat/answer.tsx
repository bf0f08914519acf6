import { CircleSlash, OctagonX, Scissors, TriangleAlert } from 'lucide-react'
import type { AnswerEnd, AssistantMessage } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import type { OutputPart } from '../../core/formats/parsed-output.ts'
import { assertNever } from '../../core/lib/assert-never.ts'
import {
  selectAnswerOutcome,
  selectCalls,
  selectOutput,
  selectPendingAnswer,
} from '../../store/selectors.ts'
import { Badge } from '../kit/badge.tsx'
import { LIMIT_ADVICE } from '../kit/limit-advice.ts'
import { classNames } from '../kit/class-names.ts'
import { usePointedPart } from '../kit/use-pointed-part.ts'
import { useAppStore } from '../use-app-store.ts'
import { AnswerFooter } from './answer-footer.tsx'
import { AnswerText, Reasoning } from './answer-text.tsx'
import { CallCard } from './call-card.tsx'
import { ResultsForm } from './results-form.tsx'

/** An answer of the model: its text, its calls in place, how it ended, and what it took. */
export function Answer(props: {
  readonly id: NodeId
  readonly message: AssistantMessage
  readonly siblings: readonly NodeId[]
}) {
  const { id, message } = props
  const { parts } = useAppStore((state) => selectOutput(state, id))
  const isWaiting = useAppStore((state) => selectPendingAnswer(state) === id)
  const isStreaming = message.end.type === 'streaming'
  const { isLit, handlers } = usePointedPart({ type: 'message', nodeId: id })
  return (
    <article
      aria-label="Answer"
      onPointerEnter={handlers.onPointerEnter}
      onPointerLeave={handlers.onPointerLeave}
      data-lit={isLit}
      className={classNames(
        'grid min-w-0 gap-2 rounded-md transition-shadow',
        isLit && 'shadow-[0_0_0_2px_var(--mark)]',
      )}
    >
      {parts.map((part, index) => (
        <Part
          // Parts only grow at the end, so their place is their identity.
          key={index}
          id={id}
          raw={message.raw}
          part={part}
          isWriting={isStreaming && index === parts.length - 1}
        />
      ))}
      {message.raw === '' && message.end.type === 'complete' && (
        <p className="text-ink-muted">The model ended its turn at once: an empty answer.</p>
      )}
      <Outcome id={id} end={message.end} />
      {!isStreaming && <AnswerFooter id={id} message={message} siblings={props.siblings} />}
      {isWaiting && <ResultsForm answerId={id} />}
    </article>
  )
}

function Part(props: {
  readonly id: NodeId
  readonly raw: string
  readonly part: OutputPart
  readonly isWriting: boolean
}) {
  const { id, raw, part } = props
  switch (part.type) {
    case 'text':
      return <AnswerText text={raw.slice(part.span.start, part.span.end)} />
    case 'reasoning':
      return (
        <Reasoning text={raw.slice(part.span.start, part.span.end)} isWriting={props.isWriting} />
      )
    case 'call':
      return <CallPart id={id} raw={raw} index={part.index} />
    default:
      return assertNever(part)
  }
}

function CallPart(props: { readonly id: NodeId; readonly raw: string; readonly index: number }) {
  const view = useAppStore((state) => selectCalls(state, props.id)[props.index])
  return view ? <CallCard answerId={props.id} raw={props.raw} view={view} /> : null
}

/** What came of the answer, where its calls do not say it. */
function Outcome(props: { readonly id: NodeId; readonly end: AnswerEnd }) {
  const outcome = useAppStore((state) => selectAnswerOutcome(state, props.id))
  // The latest failure is told in full under the transcript.
  const isTold = useAppStore((state) => state.turnFailure !== null)
  const { end } = props
  switch (outcome) {
    case 'no-call':
      return (
        <p>
          <Badge icon={<CircleSlash />}>No call</Badge>
        </p>
      )
    case 'cut-off':
      return (
        <p className="flex flex-wrap items-center gap-2 text-xs text-ink-muted">
          <Badge tone="warn" icon={<Scissors />}>
            Cut off
          </Badge>
          {end.type === 'length' ? LIMIT_ADVICE[end.limit] : 'The output ended inside a call.'}
        </p>
      )
    case 'malformed':
      return (
        <p className="text-xs text-ink-muted">
          No call that can be read, so there is nothing to give a result for. Answer again, or look
          at what broke in Calls.
        </p>
      )
    case 'stopped':
      return (
        <p>
          <Badge icon={<OctagonX />}>Stopped</Badge>
        </p>
      )
    case 'failed':
      return (
        <p className="flex flex-wrap items-center gap-2 text-xs text-ink-muted">
          <Badge tone="bad" icon={<TriangleAlert />}>
            Failed
          </Badge>
          {end.type === 'failed' && !isTold && end.message}
        </p>
      )
    case 'writing':
    case 'calls':
    case null:
      return null
    default:
      return assertNever(outcome)
  }
}
