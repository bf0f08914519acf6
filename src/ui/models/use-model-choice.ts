import { useState } from 'react'
import type { LocalChoice } from '../../store/hub-state.ts'
import { useAppStore } from '../use-app-store.ts'

export type ModelChoices = {
  /** Null when there is nothing to choose. */
  readonly models: readonly LocalChoice[] | null
  readonly offer: (files: readonly File[]) => Promise<void>
  readonly pick: (files: readonly File[]) => void
  readonly cancel: () => void
}

/** Lets the user choose when files are several models; files that are one, or none, are passed on as they are. */
export function useModelChoice(onChosen: (files: readonly File[]) => void): ModelChoices {
  const list = useAppStore((state) => state.listLocalModels)
  const [models, setModels] = useState<readonly LocalChoice[] | null>(null)
  return {
    models,
    async offer(files) {
      setModels(null)
      const found = files.length > 1 ? await list(files) : []
      if (found.length > 1) setModels(found)
      else onChosen(files)
    },
    pick(files) {
      setModels(null)
      onChosen(files)
    },
    cancel: () => setModels(null),
  }
}
