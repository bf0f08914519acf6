import { describe, expect, it } from 'vitest'
import { HEADER } from './__fixtures__/gguf-header.ts'
import { chooseBackend, type Machine } from './choose-backend.ts'
import { findAdapter, type GpuAdapter } from './gpu-adapter.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3
const OPTIONS = {
  contextLength: 4096,
  threads: null,
  gpuLayers: null,
  cacheType: 'f16',
  yarn: null,
} as const

const F16: GpuAdapter = { features: new Set(['shader-f16']), info: { vendor: 'nvidia' } }

async function machine(
  adapter: GpuAdapter | null | undefined,
  rest: Partial<Machine> = {},
): Promise<Machine> {
  const gpu = await findAdapter(
    adapter === undefined ? undefined : { requestAdapter: async () => adapter },
  )
  return { gpu, cores: 8, isCrossOriginIsolated: true, ...rest }
}

const TENSOR = { shape: [1], type: 'F16', offsetBytes: 0 }

const sized = (sizeBytes: number) => ({ header: HEADER, sizeBytes })

const why = (...parameters: Parameters<typeof chooseBackend>) => {
  const plan = chooseBackend(...parameters)
  return plan.type === 'cpu' ? plan.why : plan.adapter
}

describe('chooseBackend', () => {
  it('takes the GPU that has shader-f16, with all layers', async () => {
    const plan = chooseBackend(OPTIONS, sized(GIB), await machine(F16))
    expect(plan).toMatchObject({ type: 'webgpu', adapter: 'nvidia', obstacle: null })
    expect(plan.type === 'webgpu' && plan.layers).toBeGreaterThan(1000)
  })

  it('says why it takes the CPU', async () => {
    expect(why({ ...OPTIONS, gpuLayers: 0 }, sized(GIB), await machine(F16))).toBe(
      'Switched off in the settings',
    )
    expect(why(OPTIONS, sized(GIB), await machine(undefined))).toBe('This browser has no WebGPU')
    expect(why(OPTIONS, sized(GIB), await machine(null))).toBe('No WebGPU adapter')
    const without = { ...F16, features: new Set<string>() }
    expect(why(OPTIONS, sized(GIB), await machine(without))).toBe('The adapter lacks shader-f16')
    expect(why(OPTIONS, sized(MIB), await machine(F16))).toBe('Small model: the CPU starts faster')
  })

  it('puts a small model on the GPU when layers are asked for', async () => {
    const plan = chooseBackend({ ...OPTIONS, gpuLayers: 9 }, sized(MIB), await machine(F16))
    expect(plan).toMatchObject({ type: 'webgpu', layers: 9 })
  })

  it('takes fewer layers, or none, where a buffer is too small, unless told otherwise', async () => {
    const limits = { maxBufferSize: 100, maxStorageBufferBindingSize: 100 }
    const gpu = await machine({ ...F16, limits })
    const tensor = (name: string, sizeBytes: number) => ({ ...TENSOR, name, sizeBytes })
    const metadata = new Map([['llama.block_count', 4]])
    const withTensors = (...tensors: ReturnType<typeof tensor>[]) => ({
      header: { ...HEADER, architecture: 'llama', metadata, tensors },
      sizeBytes: GIB,
    })
    const output = tensor('output.weight', 100)
    const oneBlock = withTensors(output, tensor('blk.0.a', 9), tensor('blk.1.a', 101))
    expect(chooseBackend(OPTIONS, oneBlock, gpu)).toMatchObject({
      type: 'webgpu',
      // The output and the blocks 2 and 3.
      layers: 3,
      totalLayers: 5,
      obstacle: { subject: 'blk.1.a', neededBytes: 101, limitBytes: 100 },
    })
    const wideOutput = withTensors(tensor('output.weight', 2 * MIB))
    expect(why(OPTIONS, wideOutput, gpu)).toBe(
      'output.weight takes 2 MiB, and a buffer of this GPU holds 1 MiB',
    )
    expect(chooseBackend({ ...OPTIONS, gpuLayers: 5 }, wideOutput, gpu).type).toBe('webgpu')
  })

  it('takes an adapter that fails as none', async () => {
    const gpu = await findAdapter({ requestAdapter: () => Promise.reject(new Error('lost')) })
    expect(why(OPTIONS, sized(GIB), { ...(await machine(null)), gpu })).toBe('No WebGPU adapter')
  })

  it('leaves threads to a measurement, but where there is nothing to measure', async () => {
    const threads = async (wanted: number | null, sizeBytes: number, rest: Partial<Machine> = {}) =>
      chooseBackend({ ...OPTIONS, threads: wanted }, sized(sizeBytes), await machine(null, rest))
        .threads.count
    expect(await threads(null, GIB)).toBe(null)
    expect(await threads(null, GIB, { cores: 1 })).toBe(1)
    expect(await threads(null, 2 ** 20)).toBe(1)
    expect(await threads(3, 2 ** 20)).toBe(3)
    expect(await threads(3, GIB, { isCrossOriginIsolated: false })).toBe(1)
  })
})
