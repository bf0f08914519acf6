import { ShieldCheck, ShieldQuestion } from 'lucide-react'
import type { Shelf } from '../../store/hub-state.ts'
import { Badge } from '../kit/badge.tsx'
import { Button } from '../kit/button.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'

/** How much of the browser's room is used, and whether it may take it back. */
export function QuotaBar({ quota }: { readonly quota: NonNullable<Shelf['quota']> }) {
  const keep = useAppStore((state) => state.keepStorage)
  const { usedBytes, quotaBytes, isPersisted } = quota
  const share = quotaBytes === 0 ? 1 : Math.min(1, usedBytes / quotaBytes)
  return (
    <section aria-label="Room" className="grid gap-1.5">
      <div
        role="meter"
        aria-label="Storage used"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-2 overflow-hidden rounded-full bg-line"
      >
        <div
          className={`h-full rounded-full ${share > 0.9 ? 'bg-bad' : 'bg-accent'}`}
          style={{ width: `${share * 100}%` }}
        />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2 text-xs text-ink-muted">
        <p className="tabular-nums">
          {formatBytes(usedBytes)} used of {formatBytes(quotaBytes)} that this browser gives
        </p>
        {isPersisted ? (
          <Badge tone="good" icon={<ShieldCheck />}>
            Kept: the browser does not evict it
          </Badge>
        ) : (
          <span className="flex flex-wrap items-center gap-2">
            <Badge icon={<ShieldQuestion />}>May be evicted when the disk is full</Badge>
            <Button size="sm" onClick={() => void keep()}>
              Ask to keep it
            </Button>
          </span>
        )}
      </div>
    </section>
  )
}
