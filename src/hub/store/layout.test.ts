import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { diskNames, modelId } from './layout.ts'
import { parseManifest } from './manifest.ts'

const SAFE = /^(?!\.)[\w.-]{1,300}$/

describe('names on disk', () => {
  it('are safe and different, whatever a repository calls its files', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 8 }), (paths) => {
        const names = diskNames(paths)
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(paths.length)
        for (const name of names) expect(name).toMatch(SAFE)
      }),
    )
  })

  it('keep the name of a shard', () => {
    expect(diskNames(['Q4_K_M/m-00001-of-00002.gguf', 'Q4_K_M/m-00002-of-00002.gguf'])).toEqual([
      'm-00001-of-00002.gguf',
      'm-00002-of-00002.gguf',
    ])
    expect(diskNames(['a/m.gguf', 'b/M.gguf'])).toEqual(['1-m.gguf', '2-M.gguf'])
  })

  it('an id says what it is', () => {
    const commit = '0123456789abcdef'
    expect(
      modelId({ repo: 'Salesforce/xLAM-2-1b-fc-r-gguf', commit, quantization: 'Q4_K_M' }),
    ).toBe('Salesforce--xLAM-2-1b-fc-r-gguf--Q4_K_M--0123456789ab')
    expect(modelId({ repo: '../..', commit: '..', quantization: '/' })).toMatch(SAFE)
  })
})

describe('parseManifest', () => {
  it('takes any text without throwing', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseManifest(text) === null))
  })
})
