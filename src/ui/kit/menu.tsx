import { lazy, Suspense, useId, useRef, useState, type ReactNode } from 'react'

const MenuContent = lazy(async () => ({
  default: (await import('./menu-content.tsx')).MenuContent,
}))

export type MenuEntry =
  | {
      readonly type: 'item'
      readonly text: string
      readonly icon?: ReactNode
      readonly hint?: string
      /** The key that does the same, for display. */
      readonly keys?: string
      readonly danger?: boolean
      readonly disabled?: boolean
      readonly onSelect: () => void
    }
  | { readonly type: 'separator' }
  | { readonly type: 'label'; readonly text: string }

/** What makes a button the trigger of a menu: spread it over the button. */
export type MenuTriggerProps = {
  readonly id: string
  readonly 'aria-haspopup': 'menu'
  readonly 'aria-expanded': boolean
  readonly onPointerEnter: () => void
  readonly onFocus: () => void
  readonly onClick: () => void
}

/**
 * A menu under a button.
 *
 * The menu's own code is fetched when the button is first pointed at or focused: a page has many menus and most stay
 * shut, so none of it belongs to the first load.
 */
export function Menu(props: {
  readonly trigger: (triggerProps: MenuTriggerProps) => ReactNode
  readonly align?: 'start' | 'end'
  readonly entries: readonly MenuEntry[]
}) {
  const id = useId()
  const holder = useRef<HTMLSpanElement>(null)
  const [isWanted, setIsWanted] = useState(false)
  const [isOpen, setIsOpen] = useState(false)
  const want = () => setIsWanted(true)
  return (
    <span ref={holder} className="contents">
      {props.trigger({
        id,
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
        onPointerEnter: want,
        onFocus: want,
        onClick: () => {
          want()
          setIsOpen(true)
        },
      })}
      {isWanted && (
        <Suspense fallback={null}>
          <MenuContent
            triggerId={id}
            align={props.align ?? 'start'}
            entries={props.entries}
            isOpen={isOpen}
            onOpenChange={setIsOpen}
          />
        </Suspense>
      )}
    </span>
  )
}
