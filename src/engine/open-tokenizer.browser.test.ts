import { describe, expect, it } from 'vitest'
import { readGgufHeader } from '../core/gguf/read-gguf-header.ts'
import { createEngine } from './create-engine.ts'
import { openTokenizer } from './open-tokenizer.ts'
import { LOAD_OPTIONS } from './__fixtures__/scripted-model.ts'

const never = new AbortController().signal

const PROMPTS = [
  'Hello',
  "<|im_start|>system\nYou are helpful.<|im_end|>\n<|im_start|>user\nIt's 25 °C in Łódź, isn't it?<|im_end|>\n<|im_start|>assistant\n",
  '[{"name": "get_weather", "arguments": {"location": "Oslo", "days": 14, "units": ["c", "f"]}}]',
  '  two  spaces\n\n\ttabs\r\nand 日本語 🦜🏳️‍🌈\n   \n',
  "I'll we've THEY'RE don't\u00a0can't x=1;y<=2 //comment 3.14159e-10",
]

async function filesOf(url: string) {
  const response = await fetch(url)
  const file = new File([await response.blob()], 'model.gguf')
  const header = await readGgufHeader(file)
  return header.ok
    ? { name: 'model', shards: [file], sizeBytes: file.size, header: header.value }
    : null
}

/** Opt-in: a real model, served by the test's own server. */
const OTHER_MODEL = String(import.meta.env['VITE_TOKENIZER_MODEL'] ?? '')

async function expectEqualCounts(url: string): Promise<void> {
  const files = await filesOf(url)
  if (!files) throw new Error(`${url} is no model`)
  const opened = await openTokenizer(files)
  const engine = await createEngine(
    { engine: 'wllama', files, options: { ...LOAD_OPTIONS, contextLength: 512 } },
    () => undefined,
    never,
  )
  if (!opened.ok || !engine.ok) throw new Error('not opened')
  try {
    for (const prompt of PROMPTS) {
      const ends = await opened.value.ends(prompt)
      const counted = await engine.value.countTokens(prompt, never)
      expect([prompt, ends?.length]).toEqual([prompt, counted.ok ? counted.value : null])
      expect(ends?.at(-1)).toBe(prompt.length)
    }
  } finally {
    opened.value.close()
    await engine.value.unload()
  }
}

const TIMEOUT = { timeout: 180_000 }

describe('the tokenizer in JavaScript', () => {
  it('counts what the engine counts, for the built-in model', TIMEOUT, () =>
    expectEqualCounts('/models/callground-nano.gguf'),
  )

  it.skipIf(OTHER_MODEL === '')(
    'counts what the engine counts, for the model at VITE_TOKENIZER_MODEL',
    TIMEOUT,
    () => expectEqualCounts(OTHER_MODEL),
  )

  it('says why it cannot, for a vocabulary that it does not know', TIMEOUT, async () => {
    const files = await filesOf('/models/callground-nano.gguf')
    if (!files) throw new Error('no model')
    const metadata = new Map([...files.header.metadata, ['tokenizer.ggml.model', 't5'] as const])
    const opened = await openTokenizer({ ...files, header: { ...files.header, metadata } })
    expect(opened).toEqual({ ok: false, error: { kind: 'unknown-model', name: 't5' } })
  })
})
