import type { Terms } from '../../store/hub-views.ts'
import { OutsideLink } from './hub-problem.tsx'

/** A model's terms, and the box to accept them with. */
export function TermsCheck(props: {
  readonly terms: Terms
  readonly accepts: boolean
  readonly onChange: (accepts: boolean) => void
}) {
  const { terms } = props
  return (
    <div className="grid gap-1.5 text-sm">
      <p>
        <span className="font-medium">{terms.label}.</span> {terms.note}{' '}
        <OutsideLink url={terms.url}>Read the terms</OutsideLink>
      </p>
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-0.5 size-4 accent-(--accent)"
          checked={props.accepts}
          onChange={(event) => props.onChange(event.target.checked)}
        />
        I accept the terms of this model
      </label>
    </div>
  )
}
