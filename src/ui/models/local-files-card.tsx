import { FolderOpen } from 'lucide-react'
import { useState } from 'react'
import type { LastLocalModel } from '../../store/state.ts'
import { Button } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'
import { FileButton } from './file-button.tsx'
import { FolderButton } from './folder-button.tsx'
import { ModelCard } from './model-card.tsx'

/** Models of this computer, to open or to look into. What is dropped here is taken by the page, as anywhere. */
export function LocalFilesCard() {
  const offer = useAppStore((state) => state.offerModelFiles)
  const [isOver, setIsOver] = useState(false)
  return (
    <div
      className={`grid gap-2 rounded-lg ${isOver ? 'bg-accent-soft' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={() => setIsOver(false)}
    >
      <ModelCard
        icon={<FolderOpen />}
        title="From this computer"
        text="A .gguf file, all shards of one model in any order, or a folder to choose from. Drop them here or anywhere on the page."
        isDashed
      >
        <FileButton label="GGUF files" onFiles={(files) => void offer(files, 'open')}>
          Open files…
        </FileButton>
        <FolderButton label="Folder of models" onFiles={(files) => void offer(files, 'open')}>
          Open a folder…
        </FolderButton>
        <FileButton
          label="Files to look into"
          tone="ghost"
          onFiles={(files) => void offer(files, 'inspect')}
        >
          Inspect…
        </FileButton>
      </ModelCard>
      <LastFiles />
    </div>
  )
}

/** The local model that could not be loaded again by itself. */
function LastFiles() {
  const last = useAppStore((state) => state.lastModel)
  const isRunning = useAppStore((state) => state.modelSource?.type === 'local')
  const isLoading = useAppStore((state) => state.modelStatus.type === 'loading')
  const reopen = useAppStore((state) => state.reopenModelFiles)
  if (last?.type !== 'local' || isRunning) return null
  return (
    <section
      aria-label="Opened before"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg bg-sunken p-3"
    >
      <div className="min-w-48 flex-1">
        <p className="text-sm">
          Opened before: <span className="font-medium wrap-anywhere">{last.name}</span>
        </p>
        <p className="text-xs wrap-anywhere text-ink-muted">
          {last.handlesId === null && 'To be chosen again: '}
          {fileNames(last)}
        </p>
      </div>
      {last.handlesId !== null && (
        <Button
          size="sm"
          tone="primary"
          aria-label={`Open ${last.name} again`}
          disabled={isLoading}
          onClick={() => void reopen()}
        >
          Open again
        </Button>
      )}
    </section>
  )
}

const MOST_NAMES = 4

function fileNames({ files }: LastLocalModel): string {
  const shown = files.slice(0, MOST_NAMES).map(({ path }) => path)
  const more = files.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
