import { expect, it } from 'vitest'

// Not a test of the app but of the bed: without isolation every browser test of the engine would pass on one thread only.
it('browser tests run cross-origin isolated, with threads', () => {
  expect(window.crossOriginIsolated).toBe(true)
  expect(new SharedArrayBuffer(1).byteLength).toBe(1)
})
