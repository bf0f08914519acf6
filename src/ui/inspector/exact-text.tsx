import { useState, type ReactNode } from 'react'
import { Button } from '../kit/button.tsx'
import { formatCount } from '../kit/quantities.ts'
import { codePointName, markText, type MarkOptions, type TextSegment } from './mark-text.ts'

/** Laying out more text than this takes the page long enough to be felt, so it is shown on demand. */
const SHOWN_AT_FIRST = 150_000

/** Text exactly as it is, with what the eye would miss made visible. Selecting and copying gives the text itself. */
export function ExactText(props: { readonly text: string; readonly marks: MarkOptions }) {
  return <>{markText(props.text, props.marks).map(segmentView)}</>
}

/** The frame of an exact text: wrapped, mono, cut after the first part until the user wants all. */
export function ExactTextFrame(props: {
  readonly label: string
  readonly length: number
  /** Gets how many characters are to be shown. */
  readonly children: (shownLength: number) => ReactNode
}) {
  const [showsAll, setShowsAll] = useState(false)
  const isCut = !showsAll && props.length > SHOWN_AT_FIRST
  return (
    <div
      role="region"
      aria-label={props.label}
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto px-3 py-2.5 focus-visible:outline-offset-[-2px]"
    >
      <pre className="font-mono text-xs leading-[1.6] wrap-anywhere whitespace-pre-wrap">
        {props.children(isCut ? SHOWN_AT_FIRST : props.length)}
      </pre>
      {isCut && (
        <p className="mt-3 flex flex-wrap items-center gap-2 border-t border-line pt-2 text-xs text-ink-muted">
          The first {formatCount(SHOWN_AT_FIRST)} of {formatCount(props.length)} characters.
          <Button size="sm" onClick={() => setShowsAll(true)}>
            Show all
          </Button>
        </p>
      )}
    </div>
  )
}

function segmentView(segment: TextSegment, index: number): ReactNode {
  switch (segment.type) {
    case 'special':
      return (
        <span key={index} className="rounded bg-info-soft px-0.5 py-px font-semibold text-info">
          {segment.text}
        </span>
      )
    case 'control':
      // The name stands in a pseudo-element, so that copying takes the character and not its name.
      return (
        <span
          key={index}
          data-name={codePointName(segment.text)}
          className="rounded bg-warn-soft px-0.5 py-px text-2xs text-warn before:content-[attr(data-name)]"
        >
          {segment.text}
        </span>
      )
    case 'space':
      return (
        <span
          key={index}
          className="bg-[radial-gradient(circle,var(--line-strong)_0.6px,transparent_1.1px)] bg-size-[1ch_1.6em] bg-left"
        >
          {segment.text}
        </span>
      )
    case 'newline':
      return (
        <span key={index} className="text-ink-faint before:content-['↵']">
          {segment.text}
        </span>
      )
    case 'plain':
      return segment.text
    default:
      return segment.type satisfies never
  }
}
