import { ArrowUp, Square } from 'lucide-react'
import { Button } from '../kit/button.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'
import { AutomaticControl } from './automatic-control.tsx'
import { CallRulesControl } from './call-rules-control.tsx'
import { isComposing, isPlainEnter } from './is-plain-enter.ts'

/** Lines shown where the browser cannot size the field by its content. */
const FALLBACK_MAX_ROWS = 8

export function Composer() {
  const text = useAppStore((state) => state.composerText)
  const setText = useAppStore((state) => state.setComposerText)
  const stop = useAppStore((state) => state.stop)
  const isRunning = useAppStore((state) => state.turn.type !== 'idle')
  const hasMessages = useAppStore((state) => state.transcript.leafId !== null)
  const store = useAppStoreApi()
  const canSend = !isRunning && text.trim() !== ''
  const send = () => {
    if (canSend) void store.getState().send(text)
  }
  return (
    <form
      className="rounded-lg border border-line-strong/60 bg-surface focus-within:border-accent hover:border-line-strong"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        aria-label="Message"
        aria-keyshortcuts="Enter"
        data-pane-focus
        placeholder={hasMessages ? 'Reply…' : 'Ask something that needs a tool…'}
        value={text}
        rows={Math.min(FALLBACK_MAX_ROWS, Math.max(2, text.split('\n').length))}
        className="block max-h-48 min-h-14 w-full resize-none field-sizing-content bg-transparent px-3 pt-2.5 pb-1 text-sm placeholder:text-ink-faint focus-visible:outline-none"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && isRunning && !isComposing(event)) {
            event.preventDefault()
            stop()
          }
          if (!isPlainEnter(event)) return
          event.preventDefault()
          send()
        }}
      />
      <div className="flex items-center gap-2 px-2 pb-2">
        <CallRulesControl />
        <AutomaticControl />
        <span className="flex-1" />
        <ReadAheadNote />
        {isRunning ? (
          <Button size="sm" onClick={stop} aria-keyshortcuts="Escape">
            <Square className="fill-current" />
            Stop
          </Button>
        ) : (
          <Button type="submit" size="sm" tone="primary" disabled={!canSend}>
            <ArrowUp />
            Send
          </Button>
        )}
      </div>
    </form>
  )
}

/** How much of the next prompt the model has already read. */
function ReadAheadNote() {
  const status = useAppStore((state) => state.readAheadStatus)
  const isIdle = useAppStore((state) => state.turn.type === 'idle')
  if (!isIdle || status.type === 'none') return null
  return (
    <span
      className="truncate text-2xs text-ink-faint tabular-nums"
      title="The model reads the prompt while you type, so that the answer begins sooner"
    >
      {status.type === 'reading'
        ? 'Reading ahead…'
        : `${formatCount(status.tokens)} tokens read ahead`}
    </span>
  )
}
