import { Plus } from 'lucide-react'
import { PRESETS } from '../../core/tools/presets/all-presets.ts'
import { Button } from '../kit/button.tsx'
import { useAppStoreApi } from '../use-app-store.ts'

/** What the pane offers before there is any tool. */
export function NoTools({ onAdd }: { readonly onAdd: () => void }) {
  const store = useAppStoreApi()
  return (
    <div className="grid gap-3 p-3">
      <p className="text-sm text-ink-muted">
        Tools are functions that the model may call. Begin with a set, or write your own.
      </p>
      <ul aria-label="Presets" className="grid gap-1.5">
        {PRESETS.map((preset) => (
          <li key={preset.id}>
            <button
              type="button"
              onClick={() => store.getState().applyPreset(preset.id)}
              className="w-full rounded-md border border-line px-3 py-2 text-left hover:border-line-strong hover:bg-sunken"
            >
              <span className="block text-sm font-medium">{preset.title}</span>
              <span className="block text-xs text-ink-muted">{preset.description}</span>
            </button>
          </li>
        ))}
      </ul>
      <Button onClick={onAdd}>
        <Plus />
        Write your own
      </Button>
      <p className="text-xs text-ink-muted">
        Or paste definitions here, or drop a .json file: OpenAI, Anthropic, MCP or bare notation.
      </p>
    </div>
  )
}
