import { lazy, Suspense } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { assertNever } from '../core/lib/assert-never.ts'
import type { Pane } from '../store/state.ts'
import { ChatPane } from './chat/chat-pane.tsx'
import { InspectorPane } from './inspector/inspector-pane.tsx'
import { TooltipHost } from './kit/tooltip-host.tsx'
import { Notices } from './shell/notices.tsx'
import { PaneTabs } from './shell/pane-tabs.tsx'
import { TopBar } from './shell/top-bar.tsx'
import { useFileDrop } from './shell/use-file-drop.ts'
import { useIsNarrow } from './shell/use-is-narrow.ts'
import { useShortcuts } from './shell/use-shortcuts.ts'
import { ToolsPane } from './tools/tools-pane.tsx'
import { useAppStore } from './use-app-store.ts'

const ModelsDialog = lazy(async () => ({
  default: (await import('./models/models-dialog.tsx')).ModelsDialog,
}))
const GgufInspector = lazy(async () => ({
  default: (await import('./gguf-inspector/gguf-inspector.tsx')).GgufInspector,
}))
const SettingsDialog = lazy(async () => ({
  default: (await import('./settings/settings-dialog.tsx')).SettingsDialog,
}))
const CodeDialog = lazy(async () => ({
  default: (await import('./code/code-dialog.tsx')).CodeDialog,
}))
const Palette = lazy(async () => ({ default: (await import('./shell/palette.tsx')).Palette }))
const ShortcutsDialog = lazy(async () => ({
  default: (await import('./shell/shortcuts-dialog.tsx')).ShortcutsDialog,
}))
const ConversationsDialog = lazy(async () => ({
  default: (await import('./shell/conversations-dialog.tsx')).ConversationsDialog,
}))

/** The whole page: top bar, three panes, one dialog at a time. */
export function App() {
  useShortcuts()
  useFileDrop()
  const isNarrow = useIsNarrow()
  const hydrated = useAppStore((state) => state.hydrated)
  return (
    <>
      <div className="flex h-dvh flex-col">
        <TopBar />
        {hydrated && (isNarrow ? <OnePane /> : <ThreePanes />)}
      </div>
      <Notices />
      <OpenDialog />
      <TooltipHost />
    </>
  )
}

function ThreePanes() {
  const sizes = useAppStore((state) => state.paneSizes)
  const setSizes = useAppStore((state) => state.setPaneSizes)
  return (
    <main className="min-h-0 flex-1 px-2 pb-2">
      <Group
        orientation="horizontal"
        className="h-full"
        defaultLayout={mainLayout(sizes)}
        onLayoutChanged={(layout) => setSizes({ ...sizes, ...layout })}
      >
        <Panel id="tools" defaultSize="27%" minSize="240px">
          <PaneFrame pane="tools" />
        </Panel>
        <PaneSeparator label="Resize tools and chat" />
        <Panel id="chat" minSize="320px">
          <PaneFrame pane="chat" />
        </Panel>
        <PaneSeparator label="Resize chat and calls" />
        <Panel id="calls" defaultSize="31%" minSize="260px">
          <PaneFrame pane="calls" />
        </Panel>
      </Group>
    </main>
  )
}

function OnePane() {
  const pane = useAppStore((state) => state.phonePane)
  return (
    <>
      <main className="min-h-0 flex-1 px-2 pb-2">
        <PaneFrame key={pane} pane={pane} />
      </main>
      <PaneTabs />
    </>
  )
}

const PANE_LABELS: Readonly<Record<Pane, string>> = { tools: 'Tools', chat: 'Chat', calls: 'Calls' }

function PaneFrame({ pane }: { readonly pane: Pane }) {
  return (
    <section
      aria-label={PANE_LABELS[pane]}
      data-pane={pane}
      tabIndex={-1}
      className="flex h-full min-h-0 flex-col overflow-hidden rounded-lg border border-line bg-surface contain-strict focus:outline-none"
    >
      <PaneContent pane={pane} />
    </section>
  )
}

function PaneContent({ pane }: { readonly pane: Pane }) {
  switch (pane) {
    case 'tools':
      return <ToolsPane />
    case 'chat':
      return <ChatPane />
    case 'calls':
      return <InspectorPane />
    default:
      return assertNever(pane)
  }
}

function PaneSeparator({ label }: { readonly label: string }) {
  return (
    <Separator
      aria-label={label}
      className="group relative w-2 outline-none after:absolute after:inset-y-0 after:left-1/2 after:w-0.5 after:-translate-x-1/2 after:rounded-full after:transition-colors hover:after:bg-accent focus-visible:after:bg-accent data-[separator=active]:after:bg-accent"
    />
  )
}

function OpenDialog() {
  const dialog = useAppStore((state) => state.dialog)
  const openDialog = useAppStore((state) => state.openDialog)
  if (dialog === null) return null
  const close = () => openDialog(null)
  return (
    <Suspense fallback={null}>
      {dialog === 'model' && <ModelsDialog onClose={close} inspector={GgufInspector} />}
      {dialog === 'settings' && <SettingsDialog onClose={close} />}
      {dialog === 'palette' && <Palette onClose={close} />}
      {dialog === 'code' && <CodeDialog onClose={close} />}
      {dialog === 'shortcuts' && <ShortcutsDialog onClose={close} />}
      {dialog === 'conversations' && <ConversationsDialog onClose={close} />}
    </Suspense>
  )
}

/** Saved sizes of other groups share the record: only a complete set of the three panes counts. */
function mainLayout(sizes: Readonly<Record<string, number>>): Record<string, number> | undefined {
  const { tools, chat, calls } = sizes as Partial<Record<Pane, number>>
  if (tools === undefined || chat === undefined || calls === undefined) return undefined
  return { tools, chat, calls }
}
