import { ArrowDownToLine } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { lazy, Suspense } from 'react'
import type { AssistantMessage } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import { assertNever } from '../../core/lib/assert-never.ts'
import { selectInspectedAnswerId } from '../../store/selectors.ts'
import type { AppState, InspectorTab } from '../../store/state.ts'
import { Button } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'
import { CallsTab, NoAnswerYet } from './calls-tab.tsx'
import { RawTab } from './raw-tab.tsx'

const PromptTab = lazy(async () => ({ default: (await import('./prompt-tab.tsx')).PromptTab }))
const TokensTab = lazy(async () => ({
  default: (await import('./tokens-tab.tsx')).TokensTab,
}))

const TABS = [
  { tab: 'calls', label: 'Calls' },
  { tab: 'prompt', label: 'Prompt' },
  { tab: 'raw', label: 'Raw' },
  { tab: 'tokens', label: 'Tokens' },
] as const satisfies readonly { tab: InspectorTab; label: string }[]

/** Everything about one answer: its calls, the text that was sent, the text that came back. */
export function InspectorPane() {
  const tab = useAppStore((state) => state.inspectorTab)
  const setTab = useAppStore((state) => state.setInspectorTab)
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => {
        const chosen = TABS.find((entry) => entry.tab === value)
        if (chosen) setTab(chosen.tab)
      }}
      className="@container flex min-h-0 flex-1 flex-col"
    >
      <h2 className="sr-only">Inspector</h2>
      <Tabs.List
        aria-label="Inspector"
        className="flex h-11 shrink-0 items-stretch gap-1 border-b border-line px-2"
      >
        {TABS.map((entry) => (
          <Tabs.Trigger
            key={entry.tab}
            value={entry.tab}
            data-pane-focus={entry.tab === tab || undefined}
            className="-mb-px border-b-2 focus-visible:-outline-offset-2 border-transparent px-2.5 text-sm font-medium text-ink-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink"
          >
            {entry.label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <PinnedNote />
      {TABS.map((entry) => (
        <Tabs.Content
          key={entry.tab}
          value={entry.tab}
          tabIndex={-1}
          className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden"
        >
          <TabContent tab={entry.tab} />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}

function TabContent({ tab }: { readonly tab: InspectorTab }) {
  const id = useAppStore(selectInspectedAnswerId)
  const message = useAppStore((state) => (id === null ? null : answerOf(state, id)))
  switch (tab) {
    case 'calls':
      return id && message ? <CallsTab key={id} id={id} message={message} /> : <NoAnswerYet />
    case 'prompt':
      return (
        <Suspense>
          <PromptTab id={id} message={message} />
        </Suspense>
      )
    case 'raw':
      return id && message ? <RawTab key={id} id={id} message={message} /> : <NoAnswerYet />
    case 'tokens':
      if (!id || !message) return <NoAnswerYet />
      return (
        <Suspense fallback={null}>
          <TokensTab key={id} id={id} message={message} />
        </Suspense>
      )
    default:
      return assertNever(tab)
  }
}

/** Says that an older answer is shown, and leads back to the newest. */
function PinnedNote() {
  const isPinned = useAppStore(
    (state) =>
      state.inspectedAnswerId !== null &&
      selectInspectedAnswerId({ ...state, inspectedAnswerId: null }) !==
        selectInspectedAnswerId(state),
  )
  const inspectAnswer = useAppStore((state) => state.inspectAnswer)
  if (!isPinned) return null
  return (
    <div className="flex shrink-0 items-center gap-2 border-b border-line bg-info-soft py-1 pr-1.5 pl-3 text-xs text-info">
      <span className="min-w-0 flex-1">An earlier answer is shown.</span>
      <Button size="sm" onClick={() => inspectAnswer(null)}>
        <ArrowDownToLine />
        Follow the newest
      </Button>
    </div>
  )
}

function answerOf({ transcript }: AppState, id: NodeId): AssistantMessage | null {
  const message = transcript.nodes.get(id)?.message
  return message?.type === 'assistant' ? message : null
}
