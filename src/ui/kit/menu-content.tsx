import { DropdownMenu as Radix } from 'radix-ui'
import { createPortal } from 'react-dom'
import { assertNever } from '../../core/lib/assert-never.ts'
import { classNames } from './class-names.ts'
import { Kbd } from './kbd.tsx'
import type { MenuEntry } from './menu.tsx'

/** The menu itself. It hangs on an unseen element laid over the button, which belongs to the caller. */
export function MenuContent(props: {
  readonly triggerId: string
  readonly align: 'start' | 'end'
  readonly entries: readonly MenuEntry[]
  readonly isOpen: boolean
  readonly onOpenChange: (isOpen: boolean) => void
}) {
  const trigger = document.getElementById(props.triggerId)
  const place = props.isOpen ? trigger?.getBoundingClientRect() : undefined
  return (
    <Radix.Root open={props.isOpen} onOpenChange={props.onOpenChange}>
      {/* Within a container of container queries, fixed would be fixed to that. */}
      {createPortal(
        <Radix.Trigger asChild>
          <span
            aria-hidden="true"
            tabIndex={-1}
            className="pointer-events-none invisible fixed"
            style={
              place && { left: place.x, top: place.y, width: place.width, height: place.height }
            }
          />
        </Radix.Trigger>,
        document.body,
      )}
      <Radix.Portal>
        <Radix.Content
          align={props.align}
          aria-labelledby={props.triggerId}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-48 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-pop"
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            trigger?.focus()
          }}
        >
          {props.entries.map((entry, index) => (
            // Entries have no identity of their own, and a menu is rebuilt each time it opens.
            <Entry key={index} entry={entry} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  switch (entry.type) {
    case 'separator':
      return <Radix.Separator className="my-1 h-px bg-line" />
    case 'label':
      return (
        <Radix.Label className="px-2 py-1 text-xs font-medium text-ink-muted">
          {entry.text}
        </Radix.Label>
      )
    case 'item':
      return (
        <Radix.Item
          onSelect={entry.onSelect}
          disabled={entry.disabled ?? false}
          className={classNames(
            'flex cursor-pointer items-start gap-2 rounded-md px-2 py-1.5 text-sm outline-none select-none data-disabled:opacity-45 data-highlighted:bg-accent-soft [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0',
            entry.danger && 'text-bad data-highlighted:bg-bad-soft',
          )}
        >
          {entry.icon}
          <span className="min-w-0 flex-1">
            <span className="flex items-center justify-between gap-4">
              {entry.text}
              {entry.keys && <Kbd keys={entry.keys} />}
            </span>
            {entry.hint && <span className="block text-xs text-ink-muted">{entry.hint}</span>}
          </span>
        </Radix.Item>
      )
    default:
      return assertNever(entry)
  }
}
