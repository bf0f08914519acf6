import { ArrowDownToLine, Microscope, Play } from 'lucide-react'
import type { QuantizationRow } from '../../store/hub-views.ts'
import { Button, IconButton } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'

/** Inspect, and the next step on the way to running it. */
export function QuantizationActions(props: {
  readonly row: QuantizationRow
  readonly onDownload: () => void
}) {
  const { quantization, stored, download } = props.row
  const { id, label } = quantization
  const inspect = useAppStore((state) => state.inspect)
  const show = useAppStore((state) => state.showModels)
  const load = useAppStore((state) => state.loadStoredModel)
  return (
    <span className="flex items-center gap-1 sm:justify-end">
      <IconButton
        label={`Inspect ${label}`}
        size="sm"
        disabled={quantization.files.length === 0}
        onClick={() => void inspect({ type: 'quantization', id })}
      >
        <Microscope />
      </IconButton>
      {stored ? (
        <Button
          size="sm"
          tone="primary"
          aria-label={`Load ${label}`}
          onClick={() => void load(stored)}
        >
          <Play /> Load
        </Button>
      ) : download ? (
        <Button size="sm" onClick={() => show('downloads')}>
          {download.state.type === 'failed' ? 'Stopped: see why' : 'In downloads'}
        </Button>
      ) : (
        <Button
          size="sm"
          aria-label={`Download ${label}`}
          disabled={!quantization.isComplete}
          title={quantization.isComplete ? undefined : 'Files are missing in the repository'}
          onClick={props.onDownload}
        >
          <ArrowDownToLine /> Download
        </Button>
      )}
    </span>
  )
}
