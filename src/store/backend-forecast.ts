import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import { chooseBackend, type BackendPlan, type Machine } from '../engine/choose-backend.ts'
import type { LoadOptions } from '../engine/engine.ts'
import { memoFields } from './memo.ts'
import { selectModelSettings } from './selectors.ts'
import type { AppState } from './state.ts'

/** Where the running model would compute if it were loaded with the settings as they are; null before that can be known. */
export function selectBackendForecast(state: AppState): BackendPlan | null {
  const { machine, modelHeader, engineInfo } = state
  if (!machine || !modelHeader || !engineInfo) return null
  const { sizeBytes } = engineInfo
  const { load } = selectModelSettings(state)
  return forecast({ machine, header: modelHeader, sizeBytes, load })
}

const forecast = memoFields(
  (input: {
    readonly machine: Machine
    readonly header: GgufHeader
    readonly sizeBytes: number
    readonly load: LoadOptions
  }) => chooseBackend(input.load, input, input.machine),
)
