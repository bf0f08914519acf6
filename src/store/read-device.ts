import type { DeviceFacts, GpuLimits } from '../core/gguf/fit.ts'
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
  if (found.type === 'none' || !found.adapter.limits) return null
  const { maxStorageBufferBindingSize, maxBufferSize } = found.adapter.limits
  return { maxStorageBufferBindingSize, maxBufferSize }
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
