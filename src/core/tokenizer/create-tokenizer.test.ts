import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGgufHeader } from '../gguf/read-gguf-header.ts'
import { readVocabulary, type GgufVocabulary } from '../gguf/read-vocabulary.ts'
import { createTokenizer, type TextTokenizer } from './create-tokenizer.ts'

const NANO = new URL('../../../public/models/callground-nano.gguf', import.meta.url)

async function openModel(path: URL | string) {
  const file = new File([readFileSync(path)], 'model.gguf')
  const header = await readGgufHeader(file)
  if (!header.ok) throw new Error(header.error.kind)
  const vocabulary = await readVocabulary(file, header.value)
  if (!vocabulary.ok) throw new Error(vocabulary.error.kind)
  return { header: header.value, vocabulary: vocabulary.value }
}

async function tokenizerOf(path: URL | string): Promise<TextTokenizer> {
  const { header, vocabulary } = await openModel(path)
  const tokenizer = createTokenizer(header, vocabulary)
  if (!tokenizer.ok) throw new Error(tokenizer.error.kind)
  return tokenizer.value
}

function pieces({ ends }: TextTokenizer, text: string): readonly string[] | null {
  const at = ends(text)
  return at && Array.from(at, (end, index) => text.slice(at[index - 1] ?? 0, end))
}

describe('the tokenizer of the built-in model', async () => {
  const tokenizer = await tokenizerOf(NANO)

  it('keeps special tokens whole, and digits and words apart', () => {
    expect(pieces(tokenizer, '<|im_start|>user\n12<|im_end|>')).toEqual([
      '<|im_start|>',
      ...(pieces(tokenizer, 'user') ?? []),
      '\n',
      '1',
      '2',
      '<|im_end|>',
    ])
  })

  it('gives a character of several tokens to the last of them', () => {
    const parts = pieces(tokenizer, '🦜')
    expect(parts?.join('')).toBe('🦜')
    expect(parts?.slice(0, -1).every((part) => part === '')).toBe(true)
  })

  it('covers any text without a gap', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(pieces(tokenizer, text)?.join('')).toBe(text)
      }),
    )
  })
})

describe('a SentencePiece vocabulary', async () => {
  const { header } = await openModel(NANO)
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  )
  const words = ['▁', 'a', 'b', 'c', 'ab', 'bc', '▁a', '▁ab', 'abc']
  const vocabulary: GgufVocabulary = {
    tokens: ['<unk>', '<s>', '</s>', ...bytes, ...words],
    types: [2, 3, 3, ...bytes.map(() => 6), ...words.map(() => 1)],
    scores: [0, 0, 0, ...bytes.map(() => 0), -9, -9, -9, -9, -2, -1, -5, -4, -6],
    merges: [],
  }
  const model = (addsSpace: boolean) => {
    const metadata = new Map([
      ...header.metadata,
      ['tokenizer.ggml.model', 'llama'] as const,
      ['tokenizer.ggml.add_space_prefix', addsSpace] as const,
    ])
    const tokenizer = createTokenizer({ ...header, metadata }, vocabulary)
    if (!tokenizer.ok) throw new Error(tokenizer.error.kind)
    return tokenizer.value
  }

  it('merges the highest score first', () => {
    // `bc` scores higher than `ab`, so `abc` is not `ab` and `c`.
    expect(pieces(model(false), 'abcab')).toEqual(['abc', 'ab'])
    expect(pieces(model(false), 'bab c')).toEqual(['b', 'ab', ' ', 'c'])
  })

  it('has a space in front that is not in the text, and again after a special token', () => {
    expect(pieces(model(true), 'ab</s>ab c')).toEqual(['ab', '</s>', 'ab', ' ', 'c'])
  })

  it('falls back to bytes', () => {
    expect(pieces(model(false), 'aé')).toEqual(['a', '', 'é'])
  })
})

describe('a vocabulary that is not known here', async () => {
  const { header, vocabulary } = await openModel(NANO)
  const refused = (key: string, value: string) => {
    const metadata = new Map([...header.metadata, [`tokenizer.ggml.${key}`, value] as const])
    const made = createTokenizer({ ...header, metadata }, vocabulary)
    return made.ok ? null : made.error
  }

  it('is refused by its name', () => {
    expect(refused('model', 't5')).toEqual({ kind: 'unknown-model', name: 't5' })
    expect(refused('pre', 'new')).toEqual({ kind: 'unknown-pre-tokenizer', name: 'new' })
  })
})

const SMOLLM2 = process.env['SMOLLM2_GGUF'] ?? ''

describe.skipIf(!existsSync(SMOLLM2))('SmolLM2-135M (set SMOLLM2_GGUF to its file)', () => {
  it('is cut as its authors cut it', async () => {
    const tokenizer = await tokenizerOf(SMOLLM2)
    expect(pieces(tokenizer, "<|im_start|>user\nIt's 2026!")).toEqual([
      '<|im_start|>',
      'user',
      '\n',
      'It',
      "'s",
      ' ',
      '2',
      '0',
      '2',
      '6',
      '!',
    ])
  })
})
