import { CornerDownLeft, Pencil } from 'lucide-react'
import { useState } from 'react'
import type { ToolResult, ToolResultsMessage } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import { Badge } from '../kit/badge.tsx'
import { IconButton } from '../kit/button.tsx'
import { CopyButton } from '../kit/copy-button.tsx'
import { ResultContent } from '../kit/result-content.tsx'
import { classNames } from '../kit/class-names.ts'
import { usePointedPart } from '../kit/use-pointed-part.ts'
import { useAppStore } from '../use-app-store.ts'
import { BranchSwitcher } from './branch-switcher.tsx'
import { ResultEditor } from './result-editor.tsx'

/** The results that were given to an answer's calls. */
export function ResultCards(props: {
  readonly id: NodeId
  readonly answerId: NodeId
  readonly message: ToolResultsMessage
  readonly siblings: readonly NodeId[]
}) {
  return (
    <div className="grid gap-1.5 border-l-2 border-line pl-3">
      {props.message.results.map((result, index) => (
        // Results have no identity but their place: one per call, in order.
        <ResultCard
          key={index}
          nodeId={props.id}
          answerId={props.answerId}
          results={props.message.results}
          index={index}
          result={result}
        />
      ))}
      <BranchSwitcher id={props.id} siblings={props.siblings} noun="results" />
    </div>
  )
}

function ResultCard(props: {
  readonly nodeId: NodeId
  readonly answerId: NodeId
  readonly results: readonly ToolResult[]
  readonly index: number
  readonly result: ToolResult
}) {
  const { result } = props
  const { isLit, handlers } = usePointedPart({
    type: 'result',
    nodeId: props.nodeId,
    index: props.index,
  })
  const submitResults = useAppStore((state) => state.submitResults)
  const [isEditing, setIsEditing] = useState(false)
  return (
    <div
      onPointerEnter={handlers.onPointerEnter}
      onPointerLeave={handlers.onPointerLeave}
      data-lit={isLit}
      className={classNames('grid min-w-0 gap-1 rounded-md', isLit && 'bg-mark')}
    >
      <div className="flex min-w-0 items-center gap-2">
        <CornerDownLeft aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        <span className="min-w-0 truncate font-mono text-xs font-semibold">
          <span className="sr-only">Result of </span>
          {result.call.name}
        </span>
        <Badge>{result.source}</Badge>
        <span className="flex-1" />
        <CopyButton label="Copy result" text={() => result.content} />
        <IconButton
          size="sm"
          label={`Edit the result of ${result.call.name}`}
          onClick={() => setIsEditing(true)}
        >
          <Pencil />
        </IconButton>
      </div>
      {isEditing ? (
        <ResultEditor
          name={result.call.name}
          content={result.content}
          onCancel={() => setIsEditing(false)}
          onSave={(content) => {
            setIsEditing(false)
            void submitResults(
              props.answerId,
              props.results.with(props.index, { ...result, content, source: 'typed' }),
            )
          }}
        />
      ) : (
        <ResultContent content={result.content} />
      )}
    </div>
  )
}
