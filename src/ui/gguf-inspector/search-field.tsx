import { Search } from 'lucide-react'
import { INPUT_CLASS } from '../kit/field.tsx'

/** A filter above a table, with what it leaves of it. */
export function SearchField(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Such as `12 of 434 tensors`. */
  readonly result: string
}) {
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-3 py-2">
      <div className="relative min-w-44 flex-1 @2xl:max-w-80">
        <Search className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-faint" />
        <input
          type="search"
          aria-label={props.label}
          placeholder={props.label}
          className={`${INPUT_CLASS} pl-8`}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      </div>
      <p aria-live="polite" className="text-xs text-ink-muted tabular-nums">
        {props.result}
      </p>
    </div>
  )
}
