import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Kbd } from './kbd.tsx'

export const TooltipProvider = Radix.Provider

/** A short explanation of a control on hover and focus. Never the only place where something is said. */
export function Tooltip(props: {
  readonly text: string
  readonly shortcut?: string
  readonly children: ReactNode
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{props.children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-72 items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-surface shadow-pop"
        >
          {props.text}
          {props.shortcut && <Kbd keys={props.shortcut} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
