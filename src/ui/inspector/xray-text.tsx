import { useEffect, useRef } from 'react'
import type { XraySegment, XrayView } from '../../store/prompt-views.ts'
import { classNames } from '../kit/class-names.ts'
import { usePointedPart } from '../kit/use-pointed-part.ts'
import { ExactText } from './exact-text.tsx'
import type { MarkOptions } from './mark-text.ts'
import { PART_CLASSES } from './part-colors.ts'

/** The exact prompt, each part on its colour; parts light up with their sources. */
export function XrayText(props: {
  readonly view: XrayView
  readonly shownLength: number
  readonly marks: MarkOptions
}) {
  const { prompt, segments } = props.view
  return segments
    .filter(({ start }) => start < props.shownLength)
    .map((segment) => (
      <Segment
        key={segment.start}
        segment={segment}
        text={prompt.slice(segment.start, Math.min(segment.end, props.shownLength))}
        marks={props.marks}
      />
    ))
}

function Segment(props: {
  readonly segment: XraySegment
  readonly text: string
  readonly marks: MarkOptions
}) {
  const { kind, source, start } = props.segment
  const { isLit, handlers } = usePointedPart(source)
  const ref = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const element = ref.current
    // What is under the pointer must not move away from it.
    if (isLit && element && !element.matches(':hover')) element.scrollIntoView({ block: 'nearest' })
  }, [isLit])
  return (
    <span
      ref={ref}
      data-part={kind}
      data-start={start}
      data-lit={isLit}
      onPointerEnter={handlers.onPointerEnter}
      onPointerLeave={handlers.onPointerLeave}
      className={classNames('transition-colors', isLit ? 'bg-mark' : PART_CLASSES[kind])}
    >
      <ExactText text={props.text} marks={props.marks} />
    </span>
  )
}
