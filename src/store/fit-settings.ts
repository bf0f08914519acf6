import type { RecommendRequest } from '../core/gguf/recommend-quantization.ts'
import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import { joinShards } from '../core/gguf/join-shards.ts'
import { contextLimit } from '../core/gguf/yarn.ts'
import { settingsFor } from './recommended-settings.ts'
import type { AppState } from './state.ts'

/** What a model would be loaded with here: its header, and the context and cache of its settings. */
export function fitSettings(
  [first, ...others]: readonly [GgufHeader, ...GgufHeader[]],
  settingsByModel: AppState['settingsByModel'],
): Omit<RecommendRequest, 'device'> {
  const header = joinShards(first, others)
  const title = header.metadata.get('general.name')
  const name = typeof title === 'string' ? title.trim() : ''
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
