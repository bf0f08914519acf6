import { computePosition, flip, offset, shift } from '@floating-ui/dom'
import { useEffect, useRef } from 'react'
import { Kbd } from './kbd.tsx'

const GAP_PX = 6
const EDGE_PX = 8

/** The tooltip itself, in the top layer so that it stands above dialogs. */
export function TooltipBubble({ target }: { readonly target: HTMLElement }) {
  const bubble = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = bubble.current
    if (!element) return
    element.showPopover()
    let isCurrent = true
    void computePosition(target, element, {
      strategy: 'fixed',
      placement: 'bottom',
      middleware: [offset(GAP_PX), flip({ padding: EDGE_PX }), shift({ padding: EDGE_PX })],
    }).then(({ x, y }) => {
      if (isCurrent) Object.assign(element.style, { left: `${x}px`, top: `${y}px`, opacity: '1' })
    })
    return () => {
      isCurrent = false
    }
  }, [target])
  const { tooltip, shortcut } = target.dataset
  return (
    <div
      ref={bubble}
      popover="manual"
      aria-hidden="true"
      className="pointer-events-none fixed inset-auto top-0 left-0 m-0 w-max max-w-72 rounded-md bg-ink px-2 py-1 text-xs text-surface opacity-0 shadow-pop"
    >
      <span className="flex items-center gap-2">
        {tooltip}
        {shortcut && <Kbd keys={shortcut} />}
      </span>
    </div>
  )
}
