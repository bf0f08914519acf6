import { FileDown, FileUp, Plus, X } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { Button, IconButton } from '../kit/button.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'
import { useMediaQuery } from '../kit/use-media-query.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'
import { NoTools } from './no-tools.tsx'
import { PresetMenu } from './preset-menu.tsx'
import { ToolList } from './tool-list.tsx'
import { useImportDrop } from './use-import-drop.ts'

const ToolDetail = lazy(async () => ({ default: (await import('./tool-detail.tsx')).ToolDetail }))
const ImportDialog = lazy(async () => ({
  default: (await import('./import-dialog.tsx')).ImportDialog,
}))

/** Where the list and the editor of one tool take turns instead of sharing the height. */
const PHONE = '(width < 640px)'

const LIST_PANEL = 'tools-list'
const DETAIL_PANEL = 'tools-detail'

/** The tools that are offered to the model: the list, and the editor of the selected one. */
export function ToolsPane() {
  const store = useAppStoreApi()
  const isPhone = useMediaQuery(PHONE)
  const hasTools = useAppStore((state) => state.toolDocuments.length > 0)
  const selectedId = useAppStore((state) => state.selectedToolId)
  const drop = useImportDrop()
  const [isImporting, setIsImporting] = useState(false)
  // On a phone a selected tool is shown once it was opened here, not because it was selected before.
  const [isOpen, setIsOpen] = useState(false)
  const showsDetail = selectedId !== null && (!isPhone || isOpen)

  function add() {
    store.getState().addTool()
    setIsOpen(true)
  }
  const list = hasTools ? (
    <ToolList
      onOpen={(id) => {
        store.getState().selectTool(id)
        setIsOpen(true)
      }}
    />
  ) : (
    <NoTools onAdd={add} />
  )
  const detail = selectedId !== null && (
    <Suspense fallback={null}>
      <ToolDetail
        id={selectedId}
        closeLabel={isPhone ? 'Back to the list' : 'Close the editor'}
        isFullPane={isPhone}
        onClose={() => {
          setIsOpen(false)
          if (!isPhone) store.getState().selectTool(null)
        }}
      />
    </Suspense>
  )

  return (
    <div {...drop.dropProps} className="relative flex h-full min-h-0 flex-col bg-surface">
      {isPhone && showsDetail ? (
        detail
      ) : (
        <>
          <ToolsHeader onAdd={add} onImport={() => setIsImporting(true)} />
          {drop.failure && <Failure text={drop.failure} onClose={drop.dismissFailure} />}
          {isPhone ? (
            <Scroller>{list}</Scroller>
          ) : (
            <SplitView list={<Scroller>{list}</Scroller>} detail={detail} />
          )}
        </>
      )}
      {drop.isOver && <DropHint />}
      {isImporting && (
        <Suspense fallback={null}>
          <ImportDialog
            onClose={() => setIsImporting(false)}
            onText={(text) => store.getState().importTools(text)}
            onFiles={(files) => void drop.importFiles(files)}
          />
        </Suspense>
      )}
    </div>
  )
}

function ToolsHeader(props: { readonly onAdd: () => void; readonly onImport: () => void }) {
  const count = useAppStore((state) => state.toolDocuments.length)
  const enabled = useAppStore((state) => state.toolDocuments.filter((tool) => tool.enabled).length)
  return (
    <PaneHeader
      title={
        <>
          <h2 className="font-semibold">Tools</h2>
          {count > 0 && (
            <span className="truncate text-xs text-ink-muted tabular-nums">
              {enabled} of {count} on
            </span>
          )}
        </>
      }
    >
      <PresetMenu />
      <IconButton size="sm" label="Import tools" onClick={props.onImport}>
        <FileUp />
      </IconButton>
      <IconButton size="sm" label="Add a tool" onClick={props.onAdd}>
        <Plus />
      </IconButton>
    </PaneHeader>
  )
}

/** Focusable, so that pasting works after a click between the rows. */
function Scroller({ children }: { readonly children: ReactNode }) {
  return (
    <div
      data-scroller
      data-pane-focus
      tabIndex={-1}
      className="h-full min-h-0 overflow-y-auto outline-none"
    >
      {children}
    </div>
  )
}

function SplitView(props: { readonly list: ReactNode; readonly detail: ReactNode }) {
  const store = useAppStoreApi()
  const listSize = useAppStore((state) => state.paneSizes[LIST_PANEL])
  return (
    <Group
      orientation="vertical"
      className="min-h-0 flex-1"
      onLayoutChanged={(layout) => {
        const size = layout[LIST_PANEL]
        // Alone, the list takes everything: nothing to remember.
        if (size === undefined || layout[DETAIL_PANEL] === undefined) return
        const { paneSizes, setPaneSizes } = store.getState()
        if (paneSizes[LIST_PANEL] !== size) setPaneSizes({ ...paneSizes, [LIST_PANEL]: size })
      }}
    >
      <Panel id={LIST_PANEL} minSize="96px" defaultSize={`${listSize ?? 45}%`}>
        {props.list}
      </Panel>
      {props.detail && (
        <>
          <Separator
            aria-label="Resize the list and the editor"
            className="relative h-px bg-line outline-none after:absolute after:inset-x-0 after:-top-0.5 after:h-1 after:transition-colors hover:after:bg-accent focus-visible:after:bg-accent data-[separator=active]:after:bg-accent"
          />
          <Panel id={DETAIL_PANEL} minSize="180px">
            {props.detail}
          </Panel>
        </>
      )}
    </Group>
  )
}

function Failure(props: { readonly text: string; readonly onClose: () => void }) {
  return (
    <div
      role="alert"
      className="flex items-start gap-2 bg-bad-soft py-1.5 pr-1.5 pl-3 text-xs text-bad"
    >
      <span className="min-w-0 flex-1 pt-1 wrap-anywhere">{props.text}</span>
      <Button size="sm" tone="ghost" aria-label="Dismiss" onClick={props.onClose}>
        <X />
      </Button>
    </div>
  )
}

function DropHint() {
  return (
    <div className="pointer-events-none absolute inset-1 z-20 flex items-center justify-center rounded-lg border-2 border-dashed border-accent bg-accent-soft/90 text-accent">
      <p className="flex items-center gap-2 font-medium">
        <FileDown className="size-4" />
        Drop to import tools
      </p>
    </div>
  )
}
