import { useEffect } from 'react'
import type { Shelf } from '../../store/hub-state.ts'
import { useAppStore } from '../use-app-store.ts'
import { BrokenModelRow, StoredModelRow } from './stored-model-row.tsx'

/** Every stored model, the last used first; one that is broken never hides the others. */
export function StoredModels({ models }: { readonly models: Shelf['models'] }) {
  const look = useAppStore((state) => state.lookAtStored)
  useEffect(() => {
    void look()
  }, [look, models])
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">Stored models</caption>
      <thead>
        <tr className="border-b border-line text-left text-xs text-ink-muted">
          <th className="py-1.5 pr-3 font-medium">Model</th>
          <th className="py-1.5 pr-3 text-right font-medium">Size</th>
          <th className="py-1.5 pr-3 font-medium max-md:hidden">Last used</th>
          <th className="py-1.5 pr-3 font-medium max-sm:hidden">Verified</th>
          <th className="py-1.5 font-medium">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {models.map((entry) =>
          entry.type === 'model' ? (
            <StoredModelRow key={entry.id} model={entry} />
          ) : (
            <BrokenModelRow key={entry.id} entry={entry} />
          ),
        )}
      </tbody>
    </table>
  )
}
