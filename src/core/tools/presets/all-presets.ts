import { CONVERT } from './convert.ts'
import { HOME } from './home.ts'
import { NETWORK } from './network.ts'
import type { Preset } from './preset.ts'
import { SHOP } from './shop.ts'
import { TRAVEL } from './travel.ts'
import { WEATHER } from './weather.ts'

export const PRESETS: readonly Preset[] = [WEATHER, NETWORK, SHOP, TRAVEL, HOME, CONVERT]

export function findPreset(id: string): Preset | null {
  return PRESETS.find((preset) => preset.id === id) ?? null
}
