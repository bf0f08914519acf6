import { describe, expect, it } from 'vitest'
import { chooseBackend, type Machine } from './choose-backend.ts'

const GIB = 1024 ** 3
const OPTIONS = {
  contextLength: 4096,
  threads: null,
  gpuLayers: null,
  cacheType: 'f16',
  yarn: null,
} as const

function machine(features: readonly string[] | null, rest: Partial<Machine> = {}): Machine {
  const adapter = features && { features: new Set(features), info: { vendor: 'nvidia' } }
  const gpu = { requestAdapter: async () => adapter }
  return { gpu, cores: 8, isCrossOriginIsolated: true, ...rest }
}

const why = async (...parameters: Parameters<typeof chooseBackend>) => {
  const plan = await chooseBackend(...parameters)
  return plan.type === 'cpu' ? plan.why : plan.adapter
}

describe('chooseBackend', () => {
  it('takes the GPU that has shader-f16', async () => {
    expect(await chooseBackend(OPTIONS, GIB, machine(['shader-f16']))).toEqual({
      type: 'webgpu',
      threads: 4,
      adapter: 'nvidia',
    })
  })

  it('says why it takes the CPU', async () => {
    expect(await why({ ...OPTIONS, gpuLayers: 0 }, GIB, machine(['shader-f16']))).toBe(
      'Switched off in the settings',
    )
    expect(await why(OPTIONS, GIB, machine(null, { gpu: undefined }))).toBe(
      'This browser has no WebGPU',
    )
    expect(await why(OPTIONS, GIB, machine(null))).toBe('No WebGPU adapter')
    expect(await why(OPTIONS, GIB, machine([]))).toBe('The adapter lacks shader-f16')
    expect(await why(OPTIONS, 2 ** 20, machine(['shader-f16']))).toBe(
      'Small model: the CPU starts faster',
    )
  })

  it('puts a small model on the GPU when layers are asked for', async () => {
    const plan = await chooseBackend({ ...OPTIONS, gpuLayers: 9 }, 2 ** 20, machine(['shader-f16']))
    expect(plan.type).toBe('webgpu')
  })

  it('takes an adapter that fails as none', async () => {
    const gpu = { requestAdapter: () => Promise.reject(new Error('lost')) }
    expect(await why(OPTIONS, GIB, machine(null, { gpu }))).toBe('No WebGPU adapter')
  })

  it('uses half of the cores, at most four, and one where threads cannot help', async () => {
    const threads = async (wanted: number | null, sizeBytes: number, rest: Partial<Machine> = {}) =>
      (await chooseBackend({ ...OPTIONS, threads: wanted }, sizeBytes, machine(null, rest))).threads
    expect(await threads(null, GIB, { cores: 2 })).toBe(1)
    expect(await threads(null, GIB, { cores: 4 })).toBe(2)
    expect(await threads(null, GIB, { cores: 64 })).toBe(4)
    expect(await threads(null, 2 ** 20)).toBe(1)
    expect(await threads(3, 2 ** 20)).toBe(3)
    expect(await threads(3, GIB, { isCrossOriginIsolated: false })).toBe(1)
  })
})
