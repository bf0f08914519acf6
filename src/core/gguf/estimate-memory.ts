import type { GgufHeader } from './gguf-header.ts'

export type MemoryEstimate = {
  readonly weightsBytes: number
  readonly kvCacheBytes: number
  readonly computeBytes: number
}

/** The engine keeps keys and values as 16-bit floats. */
const KV_ELEMENT_BYTES = 2
/** llama.cpp rounds the length of its cache up to this. */
const CACHE_STEP = 256
/** Tokens that are computed at once: the engine's batch size on the CPU. */
const BATCH_TOKENS = 128
const F32_BYTES = 4
/** Copies of a layer's activations that are alive at the same time (input, normed, query/key/value, gate, up). */
const LIVE_ACTIVATIONS = 4
/** Far above any model: a broken file must not ask for a list of billions. */
const MAX_LAYERS = 4096

/**
 * Estimates the memory that a model takes on the CPU with this context.
 *
 * `weightsBytes` is what the files have beyond their headers, `kvCacheBytes` exact for plain attention and an upper
 * bound for sliding windows, `computeBytes` rough: the logits and activations of one batch. Metadata that is missing
 * counts as nothing, so for an unusual architecture the sum is a lower bound.
 */
export function estimateMemory(
  header: GgufHeader,
  sizeBytes: number,
  contextLength: number,
): MemoryEstimate {
  const read = (key: string) => numberOf(header, `${header.architecture}.${key}`)
  const embedding = read('embedding_length')
  const heads = headCounts(header, 'attention.head_count')
  const maxHeads = Math.max(0, ...heads)
  const headLength = maxHeads > 0 ? embedding / maxHeads : 0
  const keyLength = read('attention.key_length') || headLength
  const valueLength = read('attention.value_length') || headLength
  const kvHeads = headCounts(header, 'attention.head_count_kv')
  const kvHeadsOfAllLayers = (kvHeads.length > 0 ? kvHeads : heads).reduce(
    (sum, count) => sum + count,
    0,
  )
  const cells = Math.ceil(contextLength / CACHE_STEP) * CACHE_STEP
  const vocabulary = header.arrayLengths.get('tokenizer.ggml.tokens') ?? read('vocab_size')
  const perToken =
    vocabulary + LIVE_ACTIVATIONS * (embedding + read('feed_forward_length')) + maxHeads * cells
  return {
    weightsBytes: Math.max(0, sizeBytes - header.dataOffset),
    kvCacheBytes: cells * kvHeadsOfAllLayers * (keyLength + valueLength) * KV_ELEMENT_BYTES,
    computeBytes: BATCH_TOKENS * perToken * F32_BYTES,
  }
}

/** One count for each layer: the file has either such a list or one number for all. Zero marks a layer without attention. */
function headCounts(header: GgufHeader, key: string): readonly number[] {
  const fullKey = `${header.architecture}.${key}`
  const list = header.numberArrays.get(fullKey)
  if (list) return list
  const count = numberOf(header, fullKey)
  if (count === 0) return []
  const layers = numberOf(header, `${header.architecture}.block_count`)
  return Array.from({ length: Math.min(layers, MAX_LAYERS) }, () => count)
}

function numberOf(header: GgufHeader, key: string): number {
  const value = header.metadata.get(key)
  if (typeof value === 'number') return value
  return header.numberArrays.get(key)?.reduce((most, entry) => Math.max(most, entry), 0) ?? 0
}
