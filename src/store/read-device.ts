import type { DeviceFacts, GpuLimits } from '../core/gguf/fit.ts'
import type { Machine } from '../engine/choose-backend.ts'
import { findAdapter, navigatorGpu } from '../engine/gpu-adapter.ts'
import { CPU_HEAP_BYTES } from '../hub/local-model.ts'

const GIB = 2 ** 30

/** What a page may know of the machine it runs on. */
export async function readDevice(): Promise<DeviceFacts> {
  const [webgpu, storage] = await Promise.all([readGpu(), readStorage()])
  const { deviceMemory } = navigator as { readonly deviceMemory?: number }
  return {
    heapLimitBytes: CPU_HEAP_BYTES,
    memoryBytes: deviceMemory === undefined ? null : deviceMemory * GIB,
    webgpu,
    storage,
  }
}

async function readGpu(): Promise<GpuLimits | null> {
  const found = await findAdapter(navigatorGpu())
  return found.type === 'usable' ? found.facts.limits : null
}

/** What decides where a model computes. */
export async function readMachine(): Promise<Machine> {
  return {
    gpu: await findAdapter(navigatorGpu()),
    cores: navigator.hardwareConcurrency,
    isCrossOriginIsolated: globalThis.crossOriginIsolated,
  }
}

async function readStorage(): Promise<DeviceFacts['storage']> {
  try {
    const { quota, usage } = await navigator.storage.estimate()
    return quota === undefined || usage === undefined
      ? null
      : { quotaBytes: quota, usedBytes: usage }
  } catch {
    // Not there outside of a secure context, or forbidden: then nobody knows.
    return null
  }
}
