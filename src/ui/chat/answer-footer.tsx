import { FileSearch, Lock, RotateCcw } from 'lucide-react'
import type { AssistantMessage } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import { Badge } from '../kit/badge.tsx'
import { IconButton } from '../kit/button.tsx'
import { callRulesText } from '../kit/call-rules-words.ts'
import { CopyButton } from '../kit/copy-button.tsx'
import { formatCount, formatDuration } from '../kit/quantities.ts'
import { useAppStoreApi } from '../use-app-store.ts'
import { BranchSwitcher } from './branch-switcher.tsx'

/** What an answer took, and what can be done with it. */
export function AnswerFooter(props: {
  readonly id: NodeId
  readonly message: AssistantMessage
  readonly siblings: readonly NodeId[]
}) {
  const store = useAppStoreApi()
  const inspect = () => {
    const { inspectAnswer, setPhonePane } = store.getState()
    inspectAnswer(props.id)
    setPhonePane('calls')
  }
  return (
    <footer className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <div className="-ml-1.5 flex items-center">
        <CopyButton label="Copy answer" text={() => props.message.raw} />
        <IconButton
          size="sm"
          label="Answer again"
          onClick={() => void store.getState().regenerate(props.id)}
        >
          <RotateCcw />
        </IconButton>
        <IconButton size="sm" label="Inspect" onClick={inspect}>
          <FileSearch />
        </IconButton>
        <BranchSwitcher id={props.id} siblings={props.siblings} noun="answer" />
      </div>
      {props.message.rules && (
        <Badge tone="accent" icon={<Lock />} title="A grammar held the model to this">
          {callRulesText(props.message.rules)}
        </Badge>
      )}
      <p className="min-w-0 text-2xs text-ink-faint tabular-nums">
        {facts(props.message).join(' · ')}
      </p>
    </footer>
  )
}

function facts({
  modelName,
  usage,
  timings,
  origin,
  forkedAt,
}: AssistantMessage): readonly string[] {
  const list = [modelName]
  if (forkedAt !== undefined) list.push('continued from another token')
  if (usage) {
    const { completionTokens } = usage
    list.push(`${formatCount(completionTokens)} ${completionTokens === 1 ? 'token' : 'tokens'}`)
  }
  // Of one token there is no rate: it came with the prefill.
  if (usage && usage.completionTokens > 1 && timings && timings.decodeMs > 0) {
    list.push(`${((usage.completionTokens / timings.decodeMs) * 1000).toFixed(1)} tok/s`)
  }
  if (timings) list.push(`first after ${formatDuration(timings.firstTokenMs)}`)
  if (usage && usage.cachedTokens > 0) list.push(`${formatCount(usage.cachedTokens)} cached`)
  if (origin === 'edited') list.push('edited by you')
  if (origin === 'repaired') list.push('repaired on your word')
  return list
}
