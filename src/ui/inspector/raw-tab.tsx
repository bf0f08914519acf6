import type { AssistantMessage } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import { selectOutput } from '../../store/selectors.ts'
import { CopyButton } from '../kit/copy-button.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { ExactTextFrame } from './exact-text.tsx'
import { RawOutput } from './raw-output.tsx'

/** The exact output, with the calls marked where they stand. */
export function RawTab(props: { readonly id: NodeId; readonly message: AssistantMessage }) {
  const { id, message } = props
  const { raw, usage } = message
  const output = useAppStore((state) => selectOutput(state, id))
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line pr-1.5 pl-3 text-xs text-ink-muted">
        <span className="flex-1 tabular-nums">
          {formatCount(raw.length)} characters
          {usage && ` · ${formatCount(usage.completionTokens)} tokens`}
        </span>
        <CopyButton label="Copy output" text={() => raw} />
      </div>
      <ExactTextFrame label="Raw output" length={raw.length}>
        {(shownLength) => <RawOutput id={id} raw={raw} output={output} shownLength={shownLength} />}
      </ExactTextFrame>
    </>
  )
}
