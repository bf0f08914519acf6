import fc from 'fast-check'
import { expect, it } from 'vitest'

import { bumpedModel } from './__fixtures__/bumped-model.ts'
import { headerOf } from './__fixtures__/header-of.ts'
import { metadataRows } from './metadata-rows.ts'

it('shows values as a person reads them, in sections', async () => {
  const template = `{%- if tools %}\n${'x'.repeat(400)}`
  const header = await headerOf(bumpedModel({ bumpedLayers: [], chatTemplate: template }))
  const rows = metadataRows(header)
  const text = (key: string) => rows.find((row) => row.key === key)?.text
  expect(rows.map(({ key }) => key.split('.')[0])).toEqual([
    ...Array.from({ length: 5 }, () => 'general'),
    ...Array.from({ length: 8 }, () => 'qwen2'),
    ...Array.from({ length: 8 }, () => 'tokenizer'),
  ])
  expect(text('general.file_type')).toBe('15 (Q4_K_M)')
  expect(text('qwen2.attention.layer_norm_rms_epsilon')).toBe('0.000001')
  expect(text('qwen2.rope.freq_base')).toBe('1000000')
  expect(text('tokenizer.ggml.eos_token_id')).toBe('2 (<|im_end|>)')
  expect(text('tokenizer.ggml.add_bos_token')).toBe('false')
  expect(text('tokenizer.ggml.tokens')).toBe('a list of 3')
  expect(text('tokenizer.ggml.token_type')).toBe(
    '[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, …] 40 numbers',
  )
  const shortened = rows.find(({ key }) => key === 'tokenizer.chat_template')
  expect(shortened?.fullText).toBe(template)
  expect(shortened?.text).toBe(`{%- if tools %} ${'x'.repeat(144)}…`)
})

it('any text fits a line, whole or with the whole beside it', async () => {
  const base = await headerOf({ metadata: {}, tensors: [] })
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (value) => {
      const [row] = metadataRows({ ...base, metadata: new Map([['x.y', value]]) })
      expect(row?.text).not.toMatch(/[\n\r\t]/)
      expect(Array.from(row?.text ?? '').length).toBeLessThanOrEqual(161)
      expect(row?.fullText ?? row?.text).toBe(value)
    }),
  )
})

it('a number stays the number that it is', async () => {
  const base = await headerOf({ metadata: {}, tensors: [] })
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.boolean(), (double, isSingle) => {
      const value = isSingle ? Math.fround(double) : double
      const [row] = metadataRows({ ...base, metadata: new Map([['x.y', value]]) })
      const shown = Number(row?.text)
      // -0 is written 0.
      expect(shown === value || Math.fround(shown) === value).toBe(true)
    }),
  )
})
