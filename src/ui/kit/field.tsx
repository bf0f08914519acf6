import { useId, type ReactNode } from 'react'

/** A labelled control with a hint. `children` gets the id that ties label and control together. */
export function Field(props: {
  readonly label: string
  readonly hint?: string
  readonly aside?: ReactNode
  readonly children: (id: string, describedBy: string | undefined) => ReactNode
}) {
  const id = useId()
  const hintId = props.hint ? `${id}-hint` : undefined
  return (
    <div className="grid content-start gap-1">
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-sm font-medium">
          {props.label}
        </label>
        {props.aside}
      </div>
      {props.children(id, hintId)}
      {props.hint && (
        <p id={hintId} className="text-xs text-ink-muted">
          {props.hint}
        </p>
      )}
    </div>
  )
}

/** The look of text inputs, selects and text areas. */
export const INPUT_CLASS =
  'w-full rounded-md border border-line-strong/60 bg-surface px-2.5 py-1.5 text-sm text-ink placeholder:text-ink-faint hover:border-line-strong disabled:opacity-45'
