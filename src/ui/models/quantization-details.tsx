import { FolderInput } from 'lucide-react'
import { useEffect } from 'react'
import { forecastModelOf } from '../../store/fit-settings.ts'
import type { QuantizationRow } from '../../store/hub-views.ts'
import { ForecastLine } from '../kit/forecast-line.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { FileButton } from './file-button.tsx'
import { FitDetails } from './fit-details.tsx'
import { HubProblem } from './hub-problem.tsx'

/** The numbers behind the verdict and the files; reads this quantization's own header when it is opened. */
export function QuantizationDetails({ row }: { readonly row: QuantizationRow }) {
  const { id, files, missing, label } = row.quantization
  const check = useAppStore((state) => state.checkQuantization)
  const importModel = useAppStore((state) => state.importModel)

  useEffect(() => {
    void check(id)
  }, [check, id])

  return (
    <div className="grid gap-3">
      {row.fit ? (
        <FitDetails fit={row.fit} isExact={row.isExact} />
      ) : (
        row.check?.type === 'reading' && (
          <p className="text-xs text-ink-muted">Reading the header…</p>
        )
      )}
      {row.check?.type === 'read' && (
        <ForecastLine model={forecastModelOf(row.check.headers, row.quantization.sizeBytes)} />
      )}
      {row.check?.type === 'failed' && <HubProblem message={row.check.message} />}
      <ul className="grid gap-0.5 text-xs">
        {files.map((file) => (
          <li key={file.path} className="flex justify-between gap-3">
            <code className="font-mono wrap-anywhere">{file.path}</code>
            <span className="shrink-0 text-ink-muted tabular-nums">
              {formatBytes(file.sizeBytes)}
            </span>
          </li>
        ))}
        {missing.map((path) => (
          <li key={path} className="flex justify-between gap-3 text-bad">
            <code className="font-mono wrap-anywhere">{path}</code>
            <span className="shrink-0">missing</span>
          </li>
        ))}
      </ul>
      {!row.stored && row.quantization.isComplete && (
        <div className="flex flex-wrap items-center gap-2">
          <FileButton
            size="sm"
            label={`Use files of ${label}`}
            onFiles={(chosen) =>
              void importModel(
                chosen.map(({ file }) => file),
                id,
              )
            }
          >
            <FolderInput /> Use files from a disk…
          </FileButton>
          <p className="text-xs text-ink-muted">
            Copied and verified like a download, say from a USB stick.
          </p>
        </div>
      )}
    </div>
  )
}
