import { isJsonObject } from '../lib/json.ts'

/** What `tokenizer_config.json` says of prompts. */
export type TokenizerConfig = {
  /** The Jinja source; of several named ones that for tools, else the default one. Null when there is none. */
  readonly chatTemplate: string | null
  /** Texts of the special tokens, '' when the model has none. */
  readonly bosToken: string
  readonly eosToken: string
}

/**
 * Reads a model's `tokenizer_config.json`; null when it is no JSON object.
 *
 * Format: https://huggingface.co/docs/transformers/chat_templating_writing
 */
export function readTokenizerConfig(text: string): TokenizerConfig | null {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    return null
  }
  if (!isJsonObject(root)) return null
  return {
    chatTemplate: templateOf(root['chat_template']),
    bosToken: tokenText(root['bos_token']),
    eosToken: tokenText(root['eos_token']),
  }
}

function templateOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  if (!Array.isArray(value)) return null
  const named = (wanted: string) =>
    value.find((entry) => isJsonObject(entry) && entry['name'] === wanted)?.template
  const found: unknown = named('tool_use') ?? named('default')
  return typeof found === 'string' ? found : null
}

/** A text, or an "added token" with its flags. */
function tokenText(value: unknown): string {
  if (typeof value === 'string') return value
  return isJsonObject(value) && typeof value['content'] === 'string' ? value['content'] : ''
}
