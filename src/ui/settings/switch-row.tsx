import { Switch } from '../kit/switch.tsx'

/** A switch with its name and what it does. */
export function SwitchRow(props: {
  readonly label: string
  readonly hint: string
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
}) {
  return (
    <div className="flex items-start justify-between gap-4">
      <div>
        <p className="text-sm font-medium">{props.label}</p>
        <p className="text-xs text-ink-muted">{props.hint}</p>
      </div>
      <Switch
        label={props.label}
        checked={props.checked}
        disabled={props.disabled ?? false}
        onChange={props.onChange}
      />
    </div>
  )
}
