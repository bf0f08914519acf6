import { isJsonObject, type JsonObject } from '../lib/json.ts'
import { err, ok, type Result } from '../lib/result.ts'

/**
 * A model in the form that MLC LLM compiles for WebLLM: weights in shards, a tokenizer, and a library of GPU programs that
 * fits the architecture and the quantization.
 */
export type MlcModel = {
  /** Unique among the models; its settings are kept under it. */
  readonly name: string
  /** The folder of its files: absolute, with `/resolve/<revision>/` at its end. */
  readonly modelUrl: string
  /** The compiled library, a `.wasm`. */
  readonly libraryUrl: string
  readonly needsShaderF16: boolean
}

/** What the files of a model say. */
export type MlcModelFacts = {
  /** Of all weights. */
  readonly sizeBytes: number
  readonly config: MlcConfig
  /** The Jinja source, or null. */
  readonly chatTemplate: string | null
  readonly bosToken: string
  readonly eosToken: string
}

/** The part of `mlc-chat-config.json` that is used. */
export type MlcConfig = {
  /** Such as `qwen2`. */
  readonly architecture: string
  /** The most tokens that the model was made for. */
  readonly contextLength: number
  /** Null when it does not say. */
  readonly layers: number | null
  /** The tokens that end an answer. */
  readonly stopTokenIds: readonly number[]
  readonly tokenizerFile: 'tokenizer.json' | 'tokenizer.model'
}

/** One file of weights. */
export type MlcShard = {
  readonly path: string
  readonly sizeBytes: number
  /** Of the file, in hexadecimal; null when the list does not tell. */
  readonly md5: string | null
}

/**
 * Reads `mlc-chat-config.json`; the error is a sentence.
 *
 * Format: https://llm.mlc.ai/docs/deploy/mlc_chat_config.html
 */
export function readMlcConfig(text: string): Result<MlcConfig, string> {
  const root = parseObject(text)
  if (!root) return err('mlc-chat-config.json is no JSON object.')
  const template = root['conv_template']
  const ids = isJsonObject(template) ? template['stop_token_ids'] : undefined
  const stopTokenIds = Array.isArray(ids) ? ids.filter((id) => Number.isInteger(id)) : []
  if (stopTokenIds.length === 0) {
    return err('mlc-chat-config.json names no tokens that end an answer (stop_token_ids).')
  }
  const files = root['tokenizer_files']
  const tokenizerFile = (['tokenizer.json', 'tokenizer.model'] as const).find(
    (name) => Array.isArray(files) && files.includes(name),
  )
  if (!tokenizerFile) return err('mlc-chat-config.json names no tokenizer that can be read.')
  const model = isJsonObject(root['model_config']) ? root['model_config'] : {}
  const contextLength =
    positive(root['context_window_size']) ??
    positive(model['context_window_size']) ??
    positive(root['sliding_window_size'])
  if (contextLength === null) return err('mlc-chat-config.json gives no context_window_size.')
  return ok({
    architecture: typeof root['model_type'] === 'string' ? root['model_type'] : 'unknown',
    contextLength,
    layers: positive(model['num_hidden_layers']),
    stopTokenIds,
    tokenizerFile,
  })
}

/** Reads `tensor-cache.json`, the list of the files of weights; the error is a sentence. */
export function readTensorCache(text: string): Result<readonly MlcShard[], string> {
  const records = parseObject(text)?.['records']
  if (!Array.isArray(records) || records.length === 0) {
    return err('tensor-cache.json lists no files of weights.')
  }
  const shards: MlcShard[] = []
  for (const record of records) {
    if (!isJsonObject(record)) return err('tensor-cache.json has an entry that is no object.')
    const { dataPath, nbytes, md5sum } = record
    const sizeBytes = positive(nbytes)
    if (typeof dataPath !== 'string' || !isPlainPath(dataPath) || sizeBytes === null) {
      return err('tensor-cache.json has an entry without a path and a size.')
    }
    shards.push({
      path: dataPath,
      sizeBytes,
      md5: typeof md5sum === 'string' && /^[\da-f]{32}$/i.test(md5sum) ? md5sum : null,
    })
  }
  return ok(shards)
}

/** The path of a file in the model's own folder. */
function isPlainPath(path: string): boolean {
  return /^[\w][\w./-]*$/.test(path) && !path.includes('..')
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}
