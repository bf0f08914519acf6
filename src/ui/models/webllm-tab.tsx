import { ArrowDownToLine, CircleCheck, Gpu, Play, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { selectMlcRows, type MlcRow } from '../../store/hub-views.ts'
import { Badge } from '../kit/badge.tsx'
import { Button } from '../kit/button.tsx'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { CustomMlcForm } from './custom-mlc-form.tsx'
import { OutsideLink } from './hub-problem.tsx'
import { LicenseBadge } from './license-badge.tsx'
import { TermsCheck } from './terms-check.tsx'

type Build = MlcRow['builds'][number]

/** The second engine: models compiled for WebGPU. */
export function WebllmTab() {
  const read = useAppStore((state) => state.readWebllm)
  useEffect(() => {
    void read()
  }, [read])
  return (
    <div className="grid gap-5 p-4 sm:p-5">
      <Support />
      <section className="grid gap-2" aria-label="Models for WebLLM">
        <h3 className="text-sm font-semibold">Models for WebLLM</h3>
        <p className="text-xs text-ink-muted">
          Of WebLLM’s own list, those that were trained to call tools. Nothing is fetched before you
          press Load: then the engine (about 2 MB), the model from the Hub and its library from
          GitHub. The graphics memory is for a context of 4,096 tokens; the settings raise it.
        </p>
        <Rows />
      </section>
      <CustomMlcForm />
    </div>
  )
}

function Support() {
  const support = useAppStore((state) => state.webllmSupport)
  if (!support) return <ProgressBar value={null} label="Asking for the graphics card" />
  if (support.type === 'none') {
    return (
      <div role="note" className="flex items-start gap-3 rounded-lg bg-warn-soft p-3">
        <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" />
        <div className="grid gap-1">
          <p className="font-medium text-warn">WebLLM cannot run here</p>
          <p className="text-sm">{support.why}</p>
          <p className="text-sm">GGUF models run all the same, on the CPU: find one in Find.</p>
        </div>
      </div>
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm">
      <Gpu className="size-4 text-accent" />
      <span className="font-medium">{support.adapter}</span>
      <Badge tone={support.hasShaderF16 ? 'good' : 'neutral'}>
        {support.hasShaderF16 ? '16-bit floats' : '32-bit floats only (no shader-f16)'}
      </Badge>
    </div>
  )
}

function Rows() {
  const rows = useAppStore(selectMlcRows)
  return (
    <ul className="divide-y divide-line rounded-lg border border-line">
      {rows.map((row) => (
        <li key={row.id} className="grid gap-2 p-3 sm:grid-cols-[1fr_1.4fr] sm:gap-4">
          <div className="grid content-start gap-1">
            <p className="font-medium">{row.title}</p>
            <p className="flex flex-wrap items-center gap-2">
              <LicenseBadge label={row.terms.label} use={row.terms.use} />
              <OutsideLink url={row.terms.url}>Terms</OutsideLink>
            </p>
          </div>
          <ul className="grid content-start gap-2">
            {row.builds.map((build) => (
              <BuildLine key={build.id} row={row} build={build} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function BuildLine({ row, build }: { readonly row: MlcRow; readonly build: Build }) {
  const load = useAppStore((state) => state.loadMlcBuild)
  const accept = useAppStore((state) => state.acceptMlcTerms)
  const isBusy = useAppStore((state) => state.modelStatus.type === 'loading')
  const [isAsking, setIsAsking] = useState(false)
  const { id, obstacle, isRunning } = build
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="grid min-w-40 flex-1">
        <span className="flex flex-wrap items-center gap-2 text-sm">
          {build.needsShaderF16 ? '16-bit floats' : '32-bit floats'}
          {build.isHere && (
            <Badge tone="good" icon={<CircleCheck />}>
              Stored
            </Badge>
          )}
        </span>
        <span className="text-xs text-ink-muted tabular-nums">
          {formatBytes(build.vramBytes)} graphics memory
          {!build.isHere && `, about ${formatBytes(build.downloadBytes)} to fetch`}
        </span>
      </span>
      {obstacle && <span className="text-xs text-ink-muted">{obstacle}</span>}
      <Button
        size="sm"
        aria-label={`Load ${id}`}
        disabled={obstacle !== null || isBusy || isRunning}
        onClick={() => (build.isHere ? void load(id) : setIsAsking(true))}
      >
        <Play /> {isRunning ? 'Running' : 'Load'}
      </Button>
      {isAsking && (
        <FetchAsk
          row={row}
          build={build}
          onCancel={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false)
            accept(id)
            void load(id)
          }}
        />
      )}
    </li>
  )
}

/** Asks before a large download, and for the terms before the first one of a model. */
function FetchAsk(props: {
  readonly row: MlcRow
  readonly build: Build
  readonly onCancel: () => void
  readonly onConfirm: () => void
}) {
  const { row, build } = props
  const [accepts, setAccepts] = useState(row.isAccepted)
  const box = useRef<HTMLElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label={`Fetch ${build.id}`}
      className="grid w-full gap-3 rounded-lg border border-line bg-surface p-3"
    >
      <p className="font-medium">Fetch about {formatBytes(build.downloadBytes)}?</p>
      {!row.isAccepted && <TermsCheck terms={row.terms} accepts={accepts} onChange={setAccepts} />}
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" disabled={!accepts} onClick={props.onConfirm}>
          <ArrowDownToLine /> Fetch and load
        </Button>
        <Button onClick={props.onCancel}>Cancel</Button>
      </div>
    </section>
  )
}
