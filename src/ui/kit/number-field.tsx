import { useState } from 'react'
import { Field, INPUT_CLASS } from './field.tsx'

/**
 * A number with its range. What is typed is kept as it is while it is being typed; it takes effect once it is a number
 * in range, and on leaving an out-of-range number is moved to the nearest end.
 */
export function NumberField(props: {
  readonly label: string
  readonly hint?: string
  readonly value: number | null
  readonly range: { readonly min: number; readonly max: number; readonly step: number }
  /** Shown for null, and makes the field emptiable. */
  readonly placeholder?: string
  readonly disabledReason?: string | undefined
  readonly onChange: (value: number) => void
  readonly onClear?: () => void
}) {
  const { min, max, step } = props.range
  const [draft, setDraft] = useState<string | null>(null)
  const hint = props.disabledReason ?? props.hint

  function take(text: string, isFinal: boolean) {
    if (text.trim() === '') {
      props.onClear?.()
      return
    }
    const typed = Number(text)
    if (!Number.isFinite(typed)) return
    const whole = Number.isInteger(step) ? Math.round(typed) : typed
    const inRange = Math.min(max, Math.max(min, whole))
    if (isFinal || inRange === typed) props.onChange(inRange)
  }

  return (
    <Field label={props.label} {...(hint ? { hint } : {})}>
      {(id, describedBy) => (
        <input
          id={id}
          aria-describedby={describedBy}
          type="number"
          inputMode="decimal"
          min={min}
          max={max}
          step={step}
          placeholder={props.placeholder}
          disabled={props.disabledReason !== undefined}
          className={`${INPUT_CLASS} tabular-nums`}
          value={draft ?? props.value ?? ''}
          onChange={(event) => {
            setDraft(event.target.value)
            take(event.target.value, false)
          }}
          onBlur={(event) => {
            take(event.target.value, true)
            setDraft(null)
          }}
        />
      )}
    </Field>
  )
}
