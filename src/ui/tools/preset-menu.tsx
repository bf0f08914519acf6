import { ChevronDown } from 'lucide-react'
import { PRESETS } from '../../core/tools/presets/all-presets.ts'
import { Button } from '../kit/button.tsx'
import { Menu, MenuItem } from '../kit/menu.tsx'
import { useAppStoreApi } from '../use-app-store.ts'

/** Ready-made sets of tools with example prompts. */
export function PresetMenu() {
  const store = useAppStoreApi()
  return (
    <Menu
      align="end"
      trigger={
        <Button size="sm" tone="ghost">
          Presets
          <ChevronDown />
        </Button>
      }
    >
      {PRESETS.map((preset) => (
        <MenuItem
          key={preset.id}
          hint={preset.description}
          onSelect={() => store.getState().applyPreset(preset.id)}
        >
          {preset.title}
        </MenuItem>
      ))}
    </Menu>
  )
}
