import type { SamplingParams } from '../../engine/engine.ts'

/** The likeliest token each time, and few of them. */
export const GREEDY: SamplingParams = {
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repeatPenalty: 1,
  seed: 1,
  maxTokens: 64,
}
