import { CircleAlert } from 'lucide-react'
import type { ModelProgress } from '../../store/state.ts'
import { Button } from '../kit/button.tsx'
import { ForecastLine } from '../kit/forecast-line.tsx'
import { LoadRemedies } from '../kit/load-remedies.tsx'
import { describeProgress } from '../kit/model-progress.ts'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { formatBytes, formatDuration } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { useNow } from './use-now.ts'

const TICK_MS = 500

/** A running or failed load: phase, bytes, rate and time left; cancel; what failed and what to do. */
export function LoadStatus() {
  const status = useAppStore((state) => state.modelStatus)
  const cancel = useAppStore((state) => state.cancelModelLoad)
  const dismiss = useAppStore((state) => state.dismissModelFailure)
  const info = useAppStore((state) => state.engineInfo)

  if (status.type === 'loading') {
    const { label, share } = describeProgress(status.progress)
    return (
      <section
        className="mx-4 mt-3 grid shrink-0 gap-2 rounded-lg bg-sunken p-3"
        aria-label="Loading"
      >
        <div className="flex items-center justify-between gap-3">
          <p className="min-w-0 truncate font-medium">{status.name}</p>
          <Button size="sm" onClick={cancel}>
            Cancel
          </Button>
        </div>
        <ProgressBar value={share} label={label} />
        <p className="flex justify-between gap-3 text-xs text-ink-muted">
          <span>{label}</span>
          <RateAndTimeLeft progress={status.progress} startedAtMs={status.startedAtMs} />
        </p>
        {status.opened && <ForecastLine model={status.opened} />}
      </section>
    )
  }
  if (status.type === 'failed') {
    return (
      <div
        role="alert"
        className="mx-4 mt-3 flex shrink-0 items-start gap-3 rounded-lg bg-bad-soft p-3"
      >
        <CircleAlert className="mt-0.5 size-4 shrink-0 text-bad" />
        <div className="min-w-0 flex-1">
          <p className="font-medium text-bad">{status.message.title}</p>
          <p className="text-sm">{status.message.advice}</p>
          <LoadRemedies />
          {info && (
            <p className="mt-1 text-xs text-ink-muted">{info.modelName} is still running.</p>
          )}
        </div>
        <Button size="sm" onClick={dismiss}>
          Dismiss
        </Button>
      </div>
    )
  }
  return null
}

/** Both need a clock: nothing else changes while a slow disk or network stands still. */
function RateAndTimeLeft(props: {
  readonly progress: ModelProgress
  readonly startedAtMs: number
}) {
  const nowMs = useNow(TICK_MS)
  const elapsedMs = Math.max(0, nowMs - props.startedAtMs)
  const { progress } = props
  if (!('doneBytes' in progress) || progress.doneBytes === 0 || elapsedMs < TICK_MS) {
    return <span className="tabular-nums">{formatDuration(elapsedMs)}</span>
  }
  const bytesPerMs = progress.doneBytes / elapsedMs
  const leftBytes = progress.totalBytes === null ? null : progress.totalBytes - progress.doneBytes
  return (
    <span className="tabular-nums">
      {formatBytes(bytesPerMs * 1000)}/s
      {leftBytes !== null && `, ${formatDuration(leftBytes / bytesPerMs)} left`}
    </span>
  )
}
