import { useRef } from 'react'
import type { XraySegment, XrayView } from '../../store/prompt-views.ts'
import { classNames } from '../kit/class-names.ts'
import { formatCount } from '../kit/quantities.ts'
import { usePointedPart } from '../kit/use-pointed-part.ts'
import { BAR_CLASSES } from './part-colors.ts'

/** What the prompt is made of, and what each part costs. */
export function XrayOutline({ view }: { readonly view: XrayView }) {
  const { segments } = view
  const most = Math.max(1, ...segments.map(costOf))
  return (
    <ol
      aria-label="Parts of the prompt"
      className="max-h-48 shrink-0 overflow-y-auto border-b border-line py-1"
    >
      {segments.map((segment) => (
        <OutlineRow key={segment.start} segment={segment} share={costOf(segment) / most} />
      ))}
    </ol>
  )
}

function costOf({ tokens, start, end }: XraySegment): number {
  return tokens ?? end - start
}

function OutlineRow(props: { readonly segment: XraySegment; readonly share: number }) {
  const { segment, share } = props
  const { isLit, handlers } = usePointedPart(segment.source)
  const button = useRef<HTMLButtonElement>(null)
  const cost =
    segment.tokens === null
      ? `${formatCount(segment.end - segment.start)} characters`
      : `${formatCount(segment.tokens)} ${segment.tokens === 1 ? 'token' : 'tokens'}`
  return (
    <li>
      <button
        ref={button}
        type="button"
        {...handlers}
        onClick={() => {
          const tab = button.current?.closest('[role=tabpanel]')
          tab?.querySelector(`[data-start="${segment.start}"]`)?.scrollIntoView({ block: 'start' })
        }}
        className={classNames(
          'grid w-full grid-cols-[minmax(0,1fr)_5rem_6.5rem] items-center gap-2 px-3 py-0.5 text-left text-xs',
          isLit ? 'bg-mark' : 'hover:bg-sunken',
        )}
      >
        <span className="flex min-w-0 items-center gap-2">
          <span
            aria-hidden
            className={classNames('size-2 shrink-0 rounded-full', BAR_CLASSES[segment.kind])}
          />
          <span className={classNames('truncate', segment.kind === 'tool' && 'font-mono')}>
            {segment.label}
          </span>
        </span>
        <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-sunken">
          <span
            className={classNames('block h-full rounded-full', BAR_CLASSES[segment.kind])}
            style={{ width: `${Math.max(2, share * 100)}%` }}
          />
        </span>
        <span className="text-right text-ink-muted tabular-nums">{cost}</span>
      </button>
    </li>
  )
}
