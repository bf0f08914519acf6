import { GitBranch } from 'lucide-react'
import type { NodeId } from '../../core/chat/transcript.ts'
import {
  surpriseBits,
  type AnswerToken,
  type TokenAlternative,
} from '../../core/chat/token-info.ts'
import { Button } from '../kit/button.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { percent, visibleText } from './token-words.ts'

/** One token: what it is, how likely it was, and what else the model might have written, each a place to go on from. */
export function TokenDetail(props: {
  readonly answerId: NodeId
  readonly token: AnswerToken
  readonly index: number
  readonly isStreaming: boolean
}) {
  const { token, index } = props
  const continueFrom = useAppStore((state) => state.continueFrom)
  const others = token.alternatives.filter((other) => !isSame(other, token))
  return (
    <section
      aria-label="Token"
      className="max-h-[55%] shrink-0 overflow-y-auto border-t border-line bg-sunken px-3 py-2.5"
    >
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-xs text-ink-muted tabular-nums">
        <span className="font-mono text-sm font-semibold text-ink">{visibleText(token.text)}</span>
        <span>
          token {formatCount(index + 1)}
          {token.id !== null && ` · id ${token.id}`}
        </span>
        <span>
          {percent(token.logprob)} · {surpriseBits(token.logprob).toFixed(2)} bits
        </span>
      </p>
      {others.length > 0 && (
        <>
          <h3 className="mt-2 mb-1 text-2xs font-semibold text-ink-muted">What if it had been</h3>
          <ul className="grid gap-0.5">
            {others.map((other, place) => (
              <li key={place} className="flex items-center gap-2 text-xs">
                <span className="w-28 shrink-0 truncate font-mono" title={other.text}>
                  {visibleText(other.text)}
                </span>
                <span aria-hidden className="h-1.5 min-w-8 flex-1 rounded-full bg-line">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${Math.exp(other.logprob) * 100}%` }}
                  />
                </span>
                <span className="w-16 shrink-0 text-right text-ink-muted tabular-nums">
                  {percent(other.logprob)}
                </span>
                <Button
                  size="sm"
                  disabled={props.isStreaming || other.text === ''}
                  aria-label={`Continue with ${visibleText(other.text)}`}
                  onClick={() => void continueFrom(props.answerId, index, other)}
                >
                  <GitBranch />
                  Continue
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function isSame(other: TokenAlternative, token: AnswerToken): boolean {
  return other.id === null || token.id === null ? other.text === token.text : other.id === token.id
}
