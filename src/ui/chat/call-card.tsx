import { ChevronRight } from 'lucide-react'
import type { NodeId } from '../../core/chat/transcript.ts'
import type { ParsedCall } from '../../core/formats/parsed-output.ts'
import { isSamePart, selectPointedPart } from '../../store/pointed-part.ts'
import type { CallView } from '../../store/selectors.ts'
import { CallStatusBadge } from '../kit/call-status-badge.tsx'
import { classNames } from '../kit/class-names.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'

/** A preview longer than the widest pane can show. */
const PREVIEW_LENGTH = 240

/** One call in the transcript, in one line. It opens the call in the inspector and lights it up there. */
export function CallCard(props: {
  readonly answerId: NodeId
  readonly raw: string
  readonly view: CallView
}) {
  const { answerId, raw } = props
  const { call, status } = props.view
  const store = useAppStoreApi()
  const isLit = useAppStore((state) =>
    isSamePart(selectPointedPart(state), {
      type: 'call',
      nodeId: answerId,
      callIndex: call.index,
    }),
  )
  const point = () => {
    store.getState().pointAt({ answerId, callIndex: call.index, span: call.span })
    // The answer around it was pointed at on the way in.
    store.getState().pointAtPart(null)
  }
  const unpoint = () => store.getState().pointAt(null)
  const open = () => {
    const { inspectAnswer, setInspectorTab, setPhonePane } = store.getState()
    inspectAnswer(answerId)
    setInspectorTab('calls')
    setPhonePane('calls')
    point()
  }
  return (
    <button
      type="button"
      onClick={open}
      onPointerEnter={point}
      onPointerLeave={unpoint}
      onFocus={point}
      onBlur={unpoint}
      data-lit={isLit}
      className={classNames(
        'flex w-full min-w-0 flex-wrap items-center gap-x-2 gap-y-1 rounded-lg border px-3 py-2 text-left transition-colors @md:flex-nowrap',
        isLit ? 'border-accent bg-accent-soft' : 'border-line bg-surface',
      )}
    >
      <span className="sr-only">Call {call.index + 1}:</span>
      <span className="min-w-0 shrink truncate font-mono text-xs font-semibold">
        {call.name ?? 'no name'}
      </span>
      <span className="order-last min-w-0 basis-full truncate font-mono text-xs text-ink-muted @md:order-none @md:flex-1 @md:basis-0">
        {argumentsPreview(writtenArguments(raw, call))}
      </span>
      <span className="flex-1 @md:hidden" />
      <CallStatusBadge status={status} />
      <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-faint" />
    </button>
  )
}

/** The arguments in one line, as far as they are written. */
export function argumentsPreview(text: string): string {
  return text.slice(0, PREVIEW_LENGTH).replaceAll(/\s+/g, ' ')
}

function writtenArguments(raw: string, { argumentsSpan }: ParsedCall): string {
  return argumentsSpan ? raw.slice(argumentsSpan.start, argumentsSpan.end) : ''
}
