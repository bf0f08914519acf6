import { CircleAlert, CirclePause } from 'lucide-react'
import type { HubSlice } from '../../store/hub-state.ts'
import { useAppStore } from '../use-app-store.ts'

type Download = HubSlice['downloads'][number]

const RADIUS = 6
const LENGTH = 2 * Math.PI * RADIUS

/** How far the downloads are; leads to them. Nothing while there are none. */
export function DownloadRing() {
  const percent = useAppStore((state) => percentOf(state.downloads))
  const look = useAppStore((state) => lookOf(state.downloads))
  const show = useAppStore((state) => state.showModels)
  if (percent === null) return null
  return (
    <button
      type="button"
      onClick={() => show('downloads')}
      aria-label={`Downloads: ${percent} percent, ${look}`}
      className="flex h-8 shrink-0 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium tabular-nums hover:border-line-strong"
    >
      {look === 'stopped' && <CircleAlert className="size-4 text-bad" />}
      {look === 'paused' && <CirclePause className="size-4 text-ink-muted" />}
      {look === 'running' && <Ring share={percent / 100} />}
      {percent}%
    </button>
  )
}

function Ring({ share }: { readonly share: number }) {
  return (
    <svg viewBox="0 0 16 16" className="size-4 -rotate-90" aria-hidden="true">
      <circle cx="8" cy="8" r={RADIUS} fill="none" strokeWidth="2.5" className="stroke-line" />
      <circle
        cx="8"
        cy="8"
        r={RADIUS}
        fill="none"
        strokeWidth="2.5"
        strokeLinecap="round"
        strokeDasharray={`${LENGTH * share} ${LENGTH}`}
        className="stroke-accent"
      />
    </svg>
  )
}

/** Of all that are not done; null when there is none. */
function percentOf(downloads: readonly Download[]): number | null {
  const open = downloads.filter(({ state }) => state.type !== 'done')
  if (open.length === 0) return null
  const total = open.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const done = open.reduce((sum, { doneBytes }) => sum + doneBytes, 0)
  return total === 0 ? 0 : Math.floor((done / total) * 100)
}

function lookOf(downloads: readonly Download[]): 'running' | 'paused' | 'stopped' {
  const types = downloads.map(({ state }) => state.type)
  if (types.includes('failed')) return 'stopped'
  const isMoving = types.some((type) => type !== 'paused' && type !== 'done')
  return isMoving ? 'running' : 'paused'
}
