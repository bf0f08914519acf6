import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  writeGguf,
  type GgufContent,
  type GgufValue,
} from '../core/gguf/__fixtures__/write-gguf.ts'
import { CPU_HEAP_BYTES, openLocalModel } from './local-model.ts'

const NANO = readFileSync(new URL('../../public/models/callground-nano.gguf', import.meta.url))

type Metadata = Readonly<Record<string, GgufValue>>

const LLAMA: Metadata = { 'general.architecture': { type: 'string', value: 'llama' } }
const TENSOR = { name: 'w', shape: [64], type: 'f32' } as const

const file = (name: string, content: Partial<GgufContent> = {}) =>
  new File([writeGguf({ metadata: LLAMA, tensors: [TENSOR], ...content }) as BlobPart], name)

const textFile = (name: string, text: string) => new File([text], name)

/** Three shards as gguf-split writes them: only the first one has the metadata of the model. */
function shards(name: string, tensorCount = 3): readonly File[] {
  return [0, 1, 2].map((index) =>
    file(`${name}-0000${index + 1}-of-00003.gguf`, {
      metadata: { ...(index === 0 && LLAMA), ...split(index, 3, tensorCount) },
      tensors: [{ ...TENSOR, name: `w${index}` }],
    }),
  )
}

function split(index: number, count: number, tensorCount: number): Metadata {
  return {
    'split.no': { type: 'u16', value: index },
    'split.count': { type: 'u16', value: count },
    'split.tensors.count': { type: 'i32', value: tensorCount },
  }
}

async function names(files: readonly File[]) {
  const opened = await openLocalModel(files)
  return opened.ok ? opened.value.shards.map((shard) => shard.name) : opened.error
}

describe('openLocalModel', () => {
  it('opens the built-in model', async () => {
    const nano = new File([NANO], 'x.gguf')
    expect(await openLocalModel([nano])).toMatchObject({
      ok: true,
      value: { name: 'Callground Nano', shards: [nano], sizeBytes: NANO.length },
    })
  })

  it('names a model after its file when it has no name of its own', async () => {
    expect(await openLocalModel([file('My Model-Q4_0.GGUF')])).toMatchObject({
      value: { name: 'My Model-Q4_0' },
    })
    expect(await openLocalModel(shards('big'))).toMatchObject({ value: { name: 'big' } })
  })

  it('puts shards in order, whatever the order they came in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...shards('m')], { minLength: 3 }),
        async (shuffled) => {
          const opened = await openLocalModel(shuffled)
          expect(opened).toMatchObject({ ok: true, value: { header: { architecture: 'llama' } } })
          expect(opened.ok && opened.value.shards.map(({ name }) => name)).toEqual([
            'm-00001-of-00003.gguf',
            'm-00002-of-00003.gguf',
            'm-00003-of-00003.gguf',
          ])
          expect(opened.ok && opened.value.sizeBytes).toBe(
            shuffled.reduce((sum, { size }) => sum + size, 0),
          )
        },
      ),
      { numRuns: 10 },
    )
  })

  it('goes by the header for renamed shards, and by the name without split metadata', async () => {
    const [a, b, c] = shards('m').map(
      (shard, index) => new File([shard], `part ${'zxy'[index]}.gguf`),
    )
    expect(a && b && c && (await names([c, a, b]))).toEqual([
      'part z.gguf',
      'part x.gguf',
      'part y.gguf',
    ])
    const plain = [file('p-00002-of-00002.gguf', { metadata: {} }), file('p-00001-of-00002.gguf')]
    expect(await names(plain)).toEqual(['p-00001-of-00002.gguf', 'p-00002-of-00002.gguf'])
  })

  it('takes a file with an impossible shard number for a whole model', async () => {
    expect(await names([file('a-00004-of-00003.gguf')])).toEqual(['a-00004-of-00003.gguf'])
    expect(await names([file('a-00000-of-00000.gguf')])).toEqual(['a-00000-of-00000.gguf'])
    const lone = { ...LLAMA, ...split(7, 3, 1) }
    expect(await names([file('a.gguf', { metadata: lone })])).toEqual(['a.gguf'])
  })

  it('speaks of the tensors of all shards, and of the metadata of the first', async () => {
    const [first, second, third] = shards('m')
    const opened = first && second && third && (await openLocalModel([third, first, second]))
    if (!opened?.ok) throw new Error('not opened')
    const { header } = opened.value
    expect(header.architecture).toBe('llama')
    expect(header.tensors).toHaveLength(3)
    expect(header.tensorCount).toBe(3)
  })

  it('names the missing shards', async () => {
    const [first, , third] = shards('m')
    expect(first && (await names([first]))).toEqual({
      kind: 'missing-shards',
      missing: ['m-00002-of-00003.gguf', 'm-00003-of-00003.gguf'],
      count: 3,
    })
    expect(third && first && (await names([third, first]))).toEqual({
      kind: 'missing-shards',
      missing: ['m-00002-of-00003.gguf'],
      count: 3,
    })
  })

  it('names duplicates', async () => {
    const all = shards('m')
    const again = new File([all[1] ?? ''], 'm-00002-of-00003 (1).gguf')
    expect(await names([...all, again])).toEqual({
      kind: 'duplicate-shards',
      files: ['m-00002-of-00003.gguf', 'm-00002-of-00003 (1).gguf'],
    })
    expect(await names([file('a.gguf'), file('a.gguf')])).toEqual({
      kind: 'duplicate-shards',
      files: ['a.gguf', 'a.gguf'],
    })
  })

  it('asks to pick one of several models', async () => {
    const several = (models: readonly string[]) => ({ kind: 'several-models', models })
    expect(await names([file('a.gguf'), file('b.gguf')])).toEqual(several(['a', 'b']))
    expect(await names([...shards('m'), file('b.gguf')])).toEqual(several(['m', 'b']))
    expect(await names([...shards('m-q4'), ...shards('m-q8')])).toEqual(several(['m-q4', 'm-q8']))
  })

  it('refuses shards whose tensors do not add up', async () => {
    expect(await names(shards('m', 5))).toEqual({
      kind: 'shards-do-not-fit',
      expectedTensors: 5,
      actualTensors: 3,
    })
  })

  it('refuses what is no language model, by name', async () => {
    const other = (what: string) => ({ kind: 'not-a-language-model', file: 'x.gguf', what })
    const withType = (value: string): Metadata => ({
      ...LLAMA,
      'general.type': { type: 'string', value },
    })
    const clip: Metadata = { 'general.architecture': { type: 'string', value: 'clip' } }
    expect(await names([file('a.gguf'), file('x.gguf', { metadata: clip })])).toEqual(
      other('vision-projector'),
    )
    expect(await names([file('x.gguf', { metadata: withType('mmproj') })])).toEqual(
      other('vision-projector'),
    )
    expect(await names([file('x.gguf', { metadata: withType('adapter') })])).toEqual(
      other('adapter'),
    )
    expect(await names([file('x.gguf', { metadata: withType('imatrix') })])).toEqual(
      other('importance-matrix'),
    )
    expect(await names([file('x.gguf', { tensors: [] })])).toEqual(other('vocabulary'))
    expect(await names([file('x.gguf', { metadata: withType('model') })])).toEqual(['x.gguf'])
  })

  it('refuses what is no GGUF, or one that cannot be read', async () => {
    expect(await names([])).toEqual({ kind: 'no-files' })
    expect(await names([file('a.gguf'), textFile('b.gguf', '<!doctype html>')])).toEqual({
      kind: 'not-gguf',
      file: 'b.gguf',
      looksLike: 'html',
    })
    expect(await names([file('old.gguf', { version: 1 })])).toEqual({
      kind: 'unsupported-version',
      file: 'old.gguf',
      version: 1,
      byteOrder: 'little-endian',
    })
    expect(await names([file('x.gguf', { metadata: {} })])).toMatchObject({
      kind: 'corrupt',
      file: 'x.gguf',
    })
    expect(
      await names([textFile('x.gguf', `GGUF\u0003\0\0\0${'\u0001'.repeat(16)}`)]),
    ).toMatchObject({
      kind: 'corrupt',
      file: 'x.gguf',
    })
  })

  it('says how much of a cut-off file is missing', async () => {
    const expectedBytes = NANO.length
    for (const length of [expectedBytes - 1, 500_000, 70_000]) {
      expect(await names([new File([NANO.subarray(0, length)], 'n.gguf')])).toEqual({
        kind: 'cut-off',
        file: 'n.gguf',
        expectedBytes,
        isLeast: false,
        actualBytes: length,
      })
    }
    for (const length of [60_000, 1000, 24, 23, 4]) {
      const error = await names([new File([NANO.subarray(0, length)], 'n.gguf')])
      expect(error).toMatchObject({ kind: 'cut-off', isLeast: true, actualBytes: length })
    }
    const [first, second, third] = shards('m')
    const cut = second && new File([second.slice(0, second.size - 40)], second.name)
    expect(first && cut && third && (await names([first, cut, third]))).toMatchObject({
      kind: 'cut-off',
      file: 'm-00002-of-00003.gguf',
      actualBytes: cut?.size,
    })
  })

  it('refuses a model that cannot fit in memory, with the figures', async () => {
    const header = writeGguf({ metadata: LLAMA, tensors: [] })
    const huge = (size: number) => {
      const bytes = writeGguf({ metadata: LLAMA, tensors: [TENSOR] })
      return {
        name: 'huge.gguf',
        size,
        slice: (start: number, end: number) => {
          const slab = new Uint8Array(end - start)
          slab.set(bytes.subarray(start, end))
          return { arrayBuffer: async () => slab.buffer }
        },
      }
    }
    const limitBytes = CPU_HEAP_BYTES
    const opened = await openLocalModel([huge(limitBytes + 1_000_000)])
    expect(opened).toMatchObject({ ok: false, error: { kind: 'too-large', limitBytes } })
    const needed = !opened.ok && opened.error.kind === 'too-large' ? opened.error.neededBytes : 0
    expect(needed).toBeGreaterThan(limitBytes)
    expect(needed).toBeLessThan(limitBytes + 1_000_000)
    expect((await openLocalModel([huge(limitBytes - header.length)])).ok).toBe(true)
    expect((await openLocalModel([huge(limitBytes * 2)], { limitBytes: null })).ok).toBe(true)
  })
})
