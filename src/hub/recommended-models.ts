/** A model that is worth a first try: what to show before anything is asked of the Hub. */
export type RecommendedModel = {
  /** `owner/name` of a repository with GGUF files. */
  readonly repo: string
  readonly title: string
  readonly family: ModelFamily
  /** As its makers call it. */
  readonly parameters: string
  readonly why: string
  /** The Hub's name of the license: what the repository says counts, this is for the list. */
  readonly license: string
  /** What a user has to know before the first download; null for free licenses. */
  readonly terms: string | null
}

export type ModelFamily =
  | 'xLAM-2'
  | 'Qwen2.5'
  | 'Qwen3'
  | 'Llama 3.2'
  | 'SmolLM2'
  | 'Hermes 3'
  | 'LFM2'
  | 'Granite 4'
  | 'FunctionGemma'

const XLAM_TERMS = 'For research only: CC BY-NC 4.0 does not allow commercial use.'
const LLAMA_TERMS = 'Meta’s community license and use policy apply.'

/** In the order in which they are shown: the models made for calling functions first, each family from small to large. */
export const RECOMMENDED_MODELS: readonly RecommendedModel[] = [
  {
    repo: 'Salesforce/xLAM-2-1b-fc-r-gguf',
    title: 'xLAM-2 1b',
    family: 'xLAM-2',
    parameters: '1B',
    why: 'Made for calling functions over several turns, and the smallest of its family.',
    license: 'cc-by-nc-4.0',
    terms: XLAM_TERMS,
  },
  {
    repo: 'Salesforce/xLAM-2-3b-fc-r-gguf',
    title: 'xLAM-2 3b',
    family: 'xLAM-2',
    parameters: '3B',
    why: 'The best balance of its family for a browser: parallel calls, several turns, 32k context.',
    license: 'cc-by-nc-4.0',
    terms: XLAM_TERMS,
  },
  {
    repo: 'Mungert/xLAM-2-3b-fc-r-GGUF',
    title: 'xLAM-2 3b, other quantizations',
    family: 'xLAM-2',
    parameters: '3B',
    why: 'The same model in many more sizes, with sensitive layers kept at a higher precision.',
    license: 'cc-by-nc-4.0',
    terms: XLAM_TERMS,
  },
  {
    repo: 'Salesforce/Llama-xLAM-2-8b-fc-r-gguf',
    title: 'Llama xLAM-2 8b',
    family: 'xLAM-2',
    parameters: '8B',
    why: 'The strongest that a browser may carry; needs WebGPU or a low quantization.',
    license: 'cc-by-nc-4.0',
    terms: `${XLAM_TERMS} ${LLAMA_TERMS}`,
  },
  {
    repo: 'unsloth/functiongemma-270m-it-GGUF',
    title: 'FunctionGemma 270M',
    family: 'FunctionGemma',
    parameters: '270M',
    why: 'Tiny and made for one call at a time: the quickest real model to load.',
    license: 'gemma',
    terms: 'Google’s Gemma terms and prohibited use policy apply.',
  },
  {
    repo: 'LiquidAI/LFM2-1.2B-Tool-GGUF',
    title: 'LFM2 1.2B Tool',
    family: 'LFM2',
    parameters: '1.2B',
    why: 'Trained to answer with calls at once, without thinking first; fast on a CPU.',
    license: 'lfm1.0',
    terms: 'Liquid AI’s license: free below a yearly revenue that it names.',
  },
  {
    repo: 'Qwen/Qwen2.5-0.5B-Instruct-GGUF',
    title: 'Qwen2.5 0.5B Instruct',
    family: 'Qwen2.5',
    parameters: '0.5B',
    why: 'Small enough for any machine; shows how calls go wrong, too.',
    license: 'apache-2.0',
    terms: null,
  },
  {
    repo: 'Qwen/Qwen2.5-1.5B-Instruct-GGUF',
    title: 'Qwen2.5 1.5B Instruct',
    family: 'Qwen2.5',
    parameters: '1.5B',
    why: 'The base of xLAM-2 1b: compare the two on the same tools.',
    license: 'apache-2.0',
    terms: null,
  },
  {
    repo: 'Qwen/Qwen2.5-3B-Instruct-GGUF',
    title: 'Qwen2.5 3B Instruct',
    family: 'Qwen2.5',
    parameters: '3B',
    why: 'The base of xLAM-2 3b: compare the two on the same tools.',
    license: 'qwen-research',
    terms: 'For research only: the Qwen Research License does not allow commercial use.',
  },
  {
    repo: 'Qwen/Qwen3-0.6B-GGUF',
    title: 'Qwen3 0.6B',
    family: 'Qwen3',
    parameters: '0.6B',
    why: 'Thinks before it calls, and can be told not to.',
    license: 'apache-2.0',
    terms: null,
  },
  {
    repo: 'Qwen/Qwen3-1.7B-GGUF',
    title: 'Qwen3 1.7B',
    family: 'Qwen3',
    parameters: '1.7B',
    why: 'A strong small model for tools; thinking can be switched off.',
    license: 'apache-2.0',
    terms: null,
  },
  {
    repo: 'bartowski/Llama-3.2-1B-Instruct-GGUF',
    title: 'Llama 3.2 1B Instruct',
    family: 'Llama 3.2',
    parameters: '1B',
    why: 'Calls in plain JSON and in Python’s notation: two formats in one model.',
    license: 'llama3.2',
    terms: LLAMA_TERMS,
  },
  {
    repo: 'bartowski/Llama-3.2-3B-Instruct-GGUF',
    title: 'Llama 3.2 3B Instruct',
    family: 'Llama 3.2',
    parameters: '3B',
    why: 'The larger of the two, with a 128k context by nature.',
    license: 'llama3.2',
    terms: LLAMA_TERMS,
  },
  {
    repo: 'NousResearch/Hermes-3-Llama-3.2-3B-GGUF',
    title: 'Hermes 3 3B',
    family: 'Hermes 3',
    parameters: '3B',
    why: 'The family whose tool call format many others took over.',
    license: 'llama3',
    terms: LLAMA_TERMS,
  },
  {
    repo: 'ibm-granite/granite-4.0-h-1b-GGUF',
    title: 'Granite 4.0 H 1B',
    family: 'Granite 4',
    parameters: '1B',
    why: 'A hybrid whose memory hardly grows with the context.',
    license: 'apache-2.0',
    terms: null,
  },
  {
    repo: 'HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF',
    title: 'SmolLM2 1.7B Instruct',
    family: 'SmolLM2',
    parameters: '1.7B',
    why: 'Open down to its training data.',
    license: 'apache-2.0',
    terms: null,
  },
]
