import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import type { ModelFiles } from '../core/gguf/model-files.ts'
import { contextLimit } from '../core/gguf/yarn.ts'
import { chooseBackend, withoutGpu, type BackendPlan } from '../engine/choose-backend.ts'
import type { LoadOptions } from '../engine/engine.ts'
import { numbersKey } from '../engine/self-test.ts'
import { memoFields } from './memo.ts'
import { settingsFor } from './recommended-settings.ts'
import { selectModelSettings } from './selectors.ts'
import type { AppState } from './state.ts'

/** What a forecast needs to know of a model in GGUF files. */
export type ForecastModel = Pick<ModelFiles, 'name' | 'header' | 'sizeBytes'>

type Knowledge = Pick<AppState, 'machine' | 'gpuFailures'>

/** Where the running model would compute if it were loaded with the settings as they are; null before that can be known. */
export function selectBackendForecast(state: AppState): BackendPlan | null {
  const { machine, gpuFailures, modelHeader, engineInfo } = state
  if (!modelHeader || !engineInfo) return null
  const { modelName: name, sizeBytes } = engineInfo
  const { load } = selectModelSettings(state)
  return forecastRunning({ name, sizeBytes, header: modelHeader, load, machine, gpuFailures })
}

/** Where a model would compute that is not running, with its own settings; null before the machine is known. */
export function forecastBackend(
  model: ForecastModel,
  state: Knowledge & Pick<AppState, 'settingsByModel'>,
): BackendPlan | null {
  const { name, header } = model
  const traits = { name, trainedContextLength: header.contextLength }
  const { load } = settingsFor(traits, state.settingsByModel)
  const most = contextLimit(header.contextLength, load.yarn) ?? Number.POSITIVE_INFINITY
  return plan(model, { ...load, contextLength: Math.min(load.contextLength, most) }, state)
}

const forecastRunning = memoFields(
  ({
    load,
    machine,
    gpuFailures,
    ...model
  }: Knowledge & ForecastModel & { readonly header: GgufHeader; readonly load: LoadOptions }) =>
    plan(model, load, { machine, gpuFailures }),
)

function plan(
  model: ForecastModel,
  options: LoadOptions,
  { machine, gpuFailures }: Knowledge,
): BackendPlan | null {
  if (!machine) return null
  const chosen = chooseBackend(options, model, machine)
  if (chosen.type === 'cpu') return chosen
  const hasFailed = gpuFailures.some(
    ({ adapter, modelName, sizeBytes, numbers }) =>
      adapter === chosen.adapter &&
      modelName === model.name &&
      sizeBytes === model.sizeBytes &&
      numbers === numbersKey(options),
  )
  return hasFailed ? withoutGpu(chosen) : chosen
}
