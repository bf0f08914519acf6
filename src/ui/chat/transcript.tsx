import { ArrowDown } from 'lucide-react'
import { memo, useEffect } from 'react'
import { assertNever } from '../../core/lib/assert-never.ts'
import { selectPath, type PathEntry } from '../../store/selectors.ts'
import { Button } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'
import { Answer } from './answer.tsx'
import { ResultCards } from './result-cards.tsx'
import { TurnFailure } from './turn-failure.tsx'
import { TurnProgress } from './turn-progress.tsx'
import { useStickToBottom } from './use-stick-to-bottom.ts'
import { UserBubble } from './user-bubble.tsx'
import { Welcome } from './welcome.tsx'

/** The conversation, or what to begin it with. */
export function Transcript() {
  const isEmpty = useAppStore((state) => state.transcript.leafId === null)
  if (!isEmpty) return <Log />
  // Not inside the log, which keeps its end in view: a welcome is read from the top.
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl px-4 py-4">
        <Welcome />
      </div>
    </div>
  )
}

/** The branch that is shown, root first, and what the running turn is doing. */
function Log() {
  const conversationId = useAppStore((state) => state.conversationId)
  const path = useAppStore(selectPath)
  const { containerRef, contentRef, isAtBottom, jump } = useStickToBottom()
  const leafId = path.at(-1)?.node.id ?? null

  // What the user just did is to be seen: a new message, another branch, another conversation.
  useEffect(jump, [jump, conversationId, leafId])

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={containerRef}
        role="log"
        aria-label="Conversation"
        // Changes of state are announced by the shell; reading out every token would drown them.
        aria-live="off"
        tabIndex={0}
        className="h-full overflow-y-auto focus-visible:outline-offset-[-2px]"
      >
        <div
          ref={contentRef}
          className="mx-auto grid max-w-3xl min-h-full content-start gap-5 px-4 py-4"
        >
          {path.map((entry) => (
            <TranscriptItem key={entry.node.id} entry={entry} isLast={entry.node.id === leafId} />
          ))}
          <TurnProgress />
          <TurnFailure />
        </div>
      </div>
      {!isAtBottom && (
        <Button
          size="sm"
          onClick={jump}
          className="absolute bottom-2 left-1/2 -translate-x-1/2 rounded-full shadow-pop"
        >
          <ArrowDown />
          Jump to latest
        </Button>
      )}
    </div>
  )
}

// Memoised: each frame of a streaming answer gives a new path, in which only its own entry is new.
const TranscriptItem = memo(function TranscriptItem(props: {
  readonly entry: PathEntry
  readonly isLast: boolean
}) {
  const { node, siblings } = props.entry
  const { id, message } = node
  // Items far from the view are not laid out. The last one is spared: it grows and is always near.
  const className = props.isLast
    ? 'min-w-0'
    : 'min-w-0 [contain-intrinsic-size:auto_7rem] [content-visibility:auto]'
  switch (message.type) {
    case 'user':
      return (
        <div className={className}>
          <UserBubble id={id} message={message} siblings={siblings} />
        </div>
      )
    case 'assistant':
      return (
        <div className={className}>
          <Answer id={id} message={message} siblings={siblings} />
        </div>
      )
    case 'tool-results':
      return (
        <div className={className}>
          {node.parentId !== null && (
            <ResultCards id={id} answerId={node.parentId} message={message} siblings={siblings} />
          )}
        </div>
      )
    default:
      return assertNever(message)
  }
})
