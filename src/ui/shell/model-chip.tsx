import { ChevronDown, CircleAlert, Cpu, LoaderCircle, Zap } from 'lucide-react'
import { backendLabel } from '../kit/backend-sentence.ts'
import { describeProgress } from '../kit/model-progress.ts'
import { useAppStore } from '../use-app-store.ts'

/** The running model and what computes it; opens the model dialog. */
export function ModelChip() {
  const status = useAppStore((state) => state.modelStatus)
  const info = useAppStore((state) => state.engineInfo)
  const isDemo = useAppStore((state) => state.modelSource?.type === 'built-in')
  const openDialog = useAppStore((state) => state.openDialog)

  const progress = status.type === 'loading' ? describeProgress(status.progress) : null
  const name = status.type === 'loading' ? status.name : (info?.modelName ?? 'No model')
  const detail = progress
    ? progress.label
    : status.type === 'failed' && !info
      ? 'Could not be loaded'
      : info
        ? `${isDemo ? 'Demo model · ' : ''}${backendLabel(info.backend)}`
        : 'Choose a model'

  return (
    <button
      type="button"
      onClick={() => openDialog('model')}
      aria-label={`Model: ${name}. ${detail}`}
      className="relative flex h-8 min-w-0 items-center gap-2 overflow-hidden rounded-md border border-line bg-surface px-2.5 text-sm hover:border-line-strong"
    >
      <span className="text-accent [&_svg]:size-4">
        {status.type === 'loading' ? (
          <LoaderCircle className="animate-spin" />
        ) : status.type === 'failed' ? (
          <CircleAlert className="text-bad" />
        ) : info?.backend.type === 'webgpu' ? (
          <Zap />
        ) : (
          <Cpu />
        )}
      </span>
      <span className="truncate font-medium">{name}</span>
      <span className="truncate text-xs text-ink-muted max-md:hidden">{detail}</span>
      <ChevronDown className="size-3.5 shrink-0 text-ink-faint" />
      {progress && (
        <span
          aria-hidden="true"
          className="absolute inset-x-0 bottom-0 h-0.5 origin-left bg-accent transition-transform"
          style={{
            transform: `scaleX(${progress.share ?? 1})`,
            opacity: progress.share === null ? 0.4 : 1,
          }}
        />
      )}
    </button>
  )
}
