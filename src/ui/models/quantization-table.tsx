import { ChevronRight, FileX, Sparkles } from 'lucide-react'
import { Fragment, useState } from 'react'
import type { HubSlice } from '../../store/hub-state.ts'
import { selectQuantizationRows, type QuantizationRow, type Terms } from '../../store/hub-views.ts'
import { Badge } from '../kit/badge.tsx'
import { classNames } from '../kit/class-names.ts'
import { EmptyState } from '../kit/empty-state.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { DownloadAsk } from './download-ask.tsx'
import { FitBadge } from './fit-badge.tsx'
import { QuantizationActions } from './quantization-actions.tsx'
import { QuantizationDetails } from './quantization-details.tsx'

type Details = Extract<
  NonNullable<HubSlice['hubRepo']>['status'],
  { readonly type: 'open' }
>['details']

/** Downloads above this are asked for first: they take minutes, and room that the user may miss. */
const ASK_ABOVE_BYTES = 100e6

/** Every quantization of the open repository, with a verdict and what to do with it. */
export function QuantizationTable(props: { readonly details: Details; readonly terms: Terms }) {
  const { details, terms } = props
  const rows = useAppStore(selectQuantizationRows)
  const isAccepted = useAppStore((state) => Object.hasOwn(state.acceptedTerms, details.id))
  const start = useAppStore((state) => state.startDownload)
  const [openId, setOpenId] = useState<string | null>(null)
  const [askedId, setAskedId] = useState<string | null>(null)

  if (rows.length === 0) {
    return (
      <EmptyState icon={<Sparkles />} title="This repository has no GGUF model">
        Look for one whose name ends in GGUF: others convert models and upload them there.
      </EmptyState>
    )
  }

  function download({ quantization }: QuantizationRow) {
    if (isAccepted && quantization.sizeBytes <= ASK_ABOVE_BYTES) void start(quantization.id)
    else setAskedId(quantization.id)
  }

  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">Quantizations of {details.id}</caption>
      <thead>
        <tr className="border-b border-line text-left text-xs text-ink-muted">
          <th className="py-1.5 pr-3 font-medium">Quantization</th>
          <th className="py-1.5 pr-3 text-right font-medium">Size</th>
          <th className="py-1.5 pr-3 text-right font-medium max-sm:hidden">Bits per weight</th>
          <th className="py-1.5 pr-3 text-right font-medium max-sm:hidden">Files</th>
          <th className="py-1.5 pr-3 font-medium">Fits here</th>
          <th className="py-1.5 font-medium max-sm:hidden">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const { id } = row.quantization
          const isOpen = openId === id
          const isAsked = askedId === id
          return (
            <Fragment key={id}>
              <Row
                row={row}
                isOpen={isOpen}
                onToggle={() => setOpenId(isOpen ? null : id)}
                onDownload={() => download(row)}
              />
              {(isOpen || isAsked) && (
                <tr>
                  <td colSpan={6} className="border-b border-line pb-3">
                    <div className="grid gap-3 rounded-lg bg-sunken p-3">
                      {isAsked && (
                        <DownloadAsk
                          row={row}
                          terms={terms}
                          isAccepted={isAccepted}
                          onCancel={() => setAskedId(null)}
                          onConfirm={() => {
                            setAskedId(null)
                            void start(id)
                          }}
                        />
                      )}
                      {isOpen && <QuantizationDetails row={row} />}
                    </div>
                  </td>
                </tr>
              )}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}

function Row(props: {
  readonly row: QuantizationRow
  readonly isOpen: boolean
  readonly onToggle: () => void
  readonly onDownload: () => void
}) {
  const { row, isOpen } = props
  const { label, sizeBytes, bitsPerWeight, files, missing } = row.quantization
  const actions = <QuantizationActions row={row} onDownload={props.onDownload} />
  return (
    <>
      <tr className={classNames('sm:border-b sm:border-line', isOpen && 'sm:border-b-0')}>
        <td className="py-1.5 pr-3">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <button
              type="button"
              aria-expanded={isOpen}
              onClick={props.onToggle}
              className="-ml-1 flex items-center gap-1 rounded-md py-1 pr-1.5 pl-0.5 font-medium hover:bg-accent-soft"
            >
              <ChevronRight
                className={classNames(
                  'size-4 text-ink-faint transition-transform',
                  isOpen && 'rotate-90',
                )}
              />
              <span className="wrap-anywhere">{label}</span>
              <span className="sr-only">, details</span>
            </button>
            {row.isRecommended && (
              <Badge tone="accent" icon={<Sparkles />}>
                Recommended
              </Badge>
            )}
            {row.isAsked && <Badge tone="info">Asked for</Badge>}
            {!row.quantization.isComplete && (
              <Badge tone="warn" icon={<FileX />}>
                Incomplete
              </Badge>
            )}
          </span>
        </td>
        <td className="py-1.5 pr-3 text-right whitespace-nowrap tabular-nums">
          {formatBytes(sizeBytes)}
        </td>
        <td className="py-1.5 pr-3 text-right tabular-nums max-sm:hidden">
          {bitsPerWeight === null ? '–' : bitsPerWeight.toFixed(2)}
        </td>
        <td className="py-1.5 pr-3 text-right tabular-nums max-sm:hidden">
          {files.length + missing.length}
        </td>
        <td className="py-1.5 pr-3">
          <FitBadge verdict={verdictOf(row)} />
        </td>
        <td className="py-1.5 text-right max-sm:hidden">{actions}</td>
      </tr>
      <tr className={classNames('sm:hidden', !isOpen && 'border-b border-line')}>
        <td colSpan={6} className="pb-2">
          {actions}
        </td>
      </tr>
    </>
  )
}

function verdictOf({ fit, check, quantization }: QuantizationRow) {
  if (fit && quantization.isComplete) return fit.verdict
  return check?.type === 'reading' ? 'checking' : 'unknown'
}
