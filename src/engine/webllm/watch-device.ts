import type { EngineError } from '../engine.ts'

type Lost = { readonly reason?: string; readonly message?: string }
type Device = EventTarget & { readonly lost: Promise<Lost> }
type Adapter = { requestDevice(...options: readonly unknown[]): Promise<Device> }
/** The part of `navigator.gpu` through which a device is got. */
export type DeviceSource = {
  requestAdapter(...options: readonly unknown[]): Promise<Adapter | null>
}

export type DeviceWatch = {
  /** Aborts when a device is lost or runs out of memory; its reason is an `EngineError`. */
  readonly lost: AbortSignal
  /** From now on a lost device is no news: we let it go ourselves. */
  readonly close: () => void
}

/**
 * Watches the devices that are got from `gpu` from now on.
 *
 * WebLLM keeps its device to itself and, when that is lost, unloads itself without a word to who waits for an answer.
 */
export function watchDevices(gpu: DeviceSource): DeviceWatch {
  const lost = new AbortController()
  let isClosed = false
  const lose = (error: EngineError) => {
    if (!isClosed && !lost.signal.aborted) lost.abort(error)
  }

  const requestAdapter = gpu.requestAdapter.bind(gpu)
  gpu.requestAdapter = async (...options) => {
    const adapter = await requestAdapter(...options)
    if (!adapter) return null
    const requestDevice = adapter.requestDevice.bind(adapter)
    adapter.requestDevice = async (...wishes) => {
      const device = await requestDevice(...wishes)
      void device.lost.then(({ reason, message }) => {
        if (reason !== 'destroyed') lose({ kind: 'device-lost', detail: message ?? '' })
      })
      device.addEventListener('uncapturederror', (event) => {
        const error: unknown = Reflect.get(event, 'error')
        // Validation errors are WebLLM's own bugs, which it survives or not; without memory what it computes is wrong.
        if (Object.prototype.toString.call(error) === '[object GPUOutOfMemoryError]') {
          lose({ kind: 'out-of-memory', neededBytes: null })
        }
      })
      return device
    }
    return adapter
  }

  return {
    lost: lost.signal,
    close() {
      isClosed = true
    },
  }
}
