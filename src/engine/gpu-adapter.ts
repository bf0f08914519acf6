/** The part of WebGPU that is asked. */
export type Gpu = { requestAdapter(): Promise<GpuAdapter | null> }
export type GpuAdapter = {
  readonly features: { has(name: string): boolean }
  readonly limits?: {
    readonly maxStorageBufferBindingSize: number
    readonly maxBufferSize: number
  }
  readonly info?: {
    readonly vendor?: string
    readonly architecture?: string
    readonly device?: string
    readonly description?: string
  }
}

export type FoundAdapter =
  | { readonly type: 'usable'; readonly adapter: GpuAdapter }
  | { readonly type: 'none'; readonly why: string }

/** The adapter that llama.cpp can use: without `shader-f16` it falls back to the CPU silently. */
export async function findAdapter(gpu: Gpu | undefined): Promise<FoundAdapter> {
  if (!gpu) return { type: 'none', why: 'This browser has no WebGPU' }
  const adapter = await gpu.requestAdapter().catch(() => null)
  if (!adapter) return { type: 'none', why: 'No WebGPU adapter' }
  if (!adapter.features.has('shader-f16')) {
    return { type: 'none', why: 'The adapter lacks shader-f16' }
  }
  return { type: 'usable', adapter }
}

/** WebGPU of this page or worker: TypeScript's lib has none for workers. */
export function navigatorGpu(): Gpu | undefined {
  return 'gpu' in navigator ? (navigator.gpu as Gpu | undefined) : undefined
}
