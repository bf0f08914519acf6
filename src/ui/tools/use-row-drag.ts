import { useRef, useState, type PointerEvent, type RefObject } from 'react'

/** Distance from the edge of the list at which dragging scrolls it. */
const SCROLL_EDGE_PX = 32
const SCROLL_STEP_PX = 10

type Drag = { readonly from: number; readonly slot: number }

/**
 * Reorders the rows of a list by dragging their handles, with mouse, pen or touch.
 *
 * A slot is a gap between rows: slot 0 is before the first row. `onMove` gets the index that the row will have.
 */
export function useRowDrag(
  list: RefObject<HTMLElement | null>,
  onMove: (from: number, to: number) => void,
) {
  const [drag, setDrag] = useState<Drag | null>(null)
  // Pointer events can come faster than renders: this is the truth, the state is for the view.
  const current = useRef<Drag | null>(null)

  function update(next: Drag | null) {
    current.current = next
    setDrag(next)
  }

  function slotAt(y: number): number {
    const rows = [...(list.current?.children ?? [])]
    const below = rows.findIndex((row) => {
      const box = row.getBoundingClientRect()
      return y < box.top + box.height / 2
    })
    return below === -1 ? rows.length : below
  }

  function scrollAtEdge(y: number) {
    const scroller = list.current?.closest('[data-scroller]')
    if (!scroller) return
    const box = scroller.getBoundingClientRect()
    if (y < box.top + SCROLL_EDGE_PX) scroller.scrollTop -= SCROLL_STEP_PX
    if (y > box.bottom - SCROLL_EDGE_PX) scroller.scrollTop += SCROLL_STEP_PX
  }

  function finish() {
    const done = current.current
    update(null)
    if (!done) return
    const to = done.slot > done.from ? done.slot - 1 : done.slot
    if (to !== done.from) onMove(done.from, to)
  }

  return {
    /** The slot to mark, or null when dropping there would change nothing. */
    markedSlot: drag && drag.slot !== drag.from && drag.slot !== drag.from + 1 ? drag.slot : null,
    draggedIndex: drag?.from ?? null,
    handleProps: (index: number) => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0) return
        // No text selection, and the pointer stays ours outside the list.
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        update({ from: index, slot: index })
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (!current.current) return
        scrollAtEdge(event.clientY)
        update({ from: current.current.from, slot: slotAt(event.clientY) })
      },
      onPointerUp: finish,
      onPointerCancel: () => update(null),
    }),
  }
}
