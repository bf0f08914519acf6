import type { RecommendRequest } from '../core/gguf/recommend-quantization.ts'
import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import { joinShards } from '../core/gguf/join-shards.ts'
import { contextLimit } from '../core/gguf/yarn.ts'
import type { ForecastModel } from './backend-forecast.ts'
import { settingsFor } from './recommended-settings.ts'
import type { AppState } from './state.ts'

/** A model of the Hub as a forecast takes it. */
export function forecastModelOf(
  [first, ...others]: readonly [GgufHeader, ...GgufHeader[]],
  sizeBytes: number,
): ForecastModel {
  const header = joinShards(first, others)
  return { name: titleOf(header), header, sizeBytes }
}

function titleOf({ metadata }: GgufHeader): string {
  const title = metadata.get('general.name')
  return typeof title === 'string' ? title.trim() : ''
}

/** What a model would be loaded with here: its header, and the context and cache of its settings. */
export function fitSettings(
  [first, ...others]: readonly [GgufHeader, ...GgufHeader[]],
  settingsByModel: AppState['settingsByModel'],
): Omit<RecommendRequest, 'device'> {
  const header = joinShards(first, others)
  const name = titleOf(header)
  const { load } = settingsFor(
    { name, trainedContextLength: header.contextLength },
    settingsByModel,
  )
  const most = contextLimit(header.contextLength, load.yarn) ?? Number.POSITIVE_INFINITY
  return {
    header,
    tensors: header.tensors,
    contextLength: Math.min(load.contextLength, most),
    cacheType: load.cacheType,
  }
}
