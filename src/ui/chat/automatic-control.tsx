import { useState } from 'react'
import { Switch } from '../kit/switch.tsx'
import { useAppStore } from '../use-app-store.ts'

const MOST_STEPS = 50

/** Automatic mode: stored results are fed back without asking, up to a number of steps. */
export function AutomaticControl() {
  const automatic = useAppStore((state) => state.automatic)
  const setAutomatic = useAppStore((state) => state.setAutomatic)
  return (
    <div className="flex h-7 shrink-0 items-center gap-2 text-xs text-ink-muted">
      <Switch size="sm" checked={automatic} onChange={setAutomatic} label="Automatic" />
      <span data-tooltip="Feed the tools' canned results back and let the model go on by itself">
        Automatic
      </span>
      {automatic && <MaxSteps />}
    </div>
  )
}

function MaxSteps() {
  const maxSteps = useAppStore((state) => state.maxSteps)
  const setMaxSteps = useAppStore((state) => state.setMaxSteps)
  // What is typed stays as it is until it is a number in range, or the field is left.
  const [draft, setDraft] = useState<string | null>(null)
  return (
    <label className="flex items-center gap-1.5 whitespace-nowrap">
      <span className="sr-only @lg:not-sr-only">up to</span>
      <input
        type="number"
        aria-label="Most steps"
        min={1}
        max={MOST_STEPS}
        value={draft ?? maxSteps}
        className="w-11 rounded border border-line-strong/60 bg-surface px-1 py-0.5 text-xs text-ink tabular-nums"
        onBlur={() => setDraft(null)}
        onChange={(event) => {
          setDraft(event.target.value)
          const steps = event.target.valueAsNumber
          if (Number.isInteger(steps) && steps >= 1 && steps <= MOST_STEPS) setMaxSteps(steps)
        }}
      />
      <span className="sr-only @lg:not-sr-only">steps</span>
    </label>
  )
}
