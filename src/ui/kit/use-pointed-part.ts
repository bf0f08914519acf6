import { isSamePart, selectPointedPart } from '../../store/pointed-part.ts'
import type { PointedPart } from '../../store/state.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'

/** Ties an element to a part of the prompt: pointing at one lights up the other. Null: to none. */
export function usePointedPart(part: PointedPart | null): {
  readonly isLit: boolean
  readonly handlers: {
    readonly onPointerEnter: () => void
    readonly onPointerLeave: () => void
    readonly onFocus: () => void
    readonly onBlur: () => void
  }
} {
  const store = useAppStoreApi()
  const isLit = useAppStore((state) => isSamePart(selectPointedPart(state), part))
  const point = () => store.getState().pointAtPart(part)
  const leave = () => store.getState().pointAtPart(null)
  return {
    isLit,
    handlers: { onPointerEnter: point, onPointerLeave: leave, onFocus: point, onBlur: leave },
  }
}
