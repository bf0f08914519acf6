import type { GgufHeader } from './gguf-header.ts'

/** How keys and values are stored. Everything but `f16` needs flash attention, which llama.cpp then switches on. */
export type CacheType = 'f16' | 'q8_0' | 'q4_0'

export const CACHE_TYPES: readonly CacheType[] = ['f16', 'q8_0', 'q4_0']

export type KvCacheOptions = {
  readonly contextLength: number
  readonly cacheType: CacheType
}

/** What a model keeps for each token of its context. */
export type KvCacheShape = {
  /** Numbers, keys and values of all layers together. */
  readonly elementsPerToken: number
  /** The types that the model's heads can be stored as. */
  readonly types: readonly CacheType[]
}

/** With the scale of each block: 34 and 18 bytes for 32 numbers. */
const ELEMENT_BYTES: Readonly<Record<CacheType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 }
/** llama.cpp refuses a quantized cache for heads that are no multiple of a block. */
const BLOCK_ELEMENTS = 32
/** llama.cpp rounds the length of its cache up to this. */
const CACHE_STEP = 256
/** Far above any model: a broken file must not ask for a list of billions. */
const MAX_LAYERS = 4096

/** Exact for plain attention, an upper bound for sliding windows; nothing when the metadata are missing. */
export function kvCacheShape(header: GgufHeader): KvCacheShape {
  const { keyLength, valueLength } = headLengths(header)
  const own = headCounts(header, 'attention.head_count_kv')
  const counts = own.length > 0 ? own : headCounts(header, 'attention.head_count')
  const heads = counts.reduce((sum, count) => sum + count, 0)
  const fillsBlocks = [keyLength, valueLength].every((length) => length % BLOCK_ELEMENTS === 0)
  return {
    elementsPerToken: heads * (keyLength + valueLength),
    types: fillsBlocks ? CACHE_TYPES : ['f16'],
  }
}

/** The bytes of the whole cache, which llama.cpp takes at once when it loads. */
export function kvCacheBytes(
  { elementsPerToken }: KvCacheShape,
  { contextLength, cacheType }: KvCacheOptions,
): number {
  return cacheCells(contextLength) * elementsPerToken * ELEMENT_BYTES[cacheType]
}

export function cacheCells(contextLength: number): number {
  return Math.ceil(contextLength / CACHE_STEP) * CACHE_STEP
}

/** The heads of the layer that has most: layers without attention have none. */
export function mostHeads(header: GgufHeader): number {
  return headCounts(header, 'attention.head_count').reduce(
    (most, count) => Math.max(most, count),
    0,
  )
}

/** A number of the architecture; of a list, one for each layer, the largest. 0 when absent. */
export function hyperparameter(header: GgufHeader, key: string): number {
  const fullKey = `${header.architecture}.${key}`
  const value = header.metadata.get(fullKey)
  if (typeof value === 'number') return value
  return header.numberArrays.get(fullKey)?.reduce((most, entry) => Math.max(most, entry), 0) ?? 0
}

function headLengths(header: GgufHeader): { keyLength: number; valueLength: number } {
  const heads = mostHeads(header)
  const length = heads > 0 ? hyperparameter(header, 'embedding_length') / heads : 0
  return {
    keyLength: hyperparameter(header, 'attention.key_length') || length,
    valueLength: hyperparameter(header, 'attention.value_length') || length,
  }
}

/** One count for each layer: the file has either such a list or one number for all. Zero marks a layer without attention. */
function headCounts(header: GgufHeader, key: string): readonly number[] {
  const list = header.numberArrays.get(`${header.architecture}.${key}`)
  if (list) return list
  const count = hyperparameter(header, key)
  if (count === 0) return []
  const layers = hyperparameter(header, 'block_count')
  return Array.from({ length: Math.min(layers, MAX_LAYERS) }, () => count)
}
