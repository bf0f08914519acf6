import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react'
import { Button, IconButton } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'

const ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert }
const ICON_COLOURS = { info: 'text-info', warning: 'text-warn', error: 'text-bad' }

/** Short messages in the corner, some with undo, and the screen reader's line. */
export function Notices() {
  const notices = useAppStore((state) => state.notices)
  const announcement = useAppStore((state) => state.announcement)
  const dismiss = useAppStore((state) => state.dismissNotice)
  const undo = useAppStore((state) => state.undo)
  return (
    <>
      <div className="sr-only" role="status" aria-live="polite">
        {announcement}
      </div>
      <section
        aria-label="Notices"
        className="pointer-events-none fixed right-3 bottom-3 z-50 grid w-[min(24rem,calc(100vw-1.5rem))] gap-2 max-lg:bottom-16"
      >
        {notices.map((notice) => {
          const Icon = ICONS[notice.tone]
          return (
            <div
              key={notice.id}
              role={notice.tone === 'error' ? 'alert' : 'status'}
              className="pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line bg-raised p-3 pr-2 shadow-pop"
            >
              <Icon className={`mt-0.5 size-4 shrink-0 ${ICON_COLOURS[notice.tone]}`} />
              <div className="min-w-0 flex-1">
                <p className="text-sm font-medium">{notice.title}</p>
                {notice.advice && <p className="text-xs text-ink-muted">{notice.advice}</p>}
              </div>
              {notice.canUndo && (
                <Button size="sm" onClick={() => undo(notice.id)}>
                  Undo
                </Button>
              )}
              <IconButton label="Dismiss" size="sm" onClick={() => dismiss(notice.id)}>
                <X />
              </IconButton>
            </div>
          )
        })}
      </section>
    </>
  )
}
