import type { ReactNode } from 'react'

/** The bar at the top of a pane: its heading on the left, its actions on the right. */
export function PaneHeader(props: { readonly title: ReactNode; readonly children?: ReactNode }) {
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-b border-line px-3">
      <div className="flex min-w-0 flex-1 items-center gap-2">{props.title}</div>
      {props.children}
    </header>
  )
}
