import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

const TONES = {
  neutral: 'bg-sunken text-ink-muted ring-1 ring-inset ring-line',
  accent: 'bg-accent-soft text-accent',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  info: 'bg-info-soft text-info',
}

export type Tone = keyof typeof TONES

/** A state in one or two words, with an icon: colour never says it alone. */
export function Badge(props: {
  readonly tone?: Tone
  readonly icon?: ReactNode
  readonly title?: string
  readonly children: ReactNode
}) {
  return (
    <span
      title={props.title}
      className={classNames(
        'inline-flex h-5 items-center gap-1 rounded-full px-2 text-2xs font-medium whitespace-nowrap [&_svg]:size-3',
        TONES[props.tone ?? 'neutral'],
      )}
    >
      {props.icon}
      {props.children}
    </span>
  )
}
