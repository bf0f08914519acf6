import { NO_RULES } from '../core/tools/tool-choice.ts'
import type { StoreContext } from './context.ts'
import { currentModelName } from './recommended-settings.ts'
import type { SettingsSlice } from './state.ts'

/** Enough for the presets' longest chain of calls, few enough that a model gone astray stops soon. */
const DEFAULT_MAX_STEPS = 6
const MOST_STEPS = 50

export function createSettingsSlice({ get, set }: StoreContext): SettingsSlice {
  return {
    theme: 'system',
    automatic: false,
    callRules: NO_RULES,
    maxSteps: DEFAULT_MAX_STEPS,
    readAhead: true,
    settingsByModel: {},
    setTheme: (theme) => set({ theme }),
    setAutomatic: (automatic) => set({ automatic }),
    setMaxSteps: (maxSteps) => set({ maxSteps: clampSteps(maxSteps) }),
    setReadAhead: (readAhead) => set({ readAhead }),
    changeCallRules: (change) => set({ callRules: { ...get().callRules, ...change } }),
    changeModelSettings(change) {
      const state = get()
      const name = currentModelName(state)
      const changed = { ...state.settingsByModel[name], ...change }
      set({ settingsByModel: { ...state.settingsByModel, [name]: changed } })
    },
    resetModelSettings() {
      const state = get()
      const { [currentModelName(state)]: _, ...others } = state.settingsByModel
      set({ settingsByModel: others })
    },
  }
}

function clampSteps(maxSteps: number): number {
  return Number.isFinite(maxSteps)
    ? Math.min(MOST_STEPS, Math.max(1, Math.round(maxSteps)))
    : DEFAULT_MAX_STEPS
}
