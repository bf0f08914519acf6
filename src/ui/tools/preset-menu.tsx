import { ChevronDown } from 'lucide-react'
import { PRESETS } from '../../core/tools/presets/all-presets.ts'
import { Button } from '../kit/button.tsx'
import { Menu } from '../kit/menu.tsx'
import { useAppStoreApi } from '../use-app-store.ts'

/** Ready-made sets of tools with example prompts. */
export function PresetMenu() {
  const store = useAppStoreApi()
  return (
    <Menu
      align="end"
      trigger={(props) => (
        <Button size="sm" tone="ghost" {...props}>
          Presets
          <ChevronDown />
        </Button>
      )}
      entries={PRESETS.map(({ id, title, description }) => ({
        type: 'item',
        text: title,
        hint: description,
        onSelect: () => store.getState().applyPreset(id),
      }))}
    />
  )
}
