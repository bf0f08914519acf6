import { describe, expect, it } from 'vitest'
import { watchDevices, type DeviceSource } from './watch-device.ts'

class GPUOutOfMemoryError {
  readonly [Symbol.toStringTag] = 'GPUOutOfMemoryError'
}

/** A GPU whose device dies as the test says. */
async function watched() {
  let lose: (info: { readonly reason: string; readonly message: string }) => void = () => undefined
  const device = Object.assign(new EventTarget(), {
    lost: new Promise<{ readonly reason: string; readonly message: string }>((resolve) => {
      lose = resolve
    }),
  })
  const gpu: DeviceSource = { requestAdapter: async () => ({ requestDevice: async () => device }) }
  const watch = watchDevices(gpu)
  await (await gpu.requestAdapter())?.requestDevice()
  return { watch, device, lose }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('watchDevices', () => {
  it('tells of a device that was lost', async () => {
    const { watch, lose } = await watched()
    lose({ reason: 'unknown', message: 'driver reset' })
    await soon()
    expect(watch.lost.reason).toEqual({ kind: 'device-lost', detail: 'driver reset' })
  })

  it('tells of a device without memory, and of no other error', async () => {
    const { watch, device } = await watched()
    device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: new Error('x') }))
    expect(watch.lost.aborted).toBe(false)
    const error = new GPUOutOfMemoryError()
    device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }))
    expect(watch.lost.reason).toEqual({ kind: 'out-of-memory', neededBytes: null })
  })

  it('is silent when the device is destroyed, or after it was closed', async () => {
    const destroyed = await watched()
    destroyed.lose({ reason: 'destroyed', message: '' })
    const closed = await watched()
    closed.watch.close()
    closed.lose({ reason: 'unknown', message: '' })
    await soon()
    expect([destroyed.watch.lost.aborted, closed.watch.lost.aborted]).toEqual([false, false])
  })
})
