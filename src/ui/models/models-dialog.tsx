import { Tabs } from 'radix-ui'
import { useEffect, type ComponentType } from 'react'
import type { GgufHeader } from '../../core/gguf/gguf-header.ts'
import { assertNever } from '../../core/lib/assert-never.ts'
import type { ModelsTab } from '../../store/hub-state.ts'
import { Dialog } from '../kit/dialog.tsx'
import { useAppStore } from '../use-app-store.ts'
import { DownloadsTab } from './downloads-tab.tsx'
import { FindTab } from './find-tab.tsx'
import { InspectionView } from './inspection-view.tsx'
import { LoadStatus } from './load-status.tsx'
import { RunningTab } from './running-tab.tsx'
import { ServerTab } from './server-tab.tsx'
import { StorageTab } from './storage-tab.tsx'
import { WebllmTab } from './webllm-tab.tsx'

/** Shows what is inside GGUF files. A feature of its own, so it is handed in. */
export type Inspector = ComponentType<{
  readonly header: GgufHeader
  readonly otherShards: readonly GgufHeader[]
  readonly sizeBytes: number
  readonly name: string
}>

const TABS: readonly { readonly tab: ModelsTab; readonly label: string }[] = [
  { tab: 'running', label: 'Running' },
  { tab: 'find', label: 'Find' },
  { tab: 'webllm', label: 'WebLLM' },
  { tab: 'server', label: 'Server' },
  { tab: 'downloads', label: 'Downloads' },
  { tab: 'storage', label: 'Storage' },
]

/** Every model: the running one, those of the Hub, those on their way and those that are stored. */
export function ModelsDialog(props: {
  readonly onClose: () => void
  readonly inspector: Inspector
}) {
  const inspection = useAppStore((state) => state.inspection)
  const closeInspection = useAppStore((state) => state.closeInspection)
  const refresh = useAppStore((state) => state.refreshShelf)

  useEffect(() => {
    // What is stored tells the other tabs what is here already.
    void refresh()
  }, [refresh])

  return (
    <Dialog
      open
      onClose={() => {
        closeInspection()
        props.onClose()
      }}
      title="Models"
      description="They run on this machine, and nothing you type leaves the page, unless you connect to a server."
      width="full"
    >
      {inspection && <InspectionView inspection={inspection} inspector={props.inspector} />}
      {/* Kept, so that whoever comes back is where they were. */}
      <div className={inspection ? 'hidden' : 'contents'}>
        <ModelTabs />
      </div>
    </Dialog>
  )
}

function ModelTabs() {
  const tab = useAppStore((state) => state.modelsTab)
  const show = useAppStore((state) => state.showModels)
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => {
        const chosen = TABS.find((entry) => entry.tab === value)
        if (chosen) show(chosen.tab)
      }}
      className="flex min-h-0 flex-1 flex-col"
    >
      <Tabs.List
        aria-label="Models"
        className="flex h-11 shrink-0 items-stretch justify-between overflow-x-auto overflow-y-hidden border-b border-line px-2 sm:justify-start sm:gap-1 sm:px-3"
      >
        {TABS.map((entry) => (
          <Tabs.Trigger
            key={entry.tab}
            value={entry.tab}
            className="border-b-2 border-transparent px-1.5 text-xs font-medium whitespace-nowrap sm:px-2.5 sm:text-sm text-ink-muted hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink"
          >
            {entry.label}
            {entry.tab === 'downloads' && <DownloadCount />}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <LoadStatus />
      <Tabs.Content
        // Each begins at its own top.
        key={tab}
        value={tab}
        tabIndex={-1}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        <TabContent tab={tab} />
      </Tabs.Content>
    </Tabs.Root>
  )
}

function DownloadCount() {
  const count = useAppStore(
    (state) => state.downloads.filter((download) => download.state.type !== 'done').length,
  )
  if (count === 0) return null
  return <span className="ml-1 tabular-nums text-accent sm:ml-1.5">{count}</span>
}

function TabContent({ tab }: { readonly tab: ModelsTab }) {
  switch (tab) {
    case 'running':
      return <RunningTab />
    case 'find':
      return <FindTab />
    case 'webllm':
      return <WebllmTab />
    case 'server':
      return <ServerTab />
    case 'downloads':
      return <DownloadsTab />
    case 'storage':
      return <StorageTab />
    default:
      return assertNever(tab)
  }
}
