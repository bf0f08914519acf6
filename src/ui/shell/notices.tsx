import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Notice } from '../../store/state.ts'
import { Button, IconButton } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'

const ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert }
const ICON_COLOURS = { info: 'text-info', warning: 'text-warn', error: 'text-bad' }

/** How long news stays. Warnings and errors stay until they are dismissed. */
const NEWS_MS = 12_000

/** Short messages in the corner, some with an action, and the screen reader's line. */
export function Notices() {
  const notices = useAppStore((state) => state.notices)
  const announcement = useAppStore((state) => state.announcement)
  return (
    <>
      <div className="sr-only" role="status" aria-live="polite">
        {announcement}
      </div>
      <section
        aria-label="Notices"
        className="pointer-events-none fixed right-3 bottom-3 z-50 grid w-[min(24rem,calc(100vw-1.5rem))] gap-2 max-[900px]:bottom-16"
      >
        {notices.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} />
        ))}
      </section>
    </>
  )
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const dismiss = useAppStore((state) => state.dismissNotice)
  const act = useAppStore((state) => state.actOnNotice)
  const [isHeld, setIsHeld] = useState(false)
  const Icon = ICONS[notice.tone]
  const isFleeting = notice.tone === 'info' && !isHeld
  useEffect(() => {
    if (!isFleeting) return
    const timer = setTimeout(() => dismiss(notice.id), NEWS_MS)
    return () => clearTimeout(timer)
  }, [dismiss, isFleeting, notice.id])
  return (
    <div
      role={notice.tone === 'error' ? 'alert' : 'group'}
      aria-label={notice.title}
      // Whoever reads or reaches for it keeps it.
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
      className="pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line bg-raised p-3 pr-2 shadow-pop"
    >
      <Icon className={`mt-0.5 size-4 shrink-0 ${ICON_COLOURS[notice.tone]}`} />
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium">{notice.title}</p>
        {notice.advice && <p className="text-xs text-ink-muted">{notice.advice}</p>}
      </div>
      {notice.action && (
        <Button size="sm" onClick={() => act(notice.id)}>
          {notice.action}
        </Button>
      )}
      <IconButton label="Dismiss" size="sm" onClick={() => dismiss(notice.id)}>
        <X />
      </IconButton>
    </div>
  )
}
