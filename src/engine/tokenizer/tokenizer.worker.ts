import { readVocabulary } from '../../core/gguf/read-vocabulary.ts'
import { createTokenizer, type TextTokenizer } from '../../core/tokenizer/create-tokenizer.ts'
import type { FromTokenizer, ToTokenizer } from './protocol.ts'

let tokenizer: TextTokenizer | null = null

const reply = (message: FromTokenizer) => self.postMessage(message)

self.addEventListener('message', (event: MessageEvent<ToTokenizer>) => void take(event.data))

async function take(message: ToTokenizer): Promise<void> {
  if (message.type === 'cut') {
    const { id, text } = message
    reply({ type: 'ends', id, ends: tokenizer?.ends(text) ?? null })
    return
  }
  const vocabulary = await readVocabulary(message.source, message.header)
  if (!vocabulary.ok) return reply({ type: 'opened', problem: { kind: 'no-vocabulary' } })
  const created = createTokenizer(message.header, vocabulary.value)
  if (created.ok) tokenizer = created.value
  reply({ type: 'opened', problem: created.ok ? null : created.error })
}
