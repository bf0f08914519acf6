import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { quantizationFor, quantizationLabel, quantizationsOf } from './catalog.ts'
import type { RepoDetails, RepoFile } from './hub-client.ts'
import { licenseTerms } from './license.ts'
import { RECOMMENDED_MODELS } from './recommended-models.ts'
import { parseRepoReference } from './repo-reference.ts'

function file(path: string, sizeBytes = 1000): RepoFile {
  return { repo: 'o/n', commit: 'c', path, sizeBytes, sha256: null }
}

function repo(files: readonly RepoFile[], parameterCount: number | null = 1000): RepoDetails {
  return {
    id: 'o/n',
    downloads: 0,
    likes: 0,
    lastModified: null,
    gated: false,
    license: null,
    tags: [],
    baseModel: null,
    gguf: { parameterCount, architecture: null, contextLength: null, chatTemplate: null },
    commit: 'c',
    revision: null,
    files,
  }
}

describe('quantizationLabel', () => {
  it.each([
    ['xLAM-2-3B-fc-r-Q4_K_M.gguf', 'Q4_K_M'],
    ['xLAM-2-3B-fc-r-F16.gguf', 'F16'],
    ['xLAM-2-3b-fc-r-q4_k_l.gguf', 'Q4_K_L'],
    ['xLAM-2-3b-fc-r-bf16_q8_0.gguf', 'BF16_Q8_0'],
    ['xLAM-2-3b-fc-r-f16_q6_k.gguf', 'F16_Q6_K'],
    ['xLAM-2-3b-fc-r-iq3_xxs.gguf', 'IQ3_XXS'],
    ['xLAM-2-3b-fc-r-q4_0_l.gguf', 'Q4_0_L'],
    ['Hermes-3-Llama-3.2-3B.Q4_K_M.gguf', 'Q4_K_M'],
    ['qwen2.5-3b-instruct-q4_k_m-00001-of-00002.gguf', 'Q4_K_M'],
    ['Qwen3-UD-Q4_K_XL.gguf', 'UD-Q4_K_XL'],
    ['Model.i1-Q4_K_S.gguf', 'Q4_K_S'],
    ['Q8_0/model-00001-of-00002.gguf', 'Q8_0'],
    ['BF16/model-Q2_K.gguf', 'Q2_K'],
    ['ggml-model-fp16.gguf', 'F16'],
    ['gpt-oss-mxfp4.gguf', 'MXFP4'],
    ['llama-IQ4_NL.gguf', 'IQ4_NL'],
    ['llama-TQ1_0.gguf', 'TQ1_0'],
    ['model-Q4_0_4_4.gguf', 'Q4_0_4_4'],
    ['model.gguf', null],
    ['Qwen3-Coder.gguf', null],
    ['seq8_0x.gguf', null],
  ])('%s is %s', (path, label) => {
    expect(quantizationLabel(path)).toBe(label)
  })
})

describe('quantizationsOf', () => {
  it('groups shards in order, and leaves out what is no model by itself', () => {
    const shards = [3, 1, 2].map((place) => file(`Q8_0/m-Q8_0-0000${place}-of-00003.gguf`, 400))
    const files = [
      ...shards,
      file('m-Q4_K_M.gguf', 600),
      file('mmproj-m-F16.gguf'),
      file('m.imatrix.gguf'),
      file('imatrix.dat'),
      file('README.md'),
    ]
    expect(quantizationsOf(repo(files))).toEqual([
      {
        id: 'm-Q4_K_M',
        label: 'Q4_K_M',
        files: [file('m-Q4_K_M.gguf', 600)],
        sizeBytes: 600,
        bitsPerWeight: 4.8,
        isComplete: true,
        missing: [],
      },
      {
        id: 'Q8_0/m-Q8_0-of-00003',
        label: 'Q8_0',
        files: [shards[1], shards[2], shards[0]],
        sizeBytes: 1200,
        bitsPerWeight: 9.6,
        isComplete: true,
        missing: [],
      },
    ])
  })

  it('names the shards that are missing', () => {
    const found = quantizationsOf(repo([file('a/m-Q8_0-00002-of-00003.gguf')]))
    expect(found).toMatchObject([
      {
        isComplete: false,
        bitsPerWeight: null,
        missing: ['a/m-Q8_0-00001-of-00003.gguf', 'a/m-Q8_0-00003-of-00003.gguf'],
      },
    ])
  })

  it('takes a wrong place for a part of the name', () => {
    for (const name of ['m-00000-of-00002', 'm-00003-of-00002', 'm-00001-of-99999']) {
      expect(quantizationsOf(repo([file(`${name}.gguf`)]))).toMatchObject([
        { id: name, isComplete: true },
      ])
    }
  })

  it('gives no bits per weight when the repository has several models', () => {
    const found = quantizationsOf(repo([file('small-Q4_0.gguf'), file('large-Q4_0.gguf')]))
    expect(found.map(({ bitsPerWeight }) => bitsPerWeight)).toEqual([null, null])
  })

  it('tells a file that is one shard of one from its plain namesake', () => {
    const found = quantizationsOf(repo([file('m-Q8_0.gguf'), file('m-Q8_0-00001-of-00001.gguf')]))
    expect(found.map(({ files }) => files.map(({ path }) => path))).toEqual([
      ['m-Q8_0.gguf'],
      ['m-Q8_0-00001-of-00001.gguf'],
    ])
    expect(found.every(({ isComplete, label }) => isComplete && label === 'Q8_0')).toBe(true)
  })

  it('puts every GGUF file into one quantization, whatever the order', () => {
    const name = fc.stringMatching(/^[a-z0-9_/.-]{0,12}$/)
    const shardName = fc
      .tuple(name, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
      .map(([stem, at, of]) => `${stem}-0000${at}-of-0000${of}.gguf`)
    const paths = fc.uniqueArray(
      fc.oneof(
        name.map((stem) => `${stem}.gguf`),
        shardName,
      ),
    )
    fc.assert(
      fc.property(paths, (list) => {
        const found = quantizationsOf(repo(list.map((path) => file(path))))
        const reversed = quantizationsOf(repo(list.toReversed().map((path) => file(path))))
        expect(reversed).toEqual(found)
        expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
        const grouped = found.flatMap(({ files }) => files.map(({ path }) => path))
        expect(grouped.toSorted()).toEqual(list.toSorted())
        for (const { files, missing, isComplete } of found) {
          expect(isComplete).toBe(missing.length === 0)
          expect(files.map(({ path }) => path)).toEqual(files.map(({ path }) => path).toSorted())
        }
      }),
    )
  })
})

describe('quantizationFor', () => {
  const quantizations = quantizationsOf(
    repo([file('m-Q4_K_M.gguf'), file('Q8_0/m-Q8_0-00001-of-00001.gguf'), file('m-F16.gguf')]),
  )
  const find = (path: string | null, quantization: string | null) =>
    quantizationFor({ path, quantization }, quantizations)?.label ?? null

  it('finds by file, folder and label', () => {
    expect(find('m-F16.gguf', null)).toBe('F16')
    expect(find('Q8_0', null)).toBe('Q8_0')
    expect(find(null, 'q4_k_m')).toBe('Q4_K_M')
    expect(find(null, 'm-F16.gguf')).toBe('F16')
    expect(find(null, null)).toBeNull()
    expect(find('README.md', 'Q2_K')).toBeNull()
  })
})

describe('licenseTerms', () => {
  const page = 'https://huggingface.co/o/n'
  it.each([
    [{ id: 'cc-by-nc-4.0', name: null }, 'CC BY-NC 4.0', 'non-commercial'],
    [{ id: 'apache-2.0', name: null }, 'Apache 2.0', 'open'],
    [{ id: 'other', name: 'qwen-research' }, 'Qwen Research License', 'non-commercial'],
    [{ id: 'other', name: 'my-license' }, 'my-license', 'own-terms'],
    [{ id: 'other', name: null }, 'License of its own', 'own-terms'],
    [{ id: 'openrail', name: null }, 'openrail', 'own-terms'],
  ])('%j is %s', (license, label, use) => {
    expect(licenseTerms({ ...license, link: null }, page)).toMatchObject({ label, use })
  })

  it('leads to the own text, else to the known one, else to the page', () => {
    const url = (id: string, link: string | null) =>
      licenseTerms({ id, name: null, link }, page).url
    expect(url('apache-2.0', 'https://example.com/')).toBe('https://example.com/')
    expect(url('apache-2.0', null)).toBe('https://spdx.org/licenses/Apache-2.0.html')
    expect(url('other', null)).toBe(page)
    expect(licenseTerms(null, page)).toEqual({
      label: 'No license given',
      url: page,
      use: 'unknown',
    })
  })
})

describe('RECOMMENDED_MODELS', () => {
  it('names repositories, each once', () => {
    const repos = RECOMMENDED_MODELS.map(({ repo: id }) => id)
    expect(new Set(repos).size).toBe(repos.length)
    for (const id of repos) expect(parseRepoReference(id)).toMatchObject({ ok: true })
  })

  it('warns of every license that is not free', () => {
    for (const { license, terms } of RECOMMENDED_MODELS) {
      const { use } = licenseTerms({ id: license, name: null, link: null }, '')
      expect(terms === null).toBe(use === 'open')
      if (use === 'non-commercial') expect(terms).toContain('research only')
    }
  })
})
