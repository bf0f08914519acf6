/** A bar for work of known (`value` 0 to 1) or unknown (`value` null) length. */
export function ProgressBar(props: { readonly value: number | null; readonly label: string }) {
  return (
    <div
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(props.value === null ? {} : { 'aria-valuenow': Math.round(props.value * 100) })}
      className="h-1 overflow-hidden rounded-full bg-line"
    >
      <div
        className={
          props.value === null
            ? 'h-full w-1/3 animate-pulse rounded-full bg-accent'
            : // No transition: it would lay the page out in every frame, on the cores that hash or compute.
              'h-full rounded-full bg-accent'
        }
        style={props.value === null ? undefined : { width: `${props.value * 100}%` }}
      />
    </div>
  )
}
