import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseRepoReference, repoId, type RepoReference } from './repo-reference.ts'

const COMMIT = '607a30d783dfa663caf39e06633721c8d4cfcd7e'

function reference(changes: Partial<RepoReference> = {}): RepoReference {
  const plain = { owner: 'o-w', name: 'n.a_m-e', revision: null, path: null, quantization: null }
  return { ...plain, ...changes }
}

describe('parseRepoReference', () => {
  it.each<readonly [string, Partial<RepoReference>]>([
    ['o-w/n.a_m-e', {}],
    ['  "o-w/n.a_m-e/" ', {}],
    ['<https://huggingface.co/o-w/n.a_m-e>', {}],
    ['o-w/n.a_m-e:Q4_K_M', { quantization: 'Q4_K_M' }],
    ['hf.co/o-w/n.a_m-e:Q4_K_M', { quantization: 'Q4_K_M' }],
    ['huggingface.co/o-w/n.a_m-e', {}],
    ['https://www.huggingface.co/o-w/n.a_m-e?library=gguf#x', {}],
    ['HTTPS://HuggingFace.co/o-w/n.a_m-e/', {}],
    ['https://huggingface.co/o-w/n.a_m-e/tree/main', { revision: 'main' }],
    ['https://huggingface.co/o-w/n.a_m-e/discussions/3', {}],
    [
      'https://huggingface.co/o-w/n.a_m-e/tree/refs%2Fpr%2F1/a%20b',
      { revision: 'refs/pr/1', path: 'a b' },
    ],
    [
      'https://huggingface.co/o-w/n.a_m-e/blob/refs/pr/1/x.gguf',
      { revision: 'refs/pr/1', path: 'x.gguf' },
    ],
    [`https://huggingface.co/o-w/n.a_m-e/commit/${COMMIT}`, { revision: COMMIT }],
    [
      'https://huggingface.co/o-w/n.a_m-e/blob/main/a/x.gguf',
      { revision: 'main', path: 'a/x.gguf' },
    ],
    [
      'https://huggingface.co/o-w/n.a_m-e/resolve/main/x.gguf?download=true',
      { revision: 'main', path: 'x.gguf' },
    ],
    ['https://huggingface.co/o-w/n.a_m-e?show_file_info=a%2Fx.gguf', { path: 'a/x.gguf' }],
    ['https://huggingface.co/api/models/o-w/n.a_m-e', {}],
    ['https://huggingface.co/api/models/o-w/n.a_m-e/revision/v1', { revision: 'v1' }],
    ['https://huggingface.co/api/models/o-w/n.a_m-e/tree/main/a', { revision: 'main', path: 'a' }],
    [
      `https://huggingface.co/api/resolve-cache/models/o-w/n.a_m-e/${COMMIT}/x.json?etag=1`,
      { revision: COMMIT, path: 'x.json' },
    ],
    ['https://hf-mirror.com/o-w/n.a_m-e', {}],
    [
      'http://192.168.1.5:8080/o-w/n.a_m-e/resolve/main/x.gguf',
      { revision: 'main', path: 'x.gguf' },
    ],
    ['hf://o-w/n.a_m-e', {}],
    ['hf://models/o-w/n.a_m-e@refs/pr/1', { revision: 'refs/pr/1' }],
    ['hf://o-w/n.a_m-e@refs%2Fpr%2F1/x.gguf', { revision: 'refs/pr/1', path: 'x.gguf' }],
    ['hf://o-w/n.a_m-e@v2/a/x.gguf', { revision: 'v2', path: 'a/x.gguf' }],
    [
      'https://huggingface.co/o-w/n.a_m-e/blob/main/100%.gguf',
      { revision: 'main', path: '100%.gguf' },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseRepoReference(text)).toEqual({ ok: true, value: reference(expected) })
  })

  it.each([
    ['', { kind: 'empty' }],
    ['  "" ', { kind: 'empty' }],
    ['gpt2', { kind: 'no-owner', name: 'gpt2' }],
    ['https://huggingface.co/Salesforce', { kind: 'no-owner', name: 'Salesforce' }],
    ['a/b/c', { kind: 'invalid-name', name: 'a/b/c' }],
    ['a b/c', { kind: 'invalid-name', name: 'a b' }],
    ['../etc', { kind: 'invalid-name', name: '..' }],
    ['o/..', { kind: 'invalid-name', name: '..' }],
    ['o/a--b', { kind: 'invalid-name', name: 'a--b' }],
    ['o/-a', { kind: 'invalid-name', name: '-a' }],
    ['o/a.git', { kind: 'invalid-name', name: 'a.git' }],
    [`o/${'a'.repeat(97)}`, { kind: 'invalid-name', name: 'a'.repeat(97) }],
    ['https://huggingface.co/datasets/o/n', { kind: 'not-a-model', what: 'dataset' }],
    ['spaces/o/n', { kind: 'not-a-model', what: 'space' }],
    ['https://huggingface.co/models?search=xlam', { kind: 'not-a-model', what: 'page' }],
    ['https://github.com/o/n', { kind: 'unknown-url', url: 'https://github.com/o/n' }],
    ['https://huggingface.co/', { kind: 'unknown-url', url: 'https://huggingface.co/' }],
    [
      'https://huggingface.co/api/datasets/o/n',
      { kind: 'unknown-url', url: 'https://huggingface.co/api/datasets/o/n' },
    ],
  ])('refuses %j', (text, error) => {
    expect(parseRepoReference(text)).toEqual({ ok: false, error })
  })

  it('knows the mirror in use, also below a path', () => {
    const base = 'http://workshop.local:9000/hub/'
    const ours = parseRepoReference('http://workshop.local:9000/hub/o-w/n.a_m-e', base)
    expect(ours).toEqual({ ok: true, value: reference() })
    const short = parseRepoReference('workshop.local:9000/hub/o-w/n.a_m-e', base)
    expect(short).toMatchObject({ ok: true })
    expect(parseRepoReference('http://workshop.local:9000/o-w/n.a_m-e')).toMatchObject({
      ok: false,
    })
  })

  it('reads back every form of the same repository, revision and path', () => {
    const name = fc
      .stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?$/)
      .filter((text) => !/--|\.\.|\.git$/.test(text))
    const owner = name.filter(
      (text) =>
        !/^(datasets|spaces|collections|papers|buckets|blog|docs|models|tasks|settings|organizations|posts|learn|api)$/.test(
          text,
        ),
    )
    const part = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter((text) => !/^\.{1,2}$/.test(text) && !text.includes('/'))
    fc.assert(
      fc.property(owner, name, part, fc.array(part, { minLength: 1, maxLength: 3 }), (...all) => {
        const [someOwner, someName, revision, parts] = all
        fc.pre(revision !== 'refs')
        const id = repoId({ owner: someOwner, name: someName })
        const plain = { owner: someOwner, name: someName, quantization: null }
        expect(parseRepoReference(id)).toEqual({
          ok: true,
          value: { ...plain, revision: null, path: null },
        })
        const path = parts.map(encodeURIComponent).join('/')
        for (const verb of ['blob', 'resolve', 'tree', 'raw']) {
          const url = `https://huggingface.co/${id}/${verb}/${encodeURIComponent(revision)}/${path}?x=1`
          expect(parseRepoReference(url)).toEqual({
            ok: true,
            value: { ...plain, revision, path: parts.join('/') },
          })
        }
      }),
    )
  })

  it('never throws, and never lets a name lead elsewhere', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `https://huggingface.co/${text}`),
      fc.string().map((text) => `hf://${text}`),
    )
    fc.assert(
      fc.property(texts, fc.string(), (text, base) => {
        const result = parseRepoReference(text, base)
        if (!result.ok) return
        expect(new URL(`https://hub/${repoId(result.value)}`).pathname).toBe(
          `/${repoId(result.value)}`,
        )
      }),
    )
  })
})
