import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { NodeId } from '../../core/chat/transcript.ts'
import { IconButton } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'

/** ‹ 2 / 3 › between the alternatives at one point of the conversation. Nothing when there is only one. */
export function BranchSwitcher(props: {
  readonly id: NodeId
  readonly siblings: readonly NodeId[]
  /** What the alternatives are: 'answer', 'message', 'results'. */
  readonly noun: string
}) {
  const showBranch = useAppStore((state) => state.showBranch)
  const index = props.siblings.indexOf(props.id)
  const previous = props.siblings[index - 1]
  const next = props.siblings[index + 1]
  if (props.siblings.length < 2) return null
  return (
    <div role="group" aria-label={`Versions of this ${props.noun}`} className="flex items-center">
      <IconButton
        size="sm"
        label={`Previous ${props.noun}`}
        disabled={previous === undefined}
        onClick={() => previous !== undefined && showBranch(previous)}
      >
        <ChevronLeft />
      </IconButton>
      <span className="text-xs text-ink-muted tabular-nums">
        {index + 1}/{props.siblings.length}
      </span>
      <IconButton
        size="sm"
        label={`Next ${props.noun}`}
        disabled={next === undefined}
        onClick={() => next !== undefined && showBranch(next)}
      >
        <ChevronRight />
      </IconButton>
    </div>
  )
}
