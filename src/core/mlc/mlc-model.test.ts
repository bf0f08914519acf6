import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMlcConfig, readTensorCache } from './mlc-model.ts'

const CONFIG = {
  model_type: 'qwen2',
  context_window_size: 32768,
  model_config: { num_hidden_layers: 28 },
  tokenizer_files: ['tokenizer.json', 'vocab.json'],
  conv_template: { stop_token_ids: [151643, 151645] },
}

describe('readMlcConfig', () => {
  it('reads what is used', () => {
    expect(readMlcConfig(JSON.stringify(CONFIG))).toEqual({
      ok: true,
      value: {
        architecture: 'qwen2',
        contextLength: 32768,
        layers: 28,
        stopTokenIds: [151643, 151645],
        tokenizerFile: 'tokenizer.json',
      },
    })
  })

  it('takes the length of a model with a sliding window from that', () => {
    const config = { ...CONFIG, context_window_size: -1, sliding_window_size: 4096 }
    expect(readMlcConfig(JSON.stringify(config))).toMatchObject({ value: { contextLength: 4096 } })
  })

  it.each([
    ['<html>', 'no JSON object'],
    [JSON.stringify({ ...CONFIG, conv_template: {} }), 'stop_token_ids'],
    [JSON.stringify({ ...CONFIG, tokenizer_files: ['vocab.json'] }), 'tokenizer'],
    [JSON.stringify({ ...CONFIG, context_window_size: '4k' }), 'context_window_size'],
  ])('refuses %s', (text, words) => {
    expect(readMlcConfig(text)).toEqual({ ok: false, error: expect.stringContaining(words) })
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.json(), (text) => void [readMlcConfig(text), readTensorCache(text)]))
  })
})

describe('readTensorCache', () => {
  const record = { dataPath: 'params_shard_0.bin', nbytes: 33_554_432, format: 'raw-shard' }

  it('reads files with their sizes and sums', () => {
    const md5sum = '0123456789abcdef0123456789abcdef'
    const records = [record, { ...record, dataPath: 'params_shard_1.bin', nbytes: 7, md5sum }]
    expect(readTensorCache(JSON.stringify({ records }))).toEqual({
      ok: true,
      value: [
        { path: 'params_shard_0.bin', sizeBytes: 33_554_432, md5: null },
        { path: 'params_shard_1.bin', sizeBytes: 7, md5: md5sum },
      ],
    })
  })

  it.each([
    '{}',
    '{"records": []}',
    '{"records": [null]}',
    JSON.stringify({ records: [{ ...record, nbytes: -1 }] }),
    JSON.stringify({ records: [{ ...record, dataPath: '../../elsewhere' }] }),
    JSON.stringify({ records: [{ ...record, dataPath: 'https://example.com/x' }] }),
  ])('refuses %s', (text) => {
    expect(readTensorCache(text).ok).toBe(false)
  })
})
