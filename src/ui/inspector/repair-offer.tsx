import { ArrowRightLeft, Wrench } from 'lucide-react'
import type { NodeId } from '../../core/chat/transcript.ts'
import type {
  DiffPart,
  OtherFormat,
  OutputDiagnosis,
  Repair,
} from '../../core/formats/diagnose-output.ts'
import { Button } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'
import { IssueLine } from './argument-table.tsx'

/** Unchanged text around a change that is shown. */
const CONTEXT_CHARACTERS = 60

/** What a broken answer may have been meant to be: read in another format, or repaired. Nothing is done unasked. */
export function RepairOffer(props: { readonly id: NodeId; readonly diagnosis: OutputDiagnosis }) {
  const { otherFormat, repair } = props.diagnosis
  return (
    <section aria-label="What it may have meant" className="grid gap-3 px-3 py-3">
      {otherFormat && <SwitchFormat id={props.id} other={otherFormat} />}
      {repair && <TakeRepair id={props.id} repair={repair} />}
    </section>
  )
}

function SwitchFormat({ id, other }: { readonly id: NodeId; readonly other: OtherFormat }) {
  const readAs = useAppStore((state) => state.readAs)
  const isIdle = useAppStore((state) => state.turn.type === 'idle')
  return (
    <div className="grid justify-items-start gap-2 rounded-md border border-line bg-surface p-2.5">
      <p className="text-xs">
        This is {namesOf(other.calls)} in the format <strong>{other.label}</strong>, which is not
        the one in force. Reading this answer and the next ones in it changes no character.
      </p>
      <Button size="sm" disabled={!isIdle} onClick={() => readAs(id, other.id)}>
        <ArrowRightLeft /> Read as {other.label}
      </Button>
    </div>
  )
}

function TakeRepair({ id, repair }: { readonly id: NodeId; readonly repair: Repair }) {
  const takeRepair = useAppStore((state) => state.takeRepair)
  const isIdle = useAppStore((state) => state.turn.type === 'idle')
  return (
    <div className="grid gap-2 rounded-md border border-line bg-surface p-2.5">
      <p className="text-xs">
        A repair would make it {namesOf(repair.calls)}: {repair.steps.join(', ')}.
      </p>
      <pre
        aria-label="The repair, as changes to the output"
        tabIndex={0}
        className="max-h-48 overflow-y-auto rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs wrap-anywhere whitespace-pre-wrap"
      >
        {repair.diff.map((part, index) => (
          <DiffText
            key={index}
            part={part}
            isFirst={index === 0}
            isLast={index === repair.diff.length - 1}
          />
        ))}
      </pre>
      {repair.issues.length === 0 ? (
        <p className="text-xs text-good">It then fits the schema of its tool.</p>
      ) : (
        <div>
          <p className="text-xs text-ink-muted">
            It can then be read, but its tool has objections:
          </p>
          {repair.issues.map((issue) => (
            <IssueLine key={`${issue.kind}${issue.path}`} issue={issue} within="" />
          ))}
        </div>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" disabled={!isIdle} onClick={() => takeRepair(id)}>
          <Wrench /> Take the repair
        </Button>
        <span className="text-2xs text-ink-muted">
          As a branch that is marked as repaired; the answer stays as it is.
        </span>
      </div>
    </div>
  )
}

function DiffText(props: {
  readonly part: DiffPart
  readonly isFirst: boolean
  readonly isLast: boolean
}) {
  const { type, text } = props.part
  switch (type) {
    case 'removed':
      return <del className="rounded-sm bg-bad-soft text-bad">{visible(text)}</del>
    case 'added':
      return (
        <ins className="rounded-sm bg-good-soft font-semibold text-good no-underline">{text}</ins>
      )
    case 'same':
      return shortened(text, props)
  }
}

/** A line break that is taken out would not be seen. */
function visible(text: string): string {
  return text.replaceAll('\n', '↵')
}

function shortened(
  text: string,
  ends: { readonly isFirst: boolean; readonly isLast: boolean },
): string {
  const head = ends.isFirst ? 0 : CONTEXT_CHARACTERS
  const tail = ends.isLast ? 0 : CONTEXT_CHARACTERS
  if (text.length <= head + tail + 1) return text
  return `${text.slice(0, head)}…${tail === 0 ? '' : text.slice(-tail)}`
}

function namesOf(calls: Repair['calls']): string {
  const names = calls.map(({ name }) => name).join(', ')
  return calls.length === 1 ? `a call of ${names}` : `${calls.length} calls (${names})`
}
