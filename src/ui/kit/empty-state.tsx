import type { ReactNode } from 'react'

/** What a pane shows when it has nothing yet: why, and the next step. */
export function EmptyState(props: {
  readonly icon: ReactNode
  readonly title: string
  readonly children?: ReactNode
}) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-2 p-6 text-center">
      <div className="text-ink-faint [&_svg]:size-7">{props.icon}</div>
      <p className="font-medium">{props.title}</p>
      {props.children && <div className="max-w-sm text-sm text-ink-muted">{props.children}</div>}
    </div>
  )
}
