import fc from 'fast-check'
import { expect, it } from 'vitest'

import { decodeUtf8 } from './utf8.ts'

const platform = new TextDecoder('utf-8', { ignoreBOM: true })

it('decodes any bytes as TextDecoder does', () => {
  const tricky = fc.array(
    fc.constantFrom(
      0x00,
      0x41,
      0x80,
      0xbf,
      0xc1,
      0xc2,
      0xe0,
      0xa0,
      0xed,
      0x9f,
      0xf0,
      0x90,
      0xf4,
      0x8f,
      0xf5,
      0xff,
      0xef,
      0xbb,
    ),
    { maxLength: 24 },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 64 }),
        tricky.map((bytes) => Uint8Array.from(bytes)),
      ),
      (bytes) => {
        expect(decodeUtf8(bytes)).toBe(platform.decode(bytes))
      },
    ),
    { numRuns: 5000 },
  )
})

it('decodes any text, also a long one', () => {
  const text = 'aé€😀'.repeat(5000)
  expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(decodeUtf8(new TextEncoder().encode(value))).toBe(
        platform.decode(new TextEncoder().encode(value)),
      )
    }),
  )
})
