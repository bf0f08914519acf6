import type { FormatId, ToolCallFormat } from './format.ts'
import { deepseekDsml } from './deepseek-dsml.ts'
import { functionGemma } from './function-gemma.ts'
import { glm } from './glm.ts'
import { hermes } from './hermes.ts'
import { lfm2 } from './lfm2.ts'
import { llamaJson } from './llama-json.ts'
import { llama4Pythonic } from './llama4-pythonic.ts'
import { minimaxM2 } from './minimax-m2.ts'
import { pythonic } from './pythonic.ts'
import { qwen3Coder } from './qwen3-coder.ts'
import { serverCalls } from './server-calls.ts'
import { smollm3Python } from './smollm3-python.ts'
import { xlam } from './xlam.ts'

/** Every format that models write, in the order of the menu. */
export const FORMATS: readonly ToolCallFormat[] = [
  xlam,
  hermes,
  llamaJson,
  pythonic,
  llama4Pythonic,
  lfm2,
  smollm3Python,
  qwen3Coder,
  functionGemma,
  glm,
  minimaxM2,
  deepseekDsml,
]

const BY_ID: Readonly<Record<FormatId, ToolCallFormat>> = {
  xlam,
  hermes,
  'llama-json': llamaJson,
  pythonic,
  'llama4-pythonic': llama4Pythonic,
  lfm2,
  'smollm3-python': smollm3Python,
  'qwen3-coder': qwen3Coder,
  'function-gemma': functionGemma,
  glm,
  'minimax-m2': minimaxM2,
  'deepseek-dsml': deepseekDsml,
  server: serverCalls,
}

export function formatById(id: FormatId): ToolCallFormat {
  return BY_ID[id]
}

export type DetectedFormat = {
  readonly format: ToolCallFormat
  /** False when the template says little or nothing: the user should be asked to choose. */
  readonly certain: boolean
}

/** The format that a model's chat template speaks; xLAM, the most tolerant one, when the template does not tell. */
export function detectFormat(chatTemplate: string | null): DetectedFormat {
  const ranked = FORMATS.map((format) => ({ format, fit: format.detect(chatTemplate ?? '') }))
  const best = ranked.reduce((first, next) => (next.fit > first.fit ? next : first))
  return { format: best.format, certain: best.fit >= 0.5 }
}
