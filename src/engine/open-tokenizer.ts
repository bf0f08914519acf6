import type { ModelFiles } from '../core/gguf/model-files.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import type { TokenizerProblem } from '../core/tokenizer/create-tokenizer.ts'
import type { FromTokenizer, ToTokenizer } from './tokenizer/protocol.ts'

/** The model's tokenizer in JavaScript, in a worker of its own: it counts while the engine is busy. */
export type PromptTokenizer = {
  /** Where each token of `text` ends, in UTF-16 units; null when the tokens do not add up to the text. */
  readonly ends: (text: string) => Promise<Uint32Array | null>
  readonly close: () => void
}

/** Reads the vocabulary out of the model's first file, which takes a moment for a large one, and never the weights. */
export async function openTokenizer(
  files: ModelFiles,
): Promise<Result<PromptTokenizer, TokenizerProblem>> {
  const [source] = files.shards
  if (!source) return err({ kind: 'no-vocabulary' })
  const worker = new Worker(new URL('./tokenizer/tokenizer.worker.ts', import.meta.url), {
    type: 'module',
    name: 'tokenizer',
  })
  const waiting = new Map<number, (ends: Uint32Array | null) => void>()
  const post = (message: ToTokenizer) => worker.postMessage(message)
  const problem = await new Promise<TokenizerProblem | null>((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<FromTokenizer>) => {
      if (data.type === 'opened') return resolve(data.problem)
      waiting.get(data.id)?.(data.ends)
      waiting.delete(data.id)
    })
    worker.addEventListener('error', ({ message }) => {
      resolve({ kind: 'failed', detail: message || 'its script could not be fetched' })
      close()
    })
    post({ type: 'open', source, header: files.header })
  })

  function close(): void {
    worker.terminate()
    for (const settle of waiting.values()) settle(null)
    waiting.clear()
  }

  if (problem) {
    close()
    return err(problem)
  }
  let nextId = 1
  return ok({
    ends(text) {
      const id = nextId++
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        post({ type: 'cut', id, text })
      })
    },
    close,
  })
}
