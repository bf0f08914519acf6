import { describe, expect, it } from 'vitest'
import { writeGguf, type GgufValue } from '../core/gguf/__fixtures__/write-gguf.ts'
import { findLocalModels } from './find-local-models.ts'

type Metadata = Readonly<Record<string, GgufValue>>

const LLAMA: Metadata = { 'general.architecture': { type: 'string', value: 'llama' } }

const file = (name: string, metadata: Metadata = LLAMA) => {
  const tensors = [{ name: `w of ${name}`, shape: [64], type: 'f32' } as const]
  return new File([writeGguf({ metadata, tensors }) as BlobPart], name)
}

const shard = (name: string, index: number) =>
  file(`${name}-0000${index + 1}-of-00002.gguf`, {
    ...(index === 0 && LLAMA),
    'split.no': { type: 'u16', value: index },
    'split.count': { type: 'u16', value: 2 },
    'split.tensors.count': { type: 'i32', value: 2 },
  })

const at = (file: File, path = file.name) => ({ file, path })

/** Name, file names and what is wrong with each. */
async function found(files: readonly File[]) {
  const models = await findLocalModels(files.map((one) => at(one)))
  return models.map((model) => [
    model.name,
    model.files.map(({ path }) => path),
    model.problem?.kind ?? null,
  ])
}

describe('findLocalModels', () => {
  it('finds each model with all of its shards', async () => {
    const files = [shard('m', 1), file('b.gguf'), shard('m', 0), file('a.gguf')]
    expect(await found(files)).toEqual([
      ['a', ['a.gguf'], null],
      ['b', ['b.gguf'], null],
      ['m', ['m-00002-of-00002.gguf', 'm-00001-of-00002.gguf'], null],
    ])
    const [, , sharded] = await findLocalModels(files.map((one) => at(one)))
    expect(sharded?.sizeBytes).toBe((files[0]?.size ?? 0) + (files[2]?.size ?? 0))
  })

  it('says what is wrong with one and offers the others', async () => {
    const projector = file('mmproj.gguf', {
      ...LLAMA,
      'general.type': { type: 'string', value: 'mmproj' },
    })
    const cutOff = new File([file('c.gguf').slice(0, -200)], 'c.gguf')
    const text = new File(['no model'], 'text.gguf')
    expect(await found([projector, text, cutOff, file('a.gguf'), shard('m', 0)])).toEqual([
      ['a', ['a.gguf'], null],
      ['c', ['c.gguf'], 'cut-off'],
      ['m', ['m-00001-of-00002.gguf'], 'missing-shards'],
      ['mmproj', ['mmproj.gguf'], 'not-a-language-model'],
      ['text', ['text.gguf'], 'not-gguf'],
    ])
  })

  it('keeps models of one name apart by their folders', async () => {
    const models = await findLocalModels([
      at(shard('m', 0), 'new/m-00001-of-00002.gguf'),
      at(file('a.gguf'), 'new/a.gguf'),
      at(shard('m', 1), 'old/m-00002-of-00002.gguf'),
      at(shard('m', 1), 'new/m-00002-of-00002.gguf'),
      at(file('a.gguf'), 'old/deep/a.gguf'),
      at(shard('m', 0), 'old/m-00001-of-00002.gguf'),
      at(file('a.gguf')),
    ])
    const seen = models.map(({ name, folder, files, problem }) => [
      folder,
      name,
      files.map(({ path }) => path).toSorted(),
      problem,
    ])
    expect(seen).toEqual([
      ['', 'a', ['a.gguf'], null],
      ['new', 'a', ['new/a.gguf'], null],
      ['old/deep', 'a', ['old/deep/a.gguf'], null],
      ['new', 'm', ['new/m-00001-of-00002.gguf', 'new/m-00002-of-00002.gguf'], null],
      ['old', 'm', ['old/m-00001-of-00002.gguf', 'old/m-00002-of-00002.gguf'], null],
    ])
  })

  it('offers each of several files of one name whose folders are not known', async () => {
    expect(await found([file('a.gguf'), file('a.gguf')])).toEqual([
      ['a', ['a.gguf'], null],
      ['a', ['a.gguf'], null],
    ])
  })

  it('finds nothing in nothing', async () => {
    expect(await found([])).toEqual([])
  })
})
