import { assertNever } from '../../core/lib/assert-never.ts'
import type { ModelSlice } from '../../store/state.ts'

type Backend = NonNullable<ModelSlice['engineInfo']>['backend']

/** What computes, in a few words. */
export function backendLabel(backend: Backend): string {
  switch (backend.type) {
    case 'cpu':
      return backend.threads === 1 ? 'CPU, 1 thread' : `CPU, ${backend.threads} threads`
    case 'webgpu':
      return backend.totalLayers === 0
        ? 'WebGPU'
        : `WebGPU, ${backend.layers} of ${backend.totalLayers} layers`
    default:
      return assertNever(backend)
  }
}

/** Why it is the CPU, or which adapter it is. */
export function backendDetail(backend: Backend): string {
  return backend.type === 'cpu' ? backend.why : backend.adapter
}
