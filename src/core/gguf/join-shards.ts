import type { GgufHeader } from './gguf-header.ts'

/**
 * The header of a whole model from those of its shards: the metadata of the first one, the tensors of all.
 *
 * For reading only: the offsets stay those of each shard's own data.
 */
export function joinShards(first: GgufHeader, others: readonly GgufHeader[]): GgufHeader {
  if (others.length === 0) return first
  const tensors = [first, ...others].flatMap((header) => header.tensors)
  const parameterCount = [first, ...others].reduce((sum, header) => sum + header.parameterCount, 0)
  return { ...first, tensors, tensorCount: tensors.length, parameterCount }
}
