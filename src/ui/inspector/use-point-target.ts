import { useEffect, useRef, type RefObject } from 'react'
import type { NodeId } from '../../core/chat/transcript.ts'
import type { Span } from '../../core/lib/span.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'

/**
 * Ties an element to one call: pointing at it lights up the call's other places, and it lights up, and comes into view,
 * when one of those is pointed at.
 */
export function usePointTarget<T extends HTMLElement>(
  answerId: NodeId,
  callIndex: number,
  span: Span,
): {
  readonly ref: RefObject<T | null>
  readonly isLit: boolean
  readonly handlers: { readonly onPointerEnter: () => void; readonly onPointerLeave: () => void }
} {
  const store = useAppStoreApi()
  const ref = useRef<T>(null)
  const isLit = useAppStore(
    ({ pointedAt }) => pointedAt?.answerId === answerId && pointedAt.callIndex === callIndex,
  )
  useEffect(() => {
    const element = ref.current
    // What is under the pointer must not move away from it.
    if (isLit && element && !element.matches(':hover')) element.scrollIntoView({ block: 'nearest' })
  }, [isLit])
  return {
    ref,
    isLit,
    handlers: {
      onPointerEnter: () => store.getState().pointAt({ answerId, callIndex, span }),
      onPointerLeave: () => store.getState().pointAt(null),
    },
  }
}
