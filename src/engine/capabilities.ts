/** What an engine can do. The UI reads this, never an engine's name. */
export type Capabilities = {
  readonly topK: boolean
  readonly minP: boolean
  readonly repeatPenalty: boolean
  readonly prefillProgress: boolean
  readonly prefixCache: boolean
  readonly threads: boolean
  readonly gpuLayers: boolean
  /** Keeps to a grammar (`GenerateRequest.constraint`). */
  readonly constraint: boolean
  /** Most alternatives that it tells with a token; 0: no probabilities. */
  readonly alternatives: number
  /**
   * Whether the probabilities are the model's own. Else they are those that it sampled from: after temperature, penalties
   * and grammar.
   */
  readonly modelProbabilities: boolean
  /** Keeps keys and values in fewer bits. */
  readonly cacheTypes: boolean
  readonly yarn: boolean
  /** Its own tool calling (`Engine.chat`): beside text, or instead of it. Absent: text alone. */
  readonly chat?: 'beside-text' | 'only'
  /** What of the load options counts at all. Absent: those whose flags are set above. */
  readonly loadOptions?: false
}
