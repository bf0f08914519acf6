import { useSyncExternalStore } from 'react'

/** Below this the three panes do not fit side by side. */
const query = () => window.matchMedia('(width < 900px)')

export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = query()
      list.addEventListener('change', onChange)
      return () => list.removeEventListener('change', onChange)
    },
    () => query().matches,
  )
}
