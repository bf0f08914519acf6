import { Dialog as Radix } from 'radix-ui'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { IconButton } from './button.tsx'
import { useReturnFocus } from './use-return-focus.ts'

const CENTRED =
  'top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 rounded-xl border'

const WIDTHS = {
  md: `${CENTRED} max-w-lg`,
  lg: `${CENTRED} max-w-2xl`,
  full: 'inset-0 sm:inset-4 sm:m-auto sm:max-h-[52rem] sm:max-w-5xl sm:rounded-xl sm:border',
}

/** A modal dialog: focus stays inside, Esc closes, focus returns to where it was. */
export function Dialog(props: {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly description?: string
  /** `full`: as much as there is, of a steady height; the content brings its own padding and scrolling. */
  readonly width?: 'md' | 'lg' | 'full'
  readonly footer?: ReactNode
  readonly children: ReactNode
}) {
  const { width = 'md' } = props
  const returnFocus = useReturnFocus()
  return (
    <Radix.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Radix.Content
          {...(props.description ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={focusContent}
          onCloseAutoFocus={returnFocus}
          className={classNames(
            'fixed z-40 flex flex-col border-line bg-surface shadow-pop focus:outline-none',
            WIDTHS[width],
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 py-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-base font-semibold">{props.title}</Radix.Title>
              {props.description && (
                <Radix.Description className="text-xs text-ink-muted">
                  {props.description}
                </Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" className="-mr-2">
                <X />
              </IconButton>
            </Radix.Close>
          </header>
          <div
            className={
              width === 'full'
                ? 'flex min-h-0 flex-1 flex-col'
                : 'min-h-0 flex-1 overflow-y-auto px-5 py-4'
            }
          >
            {props.children}
          </div>
          {props.footer && (
            <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">
              {props.footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The dialog itself, not its first button, whose tooltip would open over it. */
function focusContent(event: Event) {
  event.preventDefault()
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
}
