import { Braces, MessageSquare, Wrench } from 'lucide-react'
import type { Pane } from '../../store/state.ts'
import { classNames } from '../kit/class-names.ts'
import { useAppStore } from '../use-app-store.ts'

const TABS: readonly {
  readonly pane: Pane
  readonly label: string
  readonly icon: typeof Wrench
}[] = [
  { pane: 'tools', label: 'Tools', icon: Wrench },
  { pane: 'chat', label: 'Chat', icon: MessageSquare },
  { pane: 'calls', label: 'Calls', icon: Braces },
]

/** At phone width the panes become tabs at the bottom. */
export function PaneTabs() {
  const current = useAppStore((state) => state.phonePane)
  const show = useAppStore((state) => state.setPhonePane)
  return (
    <nav aria-label="Panes" className="grid grid-cols-3 border-t border-line bg-surface">
      {TABS.map(({ pane, label, icon: Icon }) => (
        <button
          key={pane}
          type="button"
          aria-current={pane === current ? 'page' : undefined}
          onClick={() => show(pane)}
          className={classNames(
            'flex h-12 flex-col items-center justify-center gap-0.5 text-xs font-medium',
            pane === current ? 'text-accent' : 'text-ink-muted',
          )}
        >
          <Icon className="size-4" />
          {label}
        </button>
      ))}
    </nav>
  )
}
