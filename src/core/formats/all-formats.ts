import type { FormatId, ToolCallFormat } from './format.ts'
import { hermes } from './hermes.ts'
import { llamaJson } from './llama-json.ts'
import { serverCalls } from './server-calls.ts'
import { xlam } from './xlam.ts'

/** Every format that models write, in the order of the menu. */
export const FORMATS: readonly ToolCallFormat[] = [xlam, hermes, llamaJson]

const BY_ID: Readonly<Record<FormatId, ToolCallFormat>> = {
  xlam,
  hermes,
  'llama-json': llamaJson,
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
