/** Stretches the positions of a model beyond those it was trained on. Paper: https://arxiv.org/abs/2309.00071 */
export type YarnScaling = {
  /** How many times longer the context gets, more than 1. */
  readonly factor: number
  /** Tokens that the positions were trained on. */
  readonly originalContext: number
}

export type YarnSuggestion = {
  readonly scaling: YarnScaling
  /** True when the model's makers give these very numbers. */
  readonly isDocumented: boolean
}

/**
 * Qwen2.5 and Qwen3, and what was trained on them (xLAM-2 1b and 3b): 32,768 tokens, and 131,072 by a factor of 4.
 * Source: "Processing Long Texts" in their model cards; the GGUF files do not say it.
 */
const QWEN: YarnScaling = { factor: 4, originalContext: 32_768 }
const QWEN_ARCHITECTURES: ReadonlySet<string> = new Set(['qwen2', 'qwen2moe', 'qwen3', 'qwen3moe'])
/** Qwen3's files say 40,960: 32,768 for the prompt and 8,192 for the answer. */
const QWEN_CONTEXTS: ReadonlySet<number> = new Set([32_768, 40_960])

/** What to offer when the user wants a longer context. */
export function suggestYarn(architecture: string, trainedContextLength: number): YarnSuggestion {
  const isQwen = QWEN_ARCHITECTURES.has(architecture) && QWEN_CONTEXTS.has(trainedContextLength)
  if (isQwen) return { scaling: QWEN, isDocumented: true }
  return {
    scaling: { factor: 2, originalContext: trainedContextLength },
    isDocumented: false,
  }
}

/** The longest context that llama.cpp gives the model: with YaRN what it makes of the original one, else the trained one. */
export function contextLimit(
  trainedContextLength: number | null,
  yarn: YarnScaling | null,
): number | null {
  return yarn ? Math.floor(yarn.factor * yarn.originalContext) : trainedContextLength
}
