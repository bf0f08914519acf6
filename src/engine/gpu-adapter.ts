import type { GpuLimits } from '../core/gguf/fit.ts'

/** The part of WebGPU that is asked. */
export type Gpu = { requestAdapter(): Promise<GpuAdapter | null> }
export type GpuAdapter = {
  readonly features: { has(name: string): boolean }
  readonly limits?: GpuLimits
  readonly info?: {
    readonly vendor?: string
    readonly architecture?: string
    readonly device?: string
    readonly description?: string
    readonly isFallbackAdapter?: boolean
  }
}

/** What a page can know of an adapter. */
export type GpuFacts = {
  /** As the browser names it, at least "WebGPU". */
  readonly name: string
  readonly vendor: string
  readonly architecture: string
  readonly shaderF16: boolean
  readonly subgroups: boolean
  /** A software adapter, slower than the engine on the CPU. */
  readonly isFallback: boolean
  readonly limits: GpuLimits | null
}

export type NoGpuReason = 'no-webgpu' | 'no-adapter' | 'no-shader-f16'

export type FoundAdapter =
  | { readonly type: 'usable'; readonly facts: GpuFacts }
  | {
      readonly type: 'none'
      readonly reason: NoGpuReason
      readonly why: string
      /** Of the adapter that lacks something. */
      readonly facts: GpuFacts | null
    }

const WHY: Readonly<Record<NoGpuReason, string>> = {
  'no-webgpu': 'This browser has no WebGPU',
  'no-adapter': 'No WebGPU adapter',
  'no-shader-f16': 'The adapter lacks shader-f16',
}

/** The adapter that llama.cpp can use: without `shader-f16` it falls back to the CPU silently. */
export async function findAdapter(gpu: Gpu | undefined): Promise<FoundAdapter> {
  const none = (reason: NoGpuReason, facts: GpuFacts | null = null) =>
    ({ type: 'none', reason, why: WHY[reason], facts }) as const
  if (!gpu) return none('no-webgpu')
  const adapter = await gpu.requestAdapter().catch(() => null)
  if (!adapter) return none('no-adapter')
  const facts = describeAdapter(adapter)
  return facts.shaderF16 ? { type: 'usable', facts } : none('no-shader-f16', facts)
}

/** WebGPU of this page or worker: TypeScript's lib has none for workers. */
export function navigatorGpu(): Gpu | undefined {
  return 'gpu' in navigator ? (navigator.gpu as Gpu | undefined) : undefined
}

function describeAdapter({ info, features, limits }: GpuAdapter): GpuFacts {
  const parts = [info?.vendor, info?.architecture, info?.device].filter(Boolean).join(' ')
  return {
    name: info?.description || parts || 'WebGPU',
    vendor: info?.vendor ?? '',
    architecture: info?.architecture ?? '',
    shaderF16: features.has('shader-f16'),
    subgroups: features.has('subgroups'),
    isFallback: info?.isFallbackAdapter === true,
    // Read one by one: they are no own properties, so copies and messages would lose them.
    limits: limits
      ? {
          maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
          maxBufferSize: limits.maxBufferSize,
        }
      : null,
  }
}
