import { useRef, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { ToolId } from '../../core/tools/tool.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'
import { ToolRow, type RowMove } from './tool-row.tsx'
import { useRowDrag } from './use-row-drag.ts'

/** The tools in the order in which the model gets them. */
export function ToolList({ onOpen }: { readonly onOpen: (id: ToolId) => void }) {
  const store = useAppStoreApi()
  // Only the ids: a row follows its own document, so that typing renders one row.
  const ids = useAppStore(useShallow((state) => state.toolDocuments.map(({ id }) => id)))
  const [moved, setMoved] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const drag = useRowDrag(list, (from, to) => moveTo({ from, to, title: 'The tool' }))

  function moveTo({ from, to, title }: RowMove) {
    const id = ids[from]
    if (id === undefined) return
    store.getState().moveTool(id, to)
    setMoved(`${title} is now number ${to + 1} of ${ids.length}`)
    // After the render: the row may have been moved out of view.
    requestAnimationFrame(() => list.current?.children[to]?.scrollIntoView({ block: 'nearest' }))
  }

  return (
    <>
      <ul ref={list} aria-label="Tools">
        {ids.map((id, index) => (
          <ToolRow
            key={id}
            id={id}
            index={index}
            count={ids.length}
            isDragged={drag.draggedIndex === index}
            dropEdge={dropEdge(drag.markedSlot, { index, count: ids.length })}
            handleProps={drag.handleProps(index)}
            onMove={moveTo}
            onOpen={() => onOpen(id)}
          />
        ))}
      </ul>
      <p aria-live="polite" className="sr-only">
        {moved}
      </p>
    </>
  )
}

function dropEdge(
  slot: number | null,
  row: { readonly index: number; readonly count: number },
): 'before' | 'after' | null {
  if (slot === row.index) return 'before'
  return slot === row.count && row.index === row.count - 1 ? 'after' : null
}
