import type { Tokenizer } from '@mlc-ai/web-tokenizers'
import type { MlcModel, MlcModelFacts } from '../../core/mlc/mlc-model.ts'

/** Where WebLLM keeps weights and tokenizer. */
const MODEL_CACHE = 'webllm/model'

/**
 * Counts with the library and the file that WebLLM uses itself, which it does not share. Both are read at the first count.
 * No special tokens are added, as WebLLM adds none.
 */
export function createTokenCounter({
  modelUrl,
  config,
}: MlcModel & Pick<MlcModelFacts, 'config'>): (text: string) => Promise<number> {
  let opening: Promise<Tokenizer> | null = null

  async function open(): Promise<Tokenizer> {
    const { Tokenizer } = await import('@mlc-ai/web-tokenizers')
    const url = new URL(config.tokenizerFile, modelUrl)
    const cache = await caches.open(MODEL_CACHE)
    const response = await cache.match(url)
    if (!response) throw new Error(`Cannot fetch ${url.href}: it is not in the cache.`)
    const bytes = await response.arrayBuffer()
    return config.tokenizerFile === 'tokenizer.json'
      ? Tokenizer.fromJSON(bytes)
      : Tokenizer.fromSentencePiece(bytes)
  }

  return async (text) => {
    // Asked again after a failure.
    opening ??= open().catch((cause: unknown) => {
      opening = null
      throw cause
    })
    const tokenizer = await opening
    return text === '' ? 0 : tokenizer.encode(text).length
  }
}
