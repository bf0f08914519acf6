import type { StoreContext } from './context.ts'

/** Fetches the machinery into the state, once. False when it could not be had: then the next call tries again. */
export function createMachineryFetcher({
  deps,
  get,
  set,
}: Pick<StoreContext, 'deps' | 'get' | 'set'>): () => Promise<boolean> {
  return async () => {
    if (get().machinery) return true
    try {
      set({ machinery: await deps.loadMachinery() })
      return true
    } catch {
      return false
    }
  }
}
