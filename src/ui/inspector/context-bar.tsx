import { selectModelSettings } from '../../store/selectors.ts'
import type { XrayView } from '../../store/prompt-views.ts'
import type { CountedPrompt } from '../../store/state.ts'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'

/** How much of the context the prompt takes, what the engine has read already, and what is left for the answer. */
export function ContextBar(props: {
  readonly view: XrayView
  readonly counted: CountedPrompt | null
  /** As the engine reported it, for a prompt that was sent. */
  readonly cachedTokens: number | null
}) {
  const { view, counted } = props
  const contextLength = useAppStore((state) => state.engineInfo?.contextLength ?? null)
  const { maxTokens } = useAppStore(selectModelSettings).sampling
  if (contextLength === null || counted?.prompt !== view.prompt) return null
  const { total, ends } = counted
  const { cachedEnd } = view
  const cached =
    props.cachedTokens ??
    (ends && cachedEnd !== null ? ends.filter((end) => end <= cachedEnd).length : null)
  const left = contextLength - total
  const percent = (tokens: number) => `${Math.min(100, (tokens / contextLength) * 100)}%`
  return (
    <div className="grid shrink-0 gap-1 border-b border-line px-3 py-1.5 text-xs text-ink-muted">
      <div
        role="img"
        aria-label={`${formatCount(total)} of ${formatCount(contextLength)} tokens of the context are used`}
        className="flex h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <span className="bg-good" style={{ width: percent(cached ?? 0) }} />
        <span className="bg-info" style={{ width: percent(total - (cached ?? 0)) }} />
      </div>
      <p className="flex flex-wrap gap-x-3 tabular-nums">
        <span>
          {formatCount(total)} of {formatCount(contextLength)} tokens
        </span>
        {cached !== null && (
          <span>
            <span className="text-good">{formatCount(cached)} cached</span> ·{' '}
            <span className="text-info">{formatCount(total - cached)} new</span>
          </span>
        )}
        <span className={left < maxTokens ? 'text-warn' : ''}>
          {left >= 0 ? `${formatCount(left)} left` : `${formatCount(-left)} too many`} for an answer
          of at most {formatCount(maxTokens)}
        </span>
      </p>
      {counted.note && <p className="text-warn">{counted.note}</p>}
    </div>
  )
}
