import { useEffect, useRef } from 'react'
import type { NodeId } from '../../core/chat/transcript.ts'
import type { ParsedOutput } from '../../core/formats/parsed-output.ts'
import { selectArgumentText } from '../../store/selectors.ts'
import { classNames } from '../kit/class-names.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'
import { argumentRows, type WrittenCall } from './argument-rows.ts'
import { ExactText } from './exact-text.tsx'
import { rawSegments, type PointTarget, type RawSegment } from './raw-segments.ts'

const MARKS = { specialTexts: [], whitespace: false }

/** With more calls than this, only whole calls can be pointed at. */
const MAX_CALLS_WITH_ARGUMENTS = 40

/** The exact output with calls and arguments marked, each lighting up with its other places. */
export function RawOutput(props: {
  readonly id: NodeId
  readonly raw: string
  readonly output: ParsedOutput
  readonly shownLength: number
}) {
  const { id, raw, output } = props
  const store = useAppStoreApi()
  const reading = useAppStore((state) => selectArgumentText(state, id))
  const pointedAt = useAppStore((state) =>
    state.pointedAt?.answerId === id ? state.pointedAt : null,
  )
  return rawSegments(
    props.shownLength,
    targetsOf({ raw, reading }, output),
    pointedAt?.span ?? null,
  ).map((segment) => (
    <Segment
      key={segment.start}
      text={raw.slice(segment.start, segment.end)}
      segment={segment}
      onPoint={(target) => store.getState().pointAt(target && { answerId: id, ...target })}
    />
  ))
}

function Segment(props: {
  readonly text: string
  readonly segment: RawSegment
  readonly onPoint: (target: PointTarget | null) => void
}) {
  const { target, isLit } = props.segment
  const ref = useRef<HTMLElement>(null)
  useEffect(() => {
    const element = ref.current
    // What is under the pointer must not move away from it.
    if (isLit && element && !element.matches(':hover')) element.scrollIntoView({ block: 'nearest' })
  }, [isLit])
  if (target === null) return <ExactText text={props.text} marks={MARKS} />
  return (
    <mark
      ref={ref}
      data-call={target.callIndex}
      data-lit={isLit}
      onPointerEnter={() => props.onPoint(target)}
      onPointerLeave={() => props.onPoint(null)}
      className={classNames('text-ink transition-colors', isLit ? 'bg-mark' : 'bg-accent-soft')}
    >
      <ExactText text={props.text} marks={MARKS} />
    </mark>
  )
}

function targetsOf(
  written: Pick<WrittenCall, 'raw' | 'reading'>,
  output: ParsedOutput,
): readonly PointTarget[] {
  const hasArguments = output.calls.length <= MAX_CALLS_WITH_ARGUMENTS
  return output.calls.flatMap((call) => {
    const whole: PointTarget = { callIndex: call.index, span: call.span }
    if (!hasArguments) return [whole]
    const parts = argumentRows({ ...written, call }, [], null).flatMap(({ span }) => span ?? [])
    return [whole, ...parts.map((span) => ({ callIndex: call.index, span }))]
  })
}
