import type { ReactNode } from 'react'

/** One way to another model. */
export function ModelCard(props: {
  readonly icon: ReactNode
  readonly title: string
  readonly text: string
  readonly isDashed?: boolean
  readonly children: ReactNode
}) {
  return (
    <div
      className={`flex flex-wrap items-start gap-3 rounded-lg border p-3 ${props.isDashed ? 'border-dashed border-line-strong' : 'border-line'}`}
    >
      <span className="mt-0.5 text-accent [&_svg]:size-5">{props.icon}</span>
      <div className="min-w-48 flex-1">
        <p className="font-medium">{props.title}</p>
        <p className="text-xs text-ink-muted">{props.text}</p>
      </div>
      <div className="flex flex-wrap gap-2">{props.children}</div>
    </div>
  )
}
