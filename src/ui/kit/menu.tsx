import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** A menu under a button. `trigger` must be one button element. */
export function Menu(props: {
  readonly trigger: ReactNode
  readonly align?: 'start' | 'end'
  readonly children: ReactNode
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={props.align ?? 'start'}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-48 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-pop"
        >
          {props.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export function MenuItem(props: {
  readonly onSelect: () => void
  readonly icon?: ReactNode
  readonly danger?: boolean
  readonly disabled?: boolean
  readonly hint?: string
  readonly children: ReactNode
}) {
  return (
    <Radix.Item
      onSelect={props.onSelect}
      disabled={props.disabled ?? false}
      className={classNames(
        'flex cursor-pointer items-start gap-2 rounded-md px-2 py-1.5 text-sm outline-none select-none data-disabled:opacity-45 data-highlighted:bg-accent-soft [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0',
        props.danger && 'text-bad data-highlighted:bg-bad-soft',
      )}
    >
      {props.icon}
      <span className="min-w-0 flex-1">
        {props.children}
        {props.hint && <span className="block text-xs text-ink-muted">{props.hint}</span>}
      </span>
    </Radix.Item>
  )
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return (
    <Radix.Label className="px-2 py-1 text-xs font-medium text-ink-muted">{children}</Radix.Label>
  )
}
