import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'

import { headerOf } from './__fixtures__/header-of.ts'
import { assessFit, type DeviceFacts, type FitRequest } from './fit.ts'
import type { GgufHeader } from './gguf-header.ts'
import { CACHE_TYPES } from './kv-cache.ts'
import { assessCandidate, recommendQuantization } from './recommend-quantization.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** The published sizes of Salesforce/xLAM-2-3b-fc-r-gguf. */
const XLAM_3B = [
  { label: 'Q2_K', sizeBytes: 1_274_755_648, isComplete: true },
  { label: 'Q3_K_L', sizeBytes: 1_707_391_552, isComplete: true },
  { label: 'Q4_0', sizeBytes: 1_822_849_600, isComplete: true },
  { label: 'Q4_K_M', sizeBytes: 1_929_902_656, isComplete: true },
  { label: 'Q5_K_M', sizeBytes: 2_224_814_656, isComplete: true },
  { label: 'Q8_0', sizeBytes: 3_285_475_904, isComplete: true },
  { label: 'F16', sizeBytes: 6_178_316_864, isComplete: true },
]
const Q4_K_M = 1_929_902_656

/** A laptop: plenty of everything. */
const LAPTOP: DeviceFacts = {
  heapLimitBytes: 4 * GIB,
  memoryBytes: 8 * GIB,
  webgpu: { maxStorageBufferBindingSize: 2 * GIB, maxBufferSize: 4 * GIB },
  storage: { quotaBytes: 100 * GIB, usedBytes: 0 },
}

let header: GgufHeader

beforeAll(async () => {
  const layer = (index: number) =>
    (
      [
        ['attn_q', [2048, 2048], 'q4_k'],
        ['attn_k', [2048, 256], 'q4_k'],
        ['attn_v', [2048, 256], 'q6_k'],
        ['attn_output', [2048, 2048], 'q4_k'],
        ['ffn_gate', [2048, 11008], 'q4_k'],
        ['ffn_up', [2048, 11008], 'q4_k'],
        ['ffn_down', [11008, 2048], index % 2 === 0 ? 'q6_k' : 'q4_k'],
      ] as const
    ).map(([name, shape, type]) => ({ name: `blk.${index}.${name}.weight`, shape, type }))
  header = await headerOf({
    metadata: {
      'general.architecture': { type: 'string', value: 'qwen2' },
      'qwen2.block_count': { type: 'u32', value: 36 },
      'qwen2.embedding_length': { type: 'u32', value: 2048 },
      'qwen2.feed_forward_length': { type: 'u32', value: 11008 },
      'qwen2.attention.head_count': { type: 'u32', value: 16 },
      'qwen2.attention.head_count_kv': { type: 'u32', value: 2 },
      'qwen2.vocab_size': { type: 'u32', value: 151_936 },
    },
    tensors: [
      { name: 'token_embd.weight', shape: [2048, 151_936], type: 'q6_k' },
      ...Array.from({ length: 36 }, (_, index) => layer(index)).flat(),
    ],
  })
})

function request(changes: Partial<FitRequest> = {}): FitRequest {
  return {
    header,
    tensors: null,
    sizeBytes: Q4_K_M,
    contextLength: 8192,
    cacheType: 'f16',
    downloadBytes: Q4_K_M,
    device: LAPTOP,
    ...changes,
  }
}

const lineOf = (lines: readonly { readonly what: string }[] | undefined, what: string) =>
  lines?.find((line) => line.what === what)

describe('assessFit', () => {
  it('puts the numbers behind the verdict', () => {
    const fit = assessFit(request())
    expect(fit).toMatchObject({ verdict: 'fits', backend: 'webgpu' })
    expect(fit.memory).toMatchObject({ kvCacheBytes: 36_864 * 8192 })
    const { weightsBytes, kvCacheBytes, computeBytes } = fit.memory
    expect(lineOf(fit.cpu.lines, 'heap')).toEqual({
      what: 'heap',
      subject: null,
      neededBytes: weightsBytes + kvCacheBytes + computeBytes,
      limitBytes: 4 * GIB,
      verdict: 'fits',
    })
    // 2048 x 151,936 in blocks of 256 with 210 bytes each: the output uses the embedding, so it goes to the GPU.
    expect(lineOf(fit.webgpu?.lines, 'largest-tensor')).toMatchObject({
      subject: 'token_embd.weight',
      neededBytes: ((2048 * 151_936) / 256) * 210,
    })
    expect(fit.storage).toMatchObject({ neededBytes: Q4_K_M, limitBytes: 100 * GIB })
  })

  it('leaves the embedding on the CPU where the output has weights of its own', () => {
    const output = { name: 'output.weight', shape: [2048, 100], type: 'Q4_K', offsetBytes: 0 }
    const tensors = [...header.tensors, { ...output, sizeBytes: 1 }]
    const { webgpu } = assessFit(request({ tensors }))
    expect(lineOf(webgpu?.lines, 'largest-tensor')).toMatchObject({
      subject: expect.stringContaining('ffn_down'),
    })
  })

  it('falls back to the CPU when one tensor is larger than a buffer of the GPU', () => {
    const webgpu = { maxStorageBufferBindingSize: 128 * MIB, maxBufferSize: 4 * GIB }
    const fit = assessFit(request({ device: { ...LAPTOP, webgpu } }))
    expect(fit).toMatchObject({ verdict: 'fits', backend: 'cpu' })
    expect(fit.webgpu?.verdict).toBe('will-not-fit')
  })

  it('needs the GPU for what the 4 GiB of the engine cannot hold', () => {
    const large = { sizeBytes: 5 * GIB, downloadBytes: 5 * GIB }
    const onGpu = assessFit(request(large))
    expect(onGpu).toMatchObject({ backend: 'webgpu', cpu: { verdict: 'will-not-fit' } })
    expect(onGpu.verdict).toBe('tight')
    const without = assessFit(request({ ...large, device: { ...LAPTOP, webgpu: null } }))
    expect(without).toMatchObject({ verdict: 'will-not-fit', backend: 'cpu', webgpu: null })
  })

  it('counts what a longer context costs, and what a smaller cache saves', () => {
    const device = { ...LAPTOP, webgpu: null, memoryBytes: null }
    const at = (contextLength: number, cacheType: FitRequest['cacheType']) =>
      assessFit(request({ contextLength, cacheType, device })).verdict
    expect(at(8192, 'f16')).toBe('fits')
    expect(at(131_072, 'f16')).toBe('will-not-fit')
    expect(at(32_768, 'f16')).toBe('tight')
    expect(at(32_768, 'q4_0')).toBe('fits')
  })

  it('takes what the browser says of a large machine as a lower bound', () => {
    const device = (memoryBytes: number | null) => ({ ...LAPTOP, webgpu: null, memoryBytes })
    const verdict = (memoryBytes: number | null) =>
      lineOf(assessFit(request({ device: device(memoryBytes) })).cpu.lines, 'memory')
    expect(verdict(null)).toMatchObject({ verdict: 'fits', limitBytes: null })
    expect(verdict(2 * GIB)).toMatchObject({ verdict: 'will-not-fit' })
    expect(verdict(3.5 * GIB)).toMatchObject({ verdict: 'tight' })
    expect(verdict(8 * GIB)).toMatchObject({ verdict: 'fits' })
    const huge = assessFit(request({ sizeBytes: 20 * GIB, device: device(8 * GIB) }))
    expect(lineOf(huge.cpu.lines, 'memory')).toMatchObject({ verdict: 'tight' })
  })

  it('asks for storage only for what is still to be downloaded', () => {
    const device = { ...LAPTOP, storage: { quotaBytes: 2 * GIB, usedBytes: 1.5 * GIB } }
    expect(assessFit(request({ device })).verdict).toBe('will-not-fit')
    expect(assessFit(request({ device, downloadBytes: 0 })).verdict).toBe('fits')
    const full = { ...LAPTOP, storage: { quotaBytes: GIB, usedBytes: 2 * GIB } }
    expect(assessFit(request({ device: full })).storage).toMatchObject({ limitBytes: 0 })
  })

  it('never gets better by more bytes, a longer context or a smaller machine', () => {
    const order = ['fits', 'tight', 'will-not-fit']
    const facts = fc.record({
      sizeBytes: fc.integer({ min: 1, max: 8 * GIB }),
      contextLength: fc.integer({ min: 1, max: 200_000 }),
      heapLimitBytes: fc.integer({ min: 1, max: 8 * GIB }),
      memoryBytes: fc.option(fc.integer({ min: 1, max: 16 * GIB })),
      bufferBytes: fc.integer({ min: 1, max: 4 * GIB }),
      quotaBytes: fc.integer({ min: 0, max: 16 * GIB }),
      cacheType: fc.constantFrom(...CACHE_TYPES),
    })
    type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never
    const verdict = (one: Facts) =>
      assessFit({
        ...request(),
        ...one,
        downloadBytes: one.sizeBytes,
        device: {
          heapLimitBytes: one.heapLimitBytes,
          memoryBytes: one.memoryBytes,
          webgpu: {
            maxStorageBufferBindingSize: one.bufferBytes,
            maxBufferSize: one.bufferBytes,
          },
          storage: { quotaBytes: one.quotaBytes, usedBytes: 0 },
        },
      }).verdict
    fc.assert(
      fc.property(facts, fc.double({ min: 0.01, max: 1, noNaN: true }), (one, share) => {
        const less = (bytes: number) => Math.max(1, Math.floor(bytes * share))
        const smaller = {
          ...one,
          heapLimitBytes: less(one.heapLimitBytes),
          bufferBytes: less(one.bufferBytes),
          quotaBytes: less(one.quotaBytes),
        }
        const isNotBetter = (worse: Facts) =>
          order.indexOf(verdict(worse)) >= order.indexOf(verdict(one))
        expect(isNotBetter(smaller)).toBe(true)
        expect(isNotBetter({ ...one, sizeBytes: one.sizeBytes * 2 })).toBe(true)
        expect(isNotBetter({ ...one, contextLength: one.contextLength * 2 })).toBe(true)
      }),
    )
  })
})

describe('recommendQuantization', () => {
  const recommend = (
    device: DeviceFacts,
    candidates: readonly (typeof XLAM_3B)[number][] = XLAM_3B,
  ) =>
    recommendQuantization(candidates, {
      header,
      tensors: null,
      contextLength: 8192,
      cacheType: 'f16',
      device,
    })

  it('takes four bits for a model of 3B, and less only where that does not fit', () => {
    expect(recommend(LAPTOP)?.candidate.label).toBe('Q4_K_M')
    const withoutQ4 = XLAM_3B.filter(({ label }) => !label.startsWith('Q4'))
    expect(recommend(LAPTOP, withoutQ4)?.candidate.label).toBe('Q5_K_M')
    const small = { ...LAPTOP, webgpu: null, heapLimitBytes: 2.4 * GIB, memoryBytes: null }
    expect(recommend(small)?.candidate.label).toBe('Q2_K')
  })

  it('takes eight bits for a small model', () => {
    const tiny = { ...header, parameterCount: 500_000_000 }
    const fit = { header: tiny, tensors: null, contextLength: 2048, cacheType: 'f16' } as const
    const found = recommendQuantization(XLAM_3B, { ...fit, device: LAPTOP })
    expect(found?.candidate.label).toBe('Q8_0')
  })

  it('names the smallest when all are tight, and none when none can run', () => {
    const tight = { ...LAPTOP, memoryBytes: 2.5 * GIB, webgpu: null }
    expect(recommend(tight)).toMatchObject({
      candidate: { label: 'Q2_K' },
      fit: { verdict: 'tight' },
    })
    expect(recommend({ ...LAPTOP, storage: { quotaBytes: GIB, usedBytes: 0 } })).toBeNull()
    expect(recommend(LAPTOP, [])).toBeNull()
  })

  it('never names what lacks a shard or does not fit', () => {
    const candidates = fc.array(
      fc.record({
        label: fc.constantFrom(...XLAM_3B.map(({ label }) => label), 'new-type'),
        sizeBytes: fc.integer({ min: 1, max: 8 * GIB }),
        isComplete: fc.boolean(),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(candidates, fc.integer({ min: 1, max: 8 * GIB }), (list, heapLimitBytes) => {
        const device = { ...LAPTOP, heapLimitBytes, webgpu: null }
        const options = { header, tensors: null, contextLength: 512, cacheType: 'f16' } as const
        const found = recommendQuantization(list, { ...options, device })
        const possible = list.filter(
          (one) =>
            one.isComplete &&
            assessCandidate(one, { ...options, device }).verdict !== 'will-not-fit',
        )
        expect(found === null).toBe(possible.length === 0)
        if (found) expect(possible).toContain(found.candidate)
      }),
    )
  })
})
