import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import type { JsonObject, JsonValue } from '../../core/lib/json.ts'
import { Button, IconButton } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { INPUT_CLASS } from '../kit/field.tsx'
import {
  initialValue,
  typedValue,
  valueInput,
  valueText,
  withKey,
  withoutKey,
  type ValueInput,
} from './condition-value.ts'

const CONTROL_CLASS = classNames(INPUT_CLASS, 'h-7 min-w-0 px-1.5 py-0 font-mono text-xs')

/** `argument = value` rows; none matches every call. */
export function ConditionRows(props: {
  readonly number: number
  readonly conditions: JsonObject
  readonly parameters: JsonObject
  readonly onChange: (conditions: JsonObject) => void
}) {
  const { conditions, parameters, onChange } = props
  const entries = Object.entries(conditions)
  const free = Object.keys(parameters).filter((name) => !Object.hasOwn(conditions, name))
  const next = free[0]
  return (
    <div role="group" aria-label={`Conditions of result ${props.number}`} className="grid gap-1.5">
      {entries.map(([name, value]) => {
        const input = valueInput(parameters[name])
        return (
          // The key of an object is unique; renaming it makes another row.
          <div key={name} className="grid grid-cols-[2fr_auto_3fr_auto] items-start gap-1.5">
            <select
              aria-label={`Argument of a condition of result ${props.number}`}
              value={name}
              className={CONTROL_CLASS}
              onChange={(event) => {
                const renamed = event.target.value
                const fresh = initialValue(valueInput(parameters[renamed]))
                onChange(withKey(conditions, name, [renamed, fresh]))
              }}
            >
              <option value={name}>
                {Object.hasOwn(parameters, name) ? name : `${name} (no such parameter)`}
              </option>
              {free.map((other) => (
                <option key={other} value={other}>
                  {other}
                </option>
              ))}
            </select>
            <span className="leading-7 text-ink-muted">=</span>
            <ConditionValue
              label={`Value of ${name}, result ${props.number}`}
              input={input}
              value={value}
              onChange={(changed) => onChange(withKey(conditions, name, [name, changed]))}
            />
            <IconButton
              size="sm"
              label={`Remove the condition on ${name}`}
              onClick={() => onChange(withoutKey(conditions, name))}
            >
              <X />
            </IconButton>
          </div>
        )
      })}
      <div className="flex items-center gap-2">
        {entries.length === 0 && <span className="text-xs text-ink-muted">Matches every call</span>}
        {next !== undefined && (
          <Button
            size="sm"
            tone="ghost"
            onClick={() =>
              onChange({ ...conditions, [next]: initialValue(valueInput(parameters[next])) })
            }
          >
            <Plus />
            Add a condition
          </Button>
        )}
      </div>
    </div>
  )
}

function ConditionValue(props: {
  readonly label: string
  readonly input: ValueInput
  readonly value: JsonValue
  readonly onChange: (value: JsonValue) => void
}) {
  const { input, value, onChange } = props
  const hintId = useId()
  // What is typed, kept while it stands for the value: "1.0" is 1 and must stay "1.0".
  const [draft, setDraft] = useState('')
  const shown = valueText(typedValue(input, draft)) === valueText(value) ? draft : valueText(value)

  if (input.type === 'choice') {
    const options = input.options.map(valueText)
    const current = valueText(value)
    return (
      <select
        aria-label={props.label}
        value={current}
        className={CONTROL_CLASS}
        onChange={(event) => onChange(typedValue(input, event.target.value))}
      >
        {(options.includes(current) ? options : [current, ...options]).map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    )
  }
  const isWrong = input.type === 'number' && typeof value !== 'number'
  return (
    <span className="min-w-0">
      <input
        aria-label={props.label}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? hintId : undefined}
        inputMode={input.type === 'number' ? 'decimal' : 'text'}
        spellCheck={false}
        value={shown}
        placeholder={input.type === 'json' ? 'JSON or text' : input.type}
        className={CONTROL_CLASS}
        onChange={(event) => {
          setDraft(event.target.value)
          onChange(typedValue(input, event.target.value))
        }}
      />
      {isWrong && (
        <span id={hintId} className="text-2xs text-warn">
          Type a number: text never equals one.
        </span>
      )}
    </span>
  )
}
