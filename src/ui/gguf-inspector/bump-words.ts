import type { BumpedRoles } from '../../core/gguf/tensor-report.ts'

/** `attn_v and ffn_down were raised to Q6_K in layers 0-3 and 32-35.` */
export function bumpSentence({ change, type, roles, layers, isEverywhere }: BumpedRoles): string {
  const where = layers === null ? '' : isEverywhere ? ' in every layer' : ` in ${layerList(layers)}`
  return `${listed(roles)} ${roles.length === 1 ? 'was' : 'were'} ${change} to ${type}${where}.`
}

/** Ascending layers as ranges: `layers 0-3, 8 and 32-35`. */
export function layerList(layers: readonly number[]): string {
  const ranges: { first: number; last: number }[] = []
  for (const layer of layers) {
    const current = ranges.at(-1)
    if (current && layer === current.last + 1) current.last = layer
    else ranges.push({ first: layer, last: layer })
  }
  const words = ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
  return `${layers.length === 1 ? 'layer' : 'layers'} ${listed(words)}`
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
