import { expect, it } from 'vitest'
import { formatBytes } from './quantities.ts'

it.each([
  [0, '0 B'],
  [0.4, '0 B'],
  [999, '999 B'],
  [999.9, '1.00 KB'],
  [1_248_384, '1.25 MB'],
  [45_260_000, '45.3 MB'],
  [999_499_999, '999 MB'],
  [999_999_999, '1.00 GB'],
  [1.93e9, '1.93 GB'],
  [2.5e16, '25000 TB'],
])('%s bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
