import { Gpu, HardDrive, Microscope, Package, RotateCcw, Search, Server } from 'lucide-react'
import type { ReactNode } from 'react'
import { selectRunningTerms } from '../../store/hub-views.ts'
import { selectFormat, selectIsFormatCertain } from '../../store/selectors.ts'
import { BackendForecast } from '../kit/backend-forecast.tsx'
import { backendDetail, backendLabel } from '../kit/backend-sentence.ts'
import { selfTestSentence } from '../kit/gpu-words.ts'
import { Badge } from '../kit/badge.tsx'
import { Button } from '../kit/button.tsx'
import { formatBytes, formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { OutsideLink } from './hub-problem.tsx'
import { LicenseBadge } from './license-badge.tsx'
import { LocalFilesCard } from './local-files-card.tsx'
import { ModelCard } from './model-card.tsx'
import { ModelChoice } from './model-choice.tsx'

/** The running model, and the ways to another one. */
export function RunningTab() {
  return (
    <div className="grid gap-6 p-4 sm:p-5">
      {/* First, as it waits for an answer. */}
      <ModelChoice purposes={['open', 'inspect']} />
      <RunningModel />
      <section className="grid gap-3">
        <h3 className="text-sm font-semibold">Load another model</h3>
        <BuiltInCard />
        <LocalFilesCard />
        <HubCard />
        <WebllmCard />
        <ServerCard />
      </section>
    </div>
  )
}

function RunningModel() {
  const info = useAppStore((state) => state.engineInfo)
  const source = useAppStore((state) => state.modelSource)
  const inspect = useAppStore((state) => state.inspect)
  const format = useAppStore(selectFormat)
  const isCertain = useAppStore(selectIsFormatCertain)
  const hasFile = useAppStore((state) => state.modelHeader !== null)
  if (!info) return null
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Computes on', backendLabel(info.backend)],
    ...(info.backend.type === 'cpu' && info.backend.threadsWhy
      ? [['Threads', info.backend.threadsWhy] as const]
      : []),
    [
      'Context',
      info.contextLength === 0
        ? 'Not told by the server'
        : `${formatCount(info.contextLength)} of ${formatCount(info.trainedContextLength)} tokens`,
    ],
    ...(info.backend.type === 'server'
      ? []
      : [
          ['Architecture', info.architecture] as const,
          ['Size', formatBytes(info.sizeBytes)] as const,
        ]),
    [
      'Chat template',
      info.backend.type === 'server' && info.backend.mode === 'chat'
        ? 'The server’s own'
        : info.chatTemplate
          ? 'The model’s own'
          : 'None: a fallback is used',
    ],
    ...(format
      ? [
          [
            'Tool calls',
            <span key="format" className="grid gap-0.5">
              {isCertain ? format.label : `${format.label}, a guess: the template does not tell`}
              <span className="text-xs text-ink-muted">{format.description}</span>
            </span>,
          ] as const,
        ]
      : []),
    ...(source?.type === 'stored' && source.repo !== null
      ? [['From', `${source.repo} @ ${source.commit?.slice(0, 8) ?? ''}`] as const]
      : []),
    ...(source?.type === 'local'
      ? [['From', `${source.files.map(({ path }) => path).join(', ')}, on this computer`] as const]
      : []),
    ...(source?.type === 'mlc' ? [['From', source.model.modelUrl] as const] : []),
  ]
  const detail = backendDetail(info.backend)
  const selfTest = info.backend.type === 'server' ? undefined : info.backend.selfTest
  return (
    <section className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="flex items-center gap-2 text-sm font-semibold">
          {info.modelName} <Badge tone="good">Running</Badge>
        </h3>
        <div className="flex-1" />
        {hasFile && (
          <Button size="sm" onClick={() => void inspect({ type: 'running' })}>
            <Microscope /> Inspect the file
          </Button>
        )}
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-sm">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-muted">{label}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
        <RunningLicense />
      </dl>
      {detail && <p className="text-xs text-ink-muted">{detail}</p>}
      {selfTest && (
        <p
          className={`text-xs wrap-anywhere ${selfTest.result === 'failed' ? 'text-bad' : 'text-ink-muted'}`}
        >
          {selfTestSentence(selfTest)}
        </p>
      )}
      {selfTest?.result === 'failed' && <TryGpuAgain />}
      {info.backend.type === 'webgpu' && info.backend.evidence && (
        <p className="font-mono text-xs wrap-anywhere text-ink-muted">
          {info.backend.evidence.join(' · ')}
        </p>
      )}
      {info.engine === 'wllama' && <BackendForecast />}
    </section>
  )
}

function TryGpuAgain() {
  const retry = useAppStore((state) => state.tryGpuAgain)
  const isLoading = useAppStore((state) => state.modelStatus.type === 'loading')
  return (
    <p className="flex flex-wrap items-center gap-2 text-xs text-ink-muted">
      <Button size="sm" disabled={isLoading} onClick={() => void retry()}>
        <RotateCcw /> Try the GPU again
      </Button>
      It is left alone for this model until then, say after an update of the driver.
    </p>
  )
}

function RunningLicense() {
  const terms = useAppStore(selectRunningTerms)
  if (!terms) return null
  return (
    <>
      <dt className="text-ink-muted">License</dt>
      <dd className="grid gap-0.5">
        <span className="flex flex-wrap items-center gap-2">
          <LicenseBadge label={terms.label} use={terms.use} />
          {terms.url.startsWith('http') && <OutsideLink url={terms.url}>Terms</OutsideLink>}
        </span>
        <span className="text-xs text-ink-muted">{terms.note}</span>
      </dd>
    </>
  )
}

function BuiltInCard() {
  const load = useAppStore((state) => state.loadBuiltInModel)
  const source = useAppStore((state) => state.modelSource)
  const isRunning = source?.type === 'built-in'
  return (
    <ModelCard
      icon={<Package />}
      title="Callground Nano"
      text="A demo model of 1.1 million parameters, made for the presets. It shows how calls work at once and offline; expect mistakes on tools far from the presets."
    >
      <Button onClick={() => void load()} disabled={isRunning}>
        {isRunning ? 'Running' : 'Load'}
      </Button>
    </ModelCard>
  )
}

function HubCard() {
  const show = useAppStore((state) => state.showModels)
  return (
    <ModelCard
      icon={<HardDrive />}
      title="From the Hugging Face Hub"
      text="Checked against this machine before anything is downloaded; then stored in this browser."
    >
      <Button tone="primary" onClick={() => show('find')}>
        <Search /> Find a model
      </Button>
      <Button onClick={() => show('storage')}>Stored models</Button>
    </ModelCard>
  )
}

function WebllmCard() {
  const show = useAppStore((state) => state.showModels)
  return (
    <ModelCard
      icon={<Gpu />}
      title="For WebLLM, on the graphics card"
      text="Models compiled for WebGPU by MLC: a second engine, often the fastest on a good graphics card."
    >
      <Button onClick={() => show('webllm')}>Choose a model</Button>
    </ModelCard>
  )
}

function ServerCard() {
  const show = useAppStore((state) => state.showModels)
  return (
    <ModelCard
      icon={<Server />}
      title="On a server"
      text="vLLM, llama-server, LM Studio or Ollama, for models that are too large for a browser. What you send goes there."
    >
      <Button onClick={() => show('server')}>Connect…</Button>
    </ModelCard>
  )
}
