import { describe, expect, it } from 'vitest'
import { readWebllmSupport } from './webllm-support.ts'

const LIMITS = {
  maxComputeWorkgroupStorageSize: 32_768,
  maxStorageBuffersPerShaderStage: 10,
  maxBufferSize: 2 ** 31,
  maxStorageBufferBindingSize: 2 ** 31,
}
const gpu = (limits: Readonly<Record<string, number>>, features: readonly string[] = []) => ({
  requestAdapter: async () => ({ features: new Set(features), limits, info: { vendor: 'acme' } }),
})

describe('readWebllmSupport', () => {
  it('says plainly why there is none', async () => {
    expect(await readWebllmSupport(undefined)).toMatchObject({
      type: 'none',
      why: expect.stringContaining('no WebGPU'),
    })
    expect(await readWebllmSupport({ requestAdapter: async () => null })).toMatchObject({
      type: 'none',
      why: expect.stringContaining('no graphics card'),
    })
    const small = gpu({ ...LIMITS, maxStorageBuffersPerShaderStage: 8 })
    expect(await readWebllmSupport(small)).toMatchObject({
      type: 'none',
      why: expect.stringContaining('maxStorageBuffersPerShaderStage is 8, and it needs 10'),
    })
  })

  it('tells whether 16-bit floats can be used', async () => {
    const usable = { type: 'usable', adapter: 'acme' }
    expect(await readWebllmSupport(gpu(LIMITS, ['shader-f16']))).toEqual({
      ...usable,
      hasShaderF16: true,
    })
    expect(await readWebllmSupport(gpu(LIMITS))).toEqual({ ...usable, hasShaderF16: false })
  })
})
