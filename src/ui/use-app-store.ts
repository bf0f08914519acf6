import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import type { AppState } from '../store/state.ts'

export const AppStoreContext = createContext<StoreApi<AppState> | null>(null)

/** One fact of the app state. A selector that builds an object must be memoised or wrapped in `useShallow`. */
export function useAppStore<T>(selector: (state: AppState) => T): T {
  return useStore(useAppStoreApi(), selector)
}

/** The store itself, for reading state inside an event handler. */
export function useAppStoreApi(): StoreApi<AppState> {
  const store = useContext(AppStoreContext)
  if (!store) throw new Error('AppStoreContext is missing')
  return store
}
