import { lazy, Suspense, useEffect, useState } from 'react'

const TooltipBubble = lazy(async () => ({
  default: (await import('./tooltip-bubble.tsx')).TooltipBubble,
}))

const DELAY_MS = 450

/**
 * Shows `data-tooltip` (and `data-shortcut`) of the element that is hovered or has the keyboard focus.
 *
 * One for the whole page: a component around each of some hundred buttons made long transcripts slow to open. A tooltip
 * only repeats the accessible name, so screen readers need nothing of it.
 */
export function TooltipHost() {
  const [target, setTarget] = useState<HTMLElement | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    function show(element: HTMLElement | null, delayMs: number) {
      clearTimeout(timer)
      if (element) timer = setTimeout(() => setTarget(element), delayMs)
      else setTarget(null)
    }
    const onPointerOver = (event: PointerEvent) => {
      if (event.pointerType !== 'touch') show(tooltipOwner(event.target), DELAY_MS)
    }
    const onFocusIn = (event: FocusEvent) => {
      const owner = tooltipOwner(event.target)
      show(owner?.matches(':focus-visible') ? owner : null, DELAY_MS)
    }
    const hide = () => show(null, 0)
    const listeners = new AbortController()
    const options = { capture: true, passive: true, signal: listeners.signal }
    document.addEventListener('pointerover', onPointerOver, options)
    document.addEventListener('focusin', onFocusIn, options)
    for (const type of ['pointerdown', 'keydown', 'scroll', 'focusout']) {
      document.addEventListener(type, hide, options)
    }
    return () => {
      clearTimeout(timer)
      listeners.abort()
    }
  }, [])
  if (!target?.isConnected) return null
  return (
    <Suspense fallback={null}>
      <TooltipBubble key={target.dataset['tooltip']} target={target} />
    </Suspense>
  )
}

function tooltipOwner(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-tooltip]') : null
}
