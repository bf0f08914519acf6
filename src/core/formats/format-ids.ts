import type { FormatId } from './format.ts'

/** The build breaks here when a format is added, so that none is forgotten when saved answers are read. */
const IDS: Readonly<Record<FormatId, true>> = {
  xlam: true,
  hermes: true,
  'llama-json': true,
  pythonic: true,
  'llama4-pythonic': true,
  lfm2: true,
  'smollm3-python': true,
  'qwen3-coder': true,
  'function-gemma': true,
  glm: true,
  'minimax-m2': true,
  'deepseek-dsml': true,
  server: true,
}

/** Names alone, for who must know a format without reading it. */
export const FORMAT_IDS = Object.keys(IDS) as readonly FormatId[]

export function isFormatId(value: unknown): value is FormatId {
  return typeof value === 'string' && Object.hasOwn(IDS, value)
}
