import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { headerOf } from './__fixtures__/header-of.ts'
import { estimateMemory } from './estimate-memory.ts'
import { CACHE_TYPES, kvCacheBytes, kvCacheShape } from './kv-cache.ts'
import { contextLimit, suggestYarn } from './yarn.ts'

const F16 = (contextLength: number) => ({ contextLength, cacheType: 'f16' }) as const

describe('estimateMemory', () => {
  it('counts keys and values of every layer, from a number or a list', async () => {
    const value = await headerOf({
      metadata: {
        'general.architecture': { type: 'string', value: 'qwen2' },
        'qwen2.block_count': { type: 'u32', value: 36 },
        'qwen2.embedding_length': { type: 'u32', value: 2048 },
        'qwen2.attention.head_count': { type: 'u32', value: 16 },
        'qwen2.attention.head_count_kv': { type: 'u32', value: 2 },
      },
      tensors: [],
    })
    // The figure of xLAM-2-3b: 36,864 bytes a token.
    expect(estimateMemory(value, value.dataOffset + 1000, F16(32_768))).toMatchObject({
      weightsBytes: 1000,
      kvCacheBytes: 36_864 * 32_768,
    })
    expect(estimateMemory(value, 0, F16(1))).toMatchObject({
      weightsBytes: 0,
      kvCacheBytes: 36_864 * 256,
    })
    const hybrid = await headerOf({
      metadata: {
        'general.architecture': { type: 'string', value: 'lfm2' },
        'lfm2.block_count': { type: 'u32', value: 3 },
        'lfm2.embedding_length': { type: 'u32', value: 64 },
        'lfm2.attention.head_count': { type: 'u32', value: 4 },
        'lfm2.attention.head_count_kv': { type: 'i32s', value: [0, 2, 0] },
        'lfm2.attention.key_length': { type: 'u32', value: 10 },
        'lfm2.attention.value_length': { type: 'u32', value: 6 },
      },
      tensors: [],
    })
    expect(estimateMemory(hybrid, 0, F16(512)).kvCacheBytes).toBe(512 * 2 * 16 * 2)
  })

  it('is a finite number whatever the metadata say', async () => {
    const value = await headerOf({
      metadata: {
        'general.architecture': { type: 'string', value: 'x' },
        'x.block_count': { type: 'u32', value: 4_000_000_000 },
        'x.attention.head_count': { type: 'u32', value: 1 },
      },
      tensors: [],
    })
    const estimate = estimateMemory(value, 10, F16(4096))
    expect(Object.values(estimate).every(Number.isFinite)).toBe(true)
    expect(
      estimateMemory(await headerOf({ metadata: {}, tensors: [] }), 0, F16(4096)),
    ).toMatchObject({
      kvCacheBytes: 0,
      computeBytes: 0,
    })
  })
})

describe('kvCacheBytes', () => {
  const heads = (keyLength: number) =>
    headerOf({
      metadata: {
        'general.architecture': { type: 'string', value: 'llama' },
        'llama.block_count': { type: 'u32', value: 2 },
        'llama.attention.head_count': { type: 'u32', value: 4 },
        'llama.attention.head_count_kv': { type: 'u32', value: 2 },
        'llama.attention.key_length': { type: 'u32', value: keyLength },
        'llama.attention.value_length': { type: 'u32', value: 64 },
      },
      tensors: [],
    })

  it('is about a half with q8_0 and a quarter with q4_0', async () => {
    const shape = kvCacheShape(await heads(64))
    expect(shape).toEqual({ elementsPerToken: 2 * 2 * 128, types: CACHE_TYPES })
    const bytes = CACHE_TYPES.map((cacheType) =>
      kvCacheBytes(shape, { contextLength: 1024, cacheType }),
    )
    expect(bytes).toEqual([1024 * 512 * 2, 1024 * 16 * 34, 1024 * 16 * 18])
  })

  it('heads that fill no blocks allow 16-bit floats only', async () => {
    expect(kvCacheShape(await heads(80)).types).toEqual(['f16'])
  })
})

describe('YaRN', () => {
  it('offers Qwen its documented factor, and others a careful one', () => {
    const qwen = { scaling: { factor: 4, originalContext: 32_768 }, isDocumented: true }
    expect(suggestYarn('qwen2', 32_768)).toEqual(qwen)
    expect(suggestYarn('qwen3', 40_960)).toEqual(qwen)
    expect(suggestYarn('llama', 8192)).toEqual({
      scaling: { factor: 2, originalContext: 8192 },
      isDocumented: false,
    })
    // Qwen2.5-1M and the like have been stretched already.
    expect(suggestYarn('qwen2', 131_072).isDocumented).toBe(false)
  })

  it('a suggestion never shortens the context', () => {
    const architecture = fc.constantFrom('qwen2', 'qwen3', 'llama', '')
    const trained = fc.oneof(fc.integer({ min: 1, max: 2 ** 20 }), fc.constantFrom(32_768, 40_960))
    fc.assert(
      fc.property(architecture, trained, (name, length) => {
        const limit = contextLimit(length, suggestYarn(name, length).scaling)
        expect(limit).toBeGreaterThan(length)
        expect(contextLimit(length, null)).toBe(length)
      }),
    )
  })
})
