import type { FormatId, KnownFormatId } from './format.ts'

/** The build breaks here when a format is added, so that none is forgotten when saved answers are read. */
const IDS: Readonly<Record<KnownFormatId, true>> = {
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
  mistral: true,
  'mistral-id': true,
  'mistral-args': true,
  granite: true,
  'granite-code': true,
  'deepseek-v3': true,
  'deepseek-v31': true,
  'phi-4-mini': true,
  firefunction: true,
  'gpt-oss': true,
  hammer: true,
  smollm2: true,
  'functionary-v31': true,
  'functionary-v32': true,
  'command-r': true,
  'command-r7b': true,
  nemotron: true,
  apriel: true,
  'kimi-k2': true,
  server: true,
}

/** Names alone, for who must know a format without reading it. */
export const FORMAT_IDS = Object.keys(IDS) as readonly KnownFormatId[]

export function isFormatId(value: unknown): value is FormatId {
  return typeof value === 'string' && (Object.hasOwn(IDS, value) || value.startsWith('found:{'))
}
