/** What WebLLM can use of this machine's GPU. */
export type WebllmSupport =
  | { readonly type: 'usable'; readonly adapter: string; readonly hasShaderF16: boolean }
  /** A sentence. */
  | { readonly type: 'none'; readonly why: string }

type Limits = Readonly<Partial<Record<string, number>>>

type Adapter = {
  readonly features: { has(name: string): boolean }
  readonly limits: Limits
  readonly info?: Readonly<Partial<Record<string, string>>>
}

/** The part of `navigator.gpu` that is asked. */
export type AdapterSource = {
  requestAdapter(options: { readonly powerPreference: 'high-performance' }): Promise<Adapter | null>
}

/** What WebLLM 0.2.86 demands of a device at least; it falls back to the last two when the adapter has no more. */
const NEEDED: Readonly<Record<string, number>> = {
  maxComputeWorkgroupStorageSize: 32 * 2 ** 10,
  maxStorageBuffersPerShaderStage: 10,
  maxBufferSize: 256 * 2 ** 20,
  maxStorageBufferBindingSize: 128 * 2 ** 20,
}

/** Asks for the adapter that WebLLM will ask for, and compares it with what WebLLM demands. */
export async function readWebllmSupport(gpu: AdapterSource | undefined): Promise<WebllmSupport> {
  if (!gpu) {
    return {
      type: 'none',
      why: 'This browser has no WebGPU here. Current versions of Chrome, Edge and Safari have it, on pages that come by https.',
    }
  }
  const adapter = await gpu
    .requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null)
  if (!adapter) {
    return {
      type: 'none',
      why: 'This browser has WebGPU but found no graphics card that it may use. Its drivers may be missing or blocked, or hardware acceleration is switched off.',
    }
  }
  for (const [name, needed] of Object.entries(NEEDED)) {
    const has = adapter.limits[name]
    if (has !== undefined && has < needed) {
      return {
        type: 'none',
        why: `The graphics card is too limited for WebLLM: ${name} is ${has}, and it needs ${needed}.`,
      }
    }
  }
  return {
    type: 'usable',
    adapter: adapterName(adapter),
    hasShaderF16: adapter.features.has('shader-f16'),
  }
}

/** WebGPU of this page or worker: TypeScript's lib has none for workers. */
export function adapterSource(): AdapterSource | undefined {
  return 'gpu' in navigator ? (navigator.gpu as AdapterSource | undefined) : undefined
}

function adapterName({ info }: Adapter): string {
  if (info?.['description']) return info['description']
  const name = [info?.['vendor'], info?.['architecture']].filter(Boolean).join(' ')
  return name || 'WebGPU'
}
