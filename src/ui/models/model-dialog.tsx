import { FolderOpen, Package } from 'lucide-react'
import { useId, useRef, useState, type ReactNode } from 'react'
import { Badge } from '../kit/badge.tsx'
import { backendDetail, backendLabel } from '../kit/backend-sentence.ts'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { formatBytes, formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { LoadStatus } from './load-status.tsx'

/** The running model, and every way to load another. */
export function ModelDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Model"
      description="Runs on this machine. Nothing you type leaves the page."
      width="lg"
    >
      <div className="grid gap-6">
        <LoadStatus />
        <RunningModel />
        <section className="grid gap-3">
          <h3 className="text-sm font-semibold">Load a model</h3>
          <BuiltInCard />
          <LocalFilesCard />
        </section>
      </div>
    </Dialog>
  )
}

function RunningModel() {
  const info = useAppStore((state) => state.engineInfo)
  if (!info) return null
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Computes on', backendLabel(info.backend)],
    [
      'Context',
      `${formatCount(info.contextLength)} of ${formatCount(info.trainedContextLength)} tokens`,
    ],
    ['Architecture', info.architecture],
    ['Size', formatBytes(info.sizeBytes)],
    ['Chat template', info.chatTemplate ? 'In the model file' : 'None: a fallback is used'],
  ]
  const detail = backendDetail(info.backend)
  return (
    <section className="grid gap-2">
      <h3 className="flex items-center gap-2 text-sm font-semibold">
        {info.modelName} <Badge tone="good">Running</Badge>
      </h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-sm">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-muted">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {detail && <p className="text-xs text-ink-muted">{detail}</p>}
    </section>
  )
}

function BuiltInCard() {
  const load = useAppStore((state) => state.loadBuiltInModel)
  const source = useAppStore((state) => state.modelSource)
  const isRunning = source?.type === 'built-in'
  return (
    <div className="flex items-start gap-3 rounded-lg border border-line p-3">
      <Package className="mt-0.5 size-5 shrink-0 text-accent" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">Callground Nano</p>
        <p className="text-xs text-ink-muted">
          A demo model of 1.1 million parameters, made for the presets. It shows how calls work at
          once and offline; expect mistakes on tools far from the presets.
        </p>
      </div>
      <Button onClick={() => void load()} disabled={isRunning}>
        {isRunning ? 'Running' : 'Load'}
      </Button>
    </div>
  )
}

function LocalFilesCard() {
  const openFiles = useAppStore((state) => state.openModelFiles)
  const input = useRef<HTMLInputElement>(null)
  const inputId = useId()
  const [isOver, setIsOver] = useState(false)
  return (
    <div
      className={`flex items-start gap-3 rounded-lg border border-dashed p-3 ${isOver ? 'border-accent bg-accent-soft' : 'border-line-strong'}`}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        event.stopPropagation()
        setIsOver(false)
        void openFiles([...event.dataTransfer.files])
      }}
    >
      <FolderOpen className="mt-0.5 size-5 shrink-0 text-accent" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">From this computer</p>
        <p className="text-xs text-ink-muted">
          A .gguf file, or all shards of one model in any order. Drop them here or anywhere on the
          page.
        </p>
      </div>
      <label htmlFor={inputId} className="sr-only">
        GGUF files
      </label>
      <input
        ref={input}
        id={inputId}
        type="file"
        accept=".gguf"
        multiple
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          // Lets the same file be chosen again after a failure.
          event.target.value = ''
          if (files.length > 0) void openFiles(files)
        }}
      />
      <Button onClick={() => input.current?.click()}>Open files…</Button>
    </div>
  )
}
