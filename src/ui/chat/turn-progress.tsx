import { LoaderCircle, PenLine } from 'lucide-react'
import type { ReactNode } from 'react'
import { assertNever } from '../../core/lib/assert-never.ts'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'

/** What the running turn is doing: waiting for the model, reading the prompt, writing. */
export function TurnProgress() {
  const turn = useAppStore((state) => state.turn)
  switch (turn.type) {
    case 'idle':
      return null
    case 'waiting-for-model':
      return <Phase>Waiting for the model… The answer starts by itself.</Phase>
    case 'prefill':
      return (
        <div className="grid max-w-sm gap-1.5">
          <Phase>
            {turn.total === null
              ? 'Reading the prompt…'
              : `Reading the prompt ${formatCount(turn.done)} / ${formatCount(turn.total)} tokens`}
            {turn.cached > 0 && ` (${formatCount(turn.cached)} cached)`}
          </Phase>
          <ProgressBar
            label="Reading the prompt"
            value={turn.total === null || turn.total === 0 ? null : turn.done / turn.total}
          />
        </div>
      )
    case 'decode':
      return (
        // The growing text is motion enough: an animation would have the whole page composed 60 times a second beside the model.
        <Phase icon={<PenLine aria-hidden className="size-3.5 text-accent" />}>
          Writing · {formatCount(turn.tokens)} {turn.tokens === 1 ? 'token' : 'tokens'}
          {turn.tokensPerSecond !== null && ` · ${turn.tokensPerSecond.toFixed(1)} tok/s`}
        </Phase>
      )
    default:
      return assertNever(turn)
  }
}

const SPINNER = <LoaderCircle aria-hidden className="size-3.5 animate-spin text-accent" />

function Phase(props: { readonly icon?: ReactNode; readonly children: ReactNode }) {
  return (
    <p className="flex items-center gap-1.5 text-xs text-ink-muted tabular-nums">
      {props.icon ?? SPINNER}
      <span>{props.children}</span>
    </p>
  )
}
