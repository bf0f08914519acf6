import { ArrowDownToLine } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { QuantizationRow, Terms } from '../../store/hub-views.ts'
import { Button } from '../kit/button.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { TermsCheck } from './terms-check.tsx'

/** Asks before a large download, and for the terms before the first one of a repository. */
export function DownloadAsk(props: {
  readonly row: QuantizationRow
  readonly terms: Terms
  readonly isAccepted: boolean
  readonly onCancel: () => void
  readonly onConfirm: () => void
}) {
  const { terms, isAccepted } = props
  const { quantization, fit } = props.row
  const storage = useAppStore((state) => state.device?.storage ?? null)
  const [accepts, setAccepts] = useState(isAccepted)
  const box = useRef<HTMLElement>(null)
  const id = useId()

  useEffect(() => box.current?.focus(), [])

  const count = quantization.files.length
  const free = storage && Math.max(0, storage.quotaBytes - storage.usedBytes)
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-labelledby={`${id}-title`}
      className="grid gap-3 rounded-lg border border-line bg-surface p-3"
    >
      <div className="grid gap-1">
        <h4 id={`${id}-title`} className="font-medium">
          Download {formatBytes(quantization.sizeBytes)}
          {count > 1 && ` in ${count} files`}?
        </h4>
        <p className="text-sm text-ink-muted">
          {free !== null && `This browser has room for ${formatBytes(free)}. `}
          It can be paused, goes on after a reload, and every byte is verified.
        </p>
        {fit?.verdict === 'will-not-fit' && (
          <p className="text-sm font-medium text-bad">
            It will not run here as it is set: see the numbers. A smaller quantization may.
          </p>
        )}
      </div>
      {!isAccepted && <TermsCheck terms={terms} accepts={accepts} onChange={setAccepts} />}
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" disabled={!accepts} onClick={props.onConfirm}>
          <ArrowDownToLine /> Download
        </Button>
        <Button onClick={props.onCancel}>Cancel</Button>
      </div>
    </section>
  )
}
