import type { GgufHeader } from './gguf-header.ts'
import {
  cacheCells,
  hyperparameter,
  kvCacheBytes,
  kvCacheShape,
  mostHeads,
  type KvCacheOptions,
} from './kv-cache.ts'

export type MemoryEstimate = {
  readonly weightsBytes: number
  readonly kvCacheBytes: number
  readonly computeBytes: number
}

/** Tokens that are computed at once: the engine's batch size on the CPU. */
const BATCH_TOKENS = 128
const F32_BYTES = 4
/** Copies of a layer's activations that are alive at the same time (input, normed, query/key/value, gate, up). */
const LIVE_ACTIVATIONS = 4

/**
 * Estimates the memory that a model takes on the CPU with this context and cache type. YaRN costs nothing by itself.
 *
 * `weightsBytes` is what the files have beyond their headers, `kvCacheBytes` exact for plain attention and an upper
 * bound for sliding windows, `computeBytes` rough: the logits and activations of one batch. Metadata that is missing
 * counts as nothing, so for an unusual architecture the sum is a lower bound.
 */
export function estimateMemory(
  header: GgufHeader,
  sizeBytes: number,
  options: KvCacheOptions,
): MemoryEstimate {
  const vocabulary =
    header.arrayLengths.get('tokenizer.ggml.tokens') ?? hyperparameter(header, 'vocab_size')
  const activations =
    hyperparameter(header, 'embedding_length') + hyperparameter(header, 'feed_forward_length')
  const scores = mostHeads(header) * cacheCells(options.contextLength)
  return {
    weightsBytes: Math.max(0, sizeBytes - header.dataOffset),
    kvCacheBytes: kvCacheBytes(kvCacheShape(header), options),
    computeBytes: BATCH_TOKENS * F32_BYTES * (vocabulary + LIVE_ACTIVATIONS * activations + scores),
  }
}
