import type { GpuLimits } from './fit.ts'
import type { GgufHeader, GgufTensor } from './gguf-header.ts'
import { kvCacheBytes, kvCacheShape, type KvCacheOptions } from './kv-cache.ts'

export type GpuLayers = {
  /** To ask llama.cpp for; 0: nothing can be placed. */
  readonly layers: number
  /** As llama.cpp counts: the blocks, and one for the output. */
  readonly totalLayers: number
  /** What kept layers off the GPU, or null. */
  readonly obstacle: {
    readonly subject: string
    readonly neededBytes: number
    readonly limitBytes: number
  } | null
}

/** Without it the embedding is used for the output as well. */
const OUTPUT = 'output.weight'
const EMBEDDING = 'token_embd.weight'

/**
 * How many layers can be placed on a GPU with these limits: each tensor, of the weights and of the cache, lies in one buffer.
 *
 * llama.cpp fills from the end: the output first, then the last block. So the first tensor from there that is too large ends it.
 * Nothing is said of the GPU's memory as a whole, which no page can ask.
 */
export function fitGpuLayers(
  header: GgufHeader,
  options: KvCacheOptions,
  limits: GpuLimits,
): GpuLayers {
  const limitBytes = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  const blocks = blockCount(header)
  const totalLayers = blocks + 1
  const cacheBytes = Math.ceil(
    kvCacheBytes(kvCacheShape(header), options) / (2 * Math.max(1, blocks)),
  )
  if (cacheBytes > limitBytes) {
    const subject = 'the KV cache of one layer'
    return { layers: 0, totalLayers, obstacle: { subject, neededBytes: cacheBytes, limitBytes } }
  }
  const tooLarge = header.tensors.filter((tensor) => (tensor.sizeBytes ?? 0) > limitBytes)
  let layers = totalLayers
  let obstacle: GpuLayers['obstacle'] = null
  for (const tensor of tooLarge) {
    const fitting = layersBehind(tensor, header, totalLayers)
    if (fitting >= layers) continue
    layers = fitting
    obstacle = { subject: tensor.name, neededBytes: tensor.sizeBytes ?? 0, limitBytes }
  }
  return { layers, totalLayers, obstacle }
}

/** The blocks of a model; 0 when the metadata do not tell. */
export function blockCount({ metadata, architecture }: GgufHeader): number {
  const blocks = metadata.get(`${architecture}.block_count`)
  return typeof blocks === 'number' && blocks > 0 ? blocks : 0
}

/** How many layers can be offloaded without this tensor. */
function layersBehind({ name }: GgufTensor, header: GgufHeader, totalLayers: number): number {
  const isTied = !header.tensors.some((tensor) => tensor.name === OUTPUT)
  if (name === OUTPUT || (name === EMBEDDING && isTied)) return 0
  const block = /^blk\.(\d+)\./.exec(name)?.[1]
  // Block k is the (totalLayers - 1 - k)th from the end, counted behind the output.
  return block === undefined ? totalLayers : Math.max(0, totalLayers - 1 - Number(block))
}
