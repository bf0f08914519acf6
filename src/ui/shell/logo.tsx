/** The mark: a call's brackets around a cursor. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" className="size-6 text-accent" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="3.2" strokeLinecap="square">
        <path d="M11 6H6v20h5" />
        <path d="M21 6h5v20h-5" />
      </g>
      <circle cx="16" cy="16" r="3.4" fill="currentColor" />
    </svg>
  )
}
