import type { FormatId, KnownFormatId, ToolCallFormat } from './format.ts'
import { apriel } from './apriel.ts'
import { commandR } from './command-r.ts'
import { commandR7b } from './command-r7b.ts'
import { deepseekDsml } from './deepseek-dsml.ts'
import { deepseekV3 } from './deepseek-v3.ts'
import { deepseekV31 } from './deepseek-v31.ts'
import { firefunction } from './firefunction.ts'
import { foundFormatById } from './found-format.ts'
import { functionGemma } from './function-gemma.ts'
import { functionaryV31 } from './functionary-v31.ts'
import { functionaryV32 } from './functionary-v32.ts'
import { glm } from './glm.ts'
import { gptOss } from './gpt-oss.ts'
import { graniteCode } from './granite-code.ts'
import { granite } from './granite.ts'
import { hammer } from './hammer.ts'
import { hermes } from './hermes.ts'
import { kimiK2 } from './kimi-k2.ts'
import { lfm2 } from './lfm2.ts'
import { llamaJson } from './llama-json.ts'
import { llama4Pythonic } from './llama4-pythonic.ts'
import { minimaxM2 } from './minimax-m2.ts'
import { mistralArgs } from './mistral-args.ts'
import { mistralId } from './mistral-id.ts'
import { mistral } from './mistral.ts'
import { nemotron } from './nemotron.ts'
import { phi4Mini } from './phi4-mini.ts'
import { pythonic } from './pythonic.ts'
import { qwen3Coder } from './qwen3-coder.ts'
import { serverCalls } from './server-calls.ts'
import { smollm2 } from './smollm2.ts'
import { smollm3Python } from './smollm3-python.ts'
import { xlam } from './xlam.ts'

/** Every format that models write, in the order of the menu. */
export const FORMATS: readonly ToolCallFormat[] = [
  xlam,
  hermes,
  llamaJson,
  mistral,
  mistralId,
  mistralArgs,
  granite,
  graniteCode,
  deepseekV3,
  deepseekV31,
  phi4Mini,
  firefunction,
  gptOss,
  hammer,
  smollm2,
  functionaryV31,
  functionaryV32,
  commandR,
  commandR7b,
  nemotron,
  apriel,
  kimiK2,
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

const BY_ID: Readonly<Record<KnownFormatId, ToolCallFormat>> = {
  xlam,
  hermes,
  'llama-json': llamaJson,
  mistral,
  'mistral-id': mistralId,
  'mistral-args': mistralArgs,
  granite,
  'granite-code': graniteCode,
  'deepseek-v3': deepseekV3,
  'deepseek-v31': deepseekV31,
  'phi-4-mini': phi4Mini,
  firefunction,
  'gpt-oss': gptOss,
  hammer,
  smollm2,
  'functionary-v31': functionaryV31,
  'functionary-v32': functionaryV32,
  'command-r': commandR,
  'command-r7b': commandR7b,
  nemotron,
  apriel,
  'kimi-k2': kimiK2,
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
  return findFormatById(id) ?? xlam
}

/** The format with this id; null when the text is no format's id. */
export function findFormatById(id: string): ToolCallFormat | null {
  return isKnownId(id) ? BY_ID[id] : foundFormatById(id)
}

function isKnownId(id: string): id is KnownFormatId {
  return Object.hasOwn(BY_ID, id)
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
