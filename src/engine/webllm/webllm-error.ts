import type { EngineError } from '../engine.ts'

const CONTEXT_EXCEEDED = /number of prompt tokens: (\d+); context window size: (\d+)/
const DEVICE_LOST = /Device ?Lost|Device was lost|device is lost|GPUDevice.*(lost|destroyed)/i
const OUT_OF_MEMORY =
  /out of memory|OutOfMemory|allocation failed|createBuffer failed|could not allocate memory/i
/** Names of WebLLM's errors that are about what this machine or this model cannot do. */
const UNSUPPORTED =
  /ShaderF16Support|FeatureSupport|WebGPUNotAvailable|WebGPUNotFound|Unable to find a compatible GPU|exceeds limit|UnsupportedTokenizerFiles|UnsupportedModelId|WindowSize|ArtifactManifest|Cannot find (function|global function)/
const GRAMMAR = /GrammarMatcher|grammar matcher/i
const NETWORK = /Failed to fetch|NetworkError|Cannot fetch|Cache\.add|Request failed|Load failed/i
const CORRUPT =
  /Tensor|tensor-cache|JSON|CompileError|LinkError|WebAssembly\.(instantiate|Module)|Integrity|Invalid typed array|offset is out of bounds/

/**
 * What something that WebLLM threw means. Behind its own worker handler errors arrive as strings, and some parts of it throw
 * strings, so only the text counts.
 */
export function webllmError(thrown: unknown): EngineError {
  const text = textOf(thrown)
  const [, promptTokens, contextLength] = CONTEXT_EXCEEDED.exec(text) ?? []
  if (promptTokens !== undefined) {
    return {
      kind: 'context-exceeded',
      promptTokens: Number(promptTokens),
      contextLength: Number(contextLength),
    }
  }
  const detail = firstLine(text)
  if (GRAMMAR.test(text)) return { kind: 'bad-constraint', detail }
  if (OUT_OF_MEMORY.test(text)) return { kind: 'out-of-memory', neededBytes: null }
  if (DEVICE_LOST.test(text)) return { kind: 'device-lost', detail }
  if (UNSUPPORTED.test(text)) return { kind: 'unsupported', detail }
  if (NETWORK.test(text)) return { kind: 'network', detail }
  if (CORRUPT.test(text)) return { kind: 'corrupt-model', detail }
  return { kind: 'crashed', detail }
}

function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.name === 'Error' ? thrown.message : `${thrown.name}: ${thrown.message}`
}

const LONGEST_DETAIL = 300

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, LONGEST_DETAIL)
}
