import { Play, Trash2 } from 'lucide-react'
import { useEffect } from 'react'
import { mlcTerms } from '../../store/hub-views.ts'
import type { WebllmSlice } from '../../store/hub-state.ts'
import { Badge } from '../kit/badge.tsx'
import { Button } from '../kit/button.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { LicenseBadge } from './license-badge.tsx'

type Model = NonNullable<WebllmSlice['mlcShelf']>[number]

/** The models that WebLLM has in the browser's cache. Nothing is shown when there are none. */
export function CachedMlcModels() {
  const models = useAppStore((state) => state.mlcShelf)
  const read = useAppStore((state) => state.readWebllm)
  useEffect(() => {
    void read()
  }, [read])
  if (!models || models.length === 0) return null
  return (
    <section className="grid gap-2" aria-label="Models for WebLLM">
      <h3 className="text-sm font-semibold">Models for WebLLM</h3>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {models.map((model) => (
          <Row key={model.modelUrl} cached={model} />
        ))}
      </ul>
    </section>
  )
}

function Row({ cached }: { readonly cached: Model }) {
  const { modelUrl, name, sizeBytes, shards, model } = cached
  const load = useAppStore((state) => state.loadMlcModel)
  const remove = useAppStore((state) => state.deleteMlcModel)
  const isRunning = useAppStore(
    ({ modelSource }) => modelSource?.type === 'mlc' && modelSource.model.modelUrl === modelUrl,
  )
  const terms = model?.license ? mlcTerms(model) : null
  const isWhole = shards !== null && shards.present === shards.total
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 p-3">
      <span className="grid min-w-48 flex-1 gap-0.5">
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-medium wrap-anywhere">{name}</span>
          {terms && <LicenseBadge label={terms.label} use={terms.use} />}
          {!isWhole && <Badge tone="warn">Incomplete</Badge>}
        </span>
        <span className="text-xs wrap-anywhere text-ink-muted tabular-nums">
          {formatBytes(sizeBytes)}
          {shards && !isWhole && `, ${shards.present} of ${shards.total} files of weights`}
          {`, ${modelUrl}`}
        </span>
      </span>
      {model && (
        <Button
          size="sm"
          tone="primary"
          aria-label={`Load ${name}`}
          disabled={isRunning}
          onClick={() => void load(model)}
        >
          <Play /> {isRunning ? 'Running' : 'Load'}
        </Button>
      )}
      <ConfirmButton
        name={`Delete ${name}`}
        label={
          <>
            <Trash2 /> Delete
          </>
        }
        question={`Delete ${name}, ${formatBytes(sizeBytes)}?`}
        confirmLabel="Delete"
        onConfirm={() => void remove(modelUrl)}
      />
    </li>
  )
}
