import { Binary, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { AssistantMessage } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import { surpriseBits, type AnswerToken } from '../../core/chat/token-info.ts'
import { USUAL_ALTERNATIVES } from '../../store/recommended-settings.ts'
import { selectModelSettings } from '../../store/selectors.ts'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { TokenDetail } from './token-detail.tsx'
import { TokenMap } from './token-map.tsx'

/** The output token by token: how sure the model was of each, and what else it might have written. */
export function TokensTab(props: { readonly id: NodeId; readonly message: AssistantMessage }) {
  const { tokens = [], forkedAt } = props.message
  const isSampledFrom = useAppStore((state) => state.capabilities?.modelProbabilities === false)
  const [selected, setSelected] = useState<number | null>(null)
  if (tokens.length === 0) return <NoTokens {...props} />
  const index = selected === null || selected >= tokens.length ? leastCertain(tokens) : selected
  const token = tokens[index]
  return (
    <>
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-0.5 border-b border-line px-3 py-1.5 text-xs text-ink-muted tabular-nums">
        <span>{formatCount(tokens.length)} tokens</span>
        <span>{meanSurprise(tokens).toFixed(2)} bits of surprise on average</span>
        <Legend />
      </div>
      {isSampledFrom && (
        <p role="note" className="shrink-0 border-b border-line px-3 py-1.5 text-xs text-ink-muted">
          The running engine tells what it sampled from, after temperature, penalties and grammar,
          not the model’s own probabilities.
        </p>
      )}
      <TokenMap
        tokens={tokens}
        forkedAt={forkedAt ?? null}
        selected={index}
        onSelect={setSelected}
      />
      {token && (
        <TokenDetail
          key={index}
          answerId={props.id}
          token={token}
          index={index}
          isStreaming={props.message.end.type === 'streaming'}
        />
      )}
    </>
  )
}

function NoTokens({ id, message }: { readonly id: NodeId; readonly message: AssistantMessage }) {
  const { alternatives } = useAppStore(selectModelSettings)
  const capabilities = useAppStore((state) => state.capabilities)
  const isIdle = useAppStore((state) => state.turn.type === 'idle')
  const change = useAppStore((state) => state.changeModelSettings)
  const regenerate = useAppStore((state) => state.regenerate)
  if (message.end.type === 'streaming' && alternatives > 0)
    return (
      <EmptyState icon={<Binary />} title="No token so far">
        The model is reading the prompt.
      </EmptyState>
    )
  if (capabilities?.alternatives === 0)
    return (
      <EmptyState icon={<Binary />} title="This engine tells no probabilities">
        The exact output is in the Raw tab.
      </EmptyState>
    )
  const answerAgain = () => {
    if (alternatives === 0) change({ alternatives: USUAL_ALTERNATIVES })
    void regenerate(id)
  }
  return (
    <EmptyState icon={<Binary />} title="No probabilities were recorded for this answer">
      <div className="grid justify-items-center gap-3">
        {message.origin !== 'model'
          ? 'It was changed on your word, so its tokens are not the ones that the model wrote.'
          : 'Recording shows each token, how likely it was and what else might have stood there. It slows large models down.'}
        <Button size="sm" disabled={!isIdle} onClick={answerAgain}>
          <RotateCcw />
          {alternatives === 0 ? 'Record, and answer again' : 'Answer again'}
        </Button>
      </div>
    </EmptyState>
  )
}

function Legend() {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden className="size-3 rounded-xs border border-line-strong" />
      sure
      <span aria-hidden className="size-3 rounded-xs bg-mark" />
      unsure
      <span aria-hidden className="size-3 rounded-xs border-b-2 border-bad bg-mark" />
      unlikely
    </span>
  )
}

function meanSurprise(tokens: readonly AnswerToken[]): number {
  return tokens.reduce((sum, { logprob }) => sum + surpriseBits(logprob), 0) / tokens.length
}

/** Where the answer might most easily have gone another way: worth looking at first. */
function leastCertain(tokens: readonly AnswerToken[]): number {
  return tokens.reduce(
    (least, { logprob }, index) => (logprob < (tokens[least]?.logprob ?? 0) ? index : least),
    0,
  )
}
