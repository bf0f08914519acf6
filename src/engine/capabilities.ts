/** What an engine can do. The UI reads this, never an engine's name. */
export type Capabilities = {
  readonly topK: boolean
  readonly minP: boolean
  readonly repeatPenalty: boolean
  readonly prefillProgress: boolean
  readonly prefixCache: boolean
  readonly threads: boolean
  readonly gpuLayers: boolean
}
