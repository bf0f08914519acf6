import { FolderInput, HardDrive } from 'lucide-react'
import type { Shelf } from '../../store/hub-state.ts'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { CachedMlcModels } from './cached-mlc-models.tsx'
import { FileButton } from './file-button.tsx'
import { FolderButton } from './folder-button.tsx'
import { HubProblem } from './hub-problem.tsx'
import { Leftovers } from './leftovers.tsx'
import { ModelChoice } from './model-choice.tsx'
import { ProblemStep } from './problem-step.tsx'
import { QuotaBar } from './quota-bar.tsx'
import { StoredModels } from './stored-models.tsx'

/** The models in this browser's storage. */
export function StorageTab() {
  const state = useAppStore((store) => store.shelf)
  const refresh = useAppStore((store) => store.refreshShelf)
  return (
    <div className="grid gap-5 p-4 sm:p-5">
      {state.type === 'unread' && <ProgressBar value={null} label="Reading what is stored" />}
      {state.type === 'failed' && (
        <HubProblem message={state.message}>
          <ProblemStep message={state.message} onRetry={() => void refresh()} />
        </HubProblem>
      )}
      {state.type === 'read' && <Contents shelf={state.shelf} />}
      <CachedMlcModels />
    </div>
  )
}

function Contents({ shelf }: { readonly shelf: Shelf }) {
  const leftovers = shelf.leftovers.filter((leftover) => !leftover.isInUse)
  return (
    <>
      {shelf.quota && <QuotaBar quota={shelf.quota} />}
      <section className="grid gap-3">
        <Head />
        <ImportProgress />
        {shelf.models.length === 0 ? (
          <EmptyState icon={<HardDrive />} title="No model is stored yet">
            Download one from the Hub, or import files: they are then here without a network too.
          </EmptyState>
        ) : (
          <StoredModels models={shelf.models} />
        )}
      </section>
      {leftovers.length > 0 && <Leftovers leftovers={leftovers} />}
    </>
  )
}

function Head() {
  const offer = useAppStore((state) => state.offerModelFiles)
  const isBusy = useAppStore((state) => state.importState.type === 'running')
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-sm font-semibold">Stored models</h3>
        <span className="flex flex-wrap gap-2">
          <FileButton
            size="sm"
            label="GGUF files to import"
            disabled={isBusy}
            onFiles={(files) => void offer(files, 'import')}
          >
            <FolderInput /> Import files…
          </FileButton>
          <FolderButton
            size="sm"
            label="Folder to import from"
            disabled={isBusy}
            onFiles={(files) => void offer(files, 'import')}
          >
            Import a folder…
          </FolderButton>
        </span>
      </div>
      <ModelChoice purposes={['import']} isBusy={isBusy} />
    </>
  )
}

function ImportProgress() {
  const state = useAppStore((store) => store.importState)
  const cancel = useAppStore((store) => store.cancelImport)
  if (state.type === 'idle') return null
  if (state.type === 'failed') {
    return (
      <HubProblem message={state.message}>
        <Button size="sm" onClick={cancel}>
          Dismiss
        </Button>
      </HubProblem>
    )
  }
  const { doneBytes, totalBytes } = state
  return (
    <div className="flex items-center gap-3 rounded-lg bg-sunken p-3">
      <div className="grid flex-1 gap-1">
        <ProgressBar
          value={totalBytes === 0 ? null : doneBytes / totalBytes}
          label="Copying and verifying"
        />
        <p className="text-xs text-ink-muted tabular-nums">
          Copying and verifying, {formatBytes(doneBytes)} of {formatBytes(totalBytes)}
        </p>
      </div>
      <Button size="sm" onClick={cancel}>
        Cancel
      </Button>
    </div>
  )
}
