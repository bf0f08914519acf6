import { BUILT_IN_MODEL_NAME } from '../hub/built-in-model.ts'
import type { AppState, ModelSettings } from './state.ts'

/** What can be known of a model when its settings are chosen: before the load, or after. */
export type ModelTraits = {
  /** `general.name` of the GGUF, else the file name. */
  readonly name: string
  readonly trainedContextLength: number | null
}

/**
 * Tool definitions, an answer and some results fit in 8,192 tokens; the KV cache of a 3B model then takes about 300 MB
 * of a tab that has 4 GB. (wllama's own default of 1,024 does not hold six tools.)
 */
const DEFAULT_CONTEXT_LENGTH = 8192

/** What WebLLM's own list says that a model takes is for this context; all of it is taken at the start. */
const MLC_CONTEXT_LENGTH = 4096
/** The names of MLC builds end like that. */
const IS_MLC = /-MLC$/

const GENERIC: ModelSettings = {
  // Low: the same question should give the same call, yet "answer again" something else where the model is unsure.
  sampling: {
    temperature: 0.2,
    topP: 0.95,
    topK: 40,
    minP: 0.05,
    repeatPenalty: 1,
    seed: null,
    maxTokens: 1024,
  },
  load: {
    contextLength: DEFAULT_CONTEXT_LENGTH,
    threads: null,
    gpuLayers: null,
    cacheType: 'f16',
    yarn: null,
  },
  toolShape: 'auto',
  format: 'auto',
  keepInstruction: true,
  chatTemplate: null,
  // Off: llama.cpp then sorts the whole vocabulary for each token.
  alternatives: 0,
}

/** What is recorded when probabilities are switched on with one click. */
export const USUAL_ALTERNATIVES = 5

type Recommendation = {
  readonly matches: (name: string) => boolean
  readonly sampling: Partial<ModelSettings['sampling']>
  readonly contextLength?: number
  readonly alternatives?: number
}

const RECOMMENDATIONS: readonly Recommendation[] = [
  {
    matches: (name) => name === BUILT_IN_MODEL_NAME.toLowerCase(),
    // Trained for greedy decoding, with 2,048 tokens in all.
    sampling: { temperature: 0, topK: 0, topP: 1, minP: 0, maxTokens: 256 },
    contextLength: 2048,
    // Its vocabulary is small.
    alternatives: USUAL_ALTERNATIVES,
  },
  {
    // Its generation_config samples at 0.7 with a repeat penalty of 1.05, its model card advises a lower temperature for
    // function calling, and BFCL ran it at 0.001. The penalty stays off: over a prompt full of JSON it punishes copying
    // an identifier exactly.
    matches: (name) => /xlam[-_ ]?2/.test(name),
    sampling: { temperature: 0, topP: 0.8, topK: 20, minP: 0, repeatPenalty: 1 },
  },
]

/** The settings that suit a model, before the user's changes. */
export function recommendedSettings({ name, trainedContextLength }: ModelTraits): ModelSettings {
  const found = RECOMMENDATIONS.find(({ matches }) => matches(name.toLowerCase()))
  const contextLength = Math.min(
    found?.contextLength ?? (IS_MLC.test(name) ? MLC_CONTEXT_LENGTH : DEFAULT_CONTEXT_LENGTH),
    trainedContextLength ?? Number.POSITIVE_INFINITY,
  )
  return {
    ...GENERIC,
    sampling: { ...GENERIC.sampling, ...found?.sampling },
    load: { ...GENERIC.load, contextLength },
    alternatives: found?.alternatives ?? GENERIC.alternatives,
  }
}

/** The recommended settings with the user's changes. */
export function settingsFor(
  traits: ModelTraits,
  settingsByModel: AppState['settingsByModel'],
): ModelSettings {
  return { ...recommendedSettings(traits), ...settingsByModel[traits.name] }
}

/** The model that the settings belong to: the running one, else the one being loaded, else the built-in one. */
export function currentModelName(state: Pick<AppState, 'engineInfo' | 'modelStatus'>): string {
  if (state.engineInfo) return state.engineInfo.modelName
  const { modelStatus } = state
  return 'name' in modelStatus ? modelStatus.name : BUILT_IN_MODEL_NAME
}
