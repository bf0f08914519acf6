import {
  ArrowDownToLine,
  CircleCheck,
  CirclePause,
  CircleX,
  Clock,
  Hash,
  Pause,
  Play,
  Trash2,
  X,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { HubSlice } from '../../store/hub-state.ts'
import { downloadMessage, waitWords } from '../../store/hub-message.ts'
import { storedName } from '../../store/stored-name.ts'
import { Badge, type Tone } from '../kit/badge.tsx'
import { Button } from '../kit/button.tsx'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { DownloadFiles } from './download-files.tsx'
import { HubProblem } from './hub-problem.tsx'
import { ProblemStep } from './problem-step.tsx'
import { timeLeft } from './time-left.ts'
import { useNow } from './use-now.ts'

type Download = HubSlice['downloads'][number]

const LOOKS: Readonly<
  Record<
    Download['state']['type'],
    { readonly tone: Tone; readonly icon: ReactNode; readonly label: string }
  >
> = {
  queued: { tone: 'neutral', icon: <Clock />, label: 'Waiting' },
  running: { tone: 'info', icon: <ArrowDownToLine />, label: 'Downloading' },
  paused: { tone: 'neutral', icon: <CirclePause />, label: 'Paused' },
  verifying: { tone: 'info', icon: <Hash />, label: 'Verifying' },
  done: { tone: 'good', icon: <CircleCheck />, label: 'Ready to load' },
  failed: { tone: 'bad', icon: <CircleX />, label: 'Stopped' },
}

/** One download: its phase, bytes, rate and time left, its files, and what can be done. */
export function DownloadCard({ download }: { readonly download: Download }) {
  const { state, isInOtherTab } = download
  const look = LOOKS[state.type]
  const name = storedName(download)
  return (
    <section aria-label={name} className="grid gap-2.5 rounded-lg border border-line p-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="min-w-0 font-medium wrap-anywhere">{name}</h3>
        <Badge tone={look.tone} icon={look.icon}>
          {look.label}
        </Badge>
        {isInOtherTab && <Badge>In another tab</Badge>}
        <div className="flex-1" />
        <Actions download={download} name={name} />
      </div>
      <p className="text-xs wrap-anywhere text-ink-muted">
        {download.repo} @ <code className="font-mono">{download.commit.slice(0, 8)}</code>
      </p>
      <Figures download={download} />
      {state.type === 'failed' && <Failure download={download} />}
      <DownloadFiles download={download} />
    </section>
  )
}

function Figures({ download }: { readonly download: Download }) {
  const { state, doneBytes, verifiedBytes, sizeBytes } = download
  if (state.type === 'done') {
    return (
      <p className="text-xs text-ink-muted">
        {formatBytes(sizeBytes)}, every byte verified against the Hub’s SHA-256.
      </p>
    )
  }
  const isVerifying = state.type === 'verifying'
  const bytes = isVerifying ? verifiedBytes : doneBytes
  return (
    <div className="grid gap-1">
      <ProgressBar
        value={sizeBytes === 0 ? null : bytes / sizeBytes}
        label={isVerifying ? 'Verified' : 'Downloaded'}
      />
      <p className="flex flex-wrap justify-between gap-x-3 text-xs text-ink-muted tabular-nums">
        <span>
          {isVerifying ? 'Verified ' : ''}
          {formatBytes(bytes)} of {formatBytes(sizeBytes)}
          {!isVerifying && `, ${formatBytes(verifiedBytes)} verified`}
        </span>
        <Pace download={download} />
      </p>
    </div>
  )
}

function Pace({ download }: { readonly download: Download }) {
  const { state, bytesPerSecond, secondsLeft } = download
  if (state.type !== 'running') return null
  if (state.wait) return <Wait wait={state.wait} />
  if (bytesPerSecond === 0) return <span>Connecting…</span>
  return (
    <span>
      {formatBytes(bytesPerSecond)}/s
      {secondsLeft !== null && `, ${timeLeft(secondsLeft)} left`}
    </span>
  )
}

function Wait({ wait }: { readonly wait: Parameters<typeof waitWords>[0] }) {
  const nowMs = useNow(1000)
  return <span className="text-warn">{waitWords(wait, nowMs)}</span>
}

function Failure({ download }: { readonly download: Download }) {
  const retry = useAppStore((state) => state.retryDownload)
  const cancel = useAppStore((state) => state.cancelDownload)
  const open = useAppStore((state) => state.openRepo)
  if (download.state.type !== 'failed') return null
  const message = downloadMessage(download.state.error)
  return (
    <HubProblem message={message}>
      <ProblemStep
        message={message}
        retryLabel="Go on"
        onRetry={() => retry(download.id)}
        onOpenAgain={() => {
          // What was fetched belongs to files that are no more.
          cancel(download.id)
          void open(download.repo)
        }}
      />
    </HubProblem>
  )
}

function Actions(props: { readonly download: Download; readonly name: string }) {
  const { download, name } = props
  const { id, state, doneBytes } = download
  const pause = useAppStore((store) => store.pauseDownload)
  const resume = useAppStore((store) => store.resumeDownload)
  const cancel = useAppStore((store) => store.cancelDownload)
  const load = useAppStore((store) => store.loadStoredModel)
  if (state.type === 'done') {
    return (
      <span className="flex gap-1.5">
        <Button
          size="sm"
          tone="primary"
          aria-label={`Load ${name}`}
          onClick={() => void load(download)}
        >
          <Play /> Load
        </Button>
        <Button size="sm" aria-label={`Clear ${name} from the list`} onClick={() => cancel(id)}>
          <X /> Clear
        </Button>
      </span>
    )
  }
  const isMoving = state.type === 'running' || state.type === 'queued' || state.type === 'verifying'
  return (
    <span className="flex flex-wrap gap-1.5">
      {isMoving && (
        <Button size="sm" aria-label={`Pause ${name}`} onClick={() => pause(id)}>
          <Pause /> Pause
        </Button>
      )}
      {state.type === 'paused' && (
        <Button size="sm" tone="primary" aria-label={`Resume ${name}`} onClick={() => resume(id)}>
          <Play /> Resume
        </Button>
      )}
      <ConfirmButton
        name={`Cancel ${name}`}
        label={
          <>
            <Trash2 /> Cancel
          </>
        }
        question={`Discard the ${formatBytes(doneBytes)} that are here?`}
        confirmLabel="Discard"
        onConfirm={() => cancel(id)}
      />
    </span>
  )
}
