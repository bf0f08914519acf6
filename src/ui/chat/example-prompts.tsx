import { ChevronRight, CircleHelp, Layers, MessageCircle, SquareFunction } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import type { ExamplePrompt } from '../../core/tools/presets/preset.ts'
import { classNames } from '../kit/class-names.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'
import { selectExamples } from './examples.ts'

const EXPECTED: Readonly<
  Record<ExamplePrompt['expects'], { readonly label: string; readonly icon: ReactNode }>
> = {
  call: { label: 'one call', icon: <SquareFunction /> },
  parallel: { label: 'parallel calls', icon: <Layers /> },
  'no-call': { label: 'no call', icon: <MessageCircle /> },
  clarification: { label: 'asks back', icon: <CircleHelp /> },
}

/** The preset's example prompts as cards, for a conversation that is still empty. */
export function ExampleCards() {
  const examples = useAppStore(selectExamples)
  const send = useSend()
  if (examples.length === 0) return null
  return (
    <ul aria-label="Example prompts" className="grid gap-2 @lg:grid-cols-2">
      {examples.map((example) => (
        <li key={example.prompt}>
          <button
            type="button"
            onClick={() => send(example.prompt)}
            className="flex h-full w-full flex-col justify-between gap-2 rounded-lg border border-line px-3 py-2.5 text-left text-sm transition-colors hover:border-accent hover:bg-accent-soft"
          >
            {example.prompt}
            <span className="flex items-center gap-1 text-2xs text-ink-muted [&_svg]:size-3">
              {EXPECTED[example.expects].icon}
              Expects: {EXPECTED[example.expects].label}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The same prompts in one row above the composer, once there is a conversation. */
export function ExampleRow() {
  const examples = useAppStore(selectExamples)
  const isEmpty = useAppStore((state) => state.transcript.leafId === null)
  const isIdle = useAppStore((state) => state.turn.type === 'idle')
  const [isOpen, setIsOpen] = useState(false)
  const id = useId()
  const send = useSend()
  if (isEmpty || examples.length === 0) return null
  return (
    <div className="flex min-w-0 items-center gap-1 pb-1.5">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        className="flex h-6 shrink-0 items-center gap-1 rounded px-1 text-xs font-medium text-ink-muted hover:text-ink"
      >
        <ChevronRight
          aria-hidden
          className={classNames('size-3.5 transition-transform', isOpen && 'rotate-90')}
        />
        Examples
      </button>
      {isOpen && (
        <ul id={id} aria-label="Example prompts" className="flex min-w-0 gap-1.5 overflow-x-auto">
          {examples.map((example) => (
            <li key={example.prompt} className="shrink-0">
              <button
                type="button"
                disabled={!isIdle}
                title={`${example.prompt} (expects: ${EXPECTED[example.expects].label})`}
                onClick={() => send(example.prompt)}
                className="flex h-6 max-w-60 items-center gap-1 rounded-full border border-line px-2 text-xs text-ink-muted hover:border-accent hover:text-ink disabled:opacity-45 [&_svg]:size-3 [&_svg]:shrink-0"
              >
                {EXPECTED[example.expects].icon}
                <span className="sr-only">{EXPECTED[example.expects].label}: </span>
                <span className="truncate">{example.prompt}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function useSend(): (text: string) => void {
  const store = useAppStoreApi()
  return (text) => {
    void store.getState().send(text)
  }
}
