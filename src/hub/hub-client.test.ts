import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { bytesContent } from '../../e2e/fixtures/hub-content.ts'
import type { Fault } from '../../e2e/fixtures/hub-faults.ts'
import { startHubServer, type HubServer } from '../../e2e/fixtures/hub-server.ts'
import { writeGguf } from '../core/gguf/__fixtures__/write-gguf.ts'
import { quantizationsOf } from './catalog.ts'
import { createHubClient, type HubClientDeps, type RepoFile } from './hub-client.ts'
import { rangeError, retryAfterMs } from './hub-error.ts'
import { parseRepoReference } from './repo-reference.ts'

const MIB = 1024 ** 2
/** A header of more than 1 MiB, so that it takes several reads. */
const TOKENS = Array.from({ length: 60_000 }, (_, index) => `token number ${index}`)
const GGUF = writeGguf({
  metadata: {
    'general.architecture': { type: 'string', value: 'qwen2' },
    'tokenizer.chat_template': { type: 'string', value: '{{ tools }}' },
    'tokenizer.ggml.tokens': { type: 'strings', value: TOKENS },
  },
  tensors: [{ name: 'a', shape: [256], type: 'f32' }],
})
const MODEL = {
  type: 'generated',
  sizeBytes: 40 * MIB,
  seed: 1,
  headBase64: Buffer.from(GGUF).toString('base64'),
} as const

const never = new AbortController().signal

let hub: HubServer
let token: string | null

beforeAll(async () => {
  hub = await startHubServer({ tokens: ['hf_reader', 'hf_stranger'], treePageSize: 3 })
  const { addRepo } = hub.control
  await addRepo({
    id: 'Acme/Tool-3b-GGUF',
    formerIds: ['acme-old/tool'],
    files: {
      'README.md': { type: 'text', text: '# Tool' },
      'sub/Tool-Q4_K_M.gguf': MODEL,
      'Tool-Q8_0-00001-of-00002.gguf': bytesContent(GGUF),
      'Tool-Q8_0-00002-of-00002.gguf': bytesContent(new Uint8Array(100)),
      'weird #name?.gguf': bytesContent(GGUF),
      'notes.gguf': bytesContent(new TextEncoder().encode('not a model')),
    },
    license: 'other',
    licenseName: 'acme-1.0',
    licenseLink: 'https://example.com/license',
    baseModel: 'Acme/Tool-3b',
    downloads: 900,
    likes: 7,
    gguf: {
      total: 3_000_000_000,
      architecture: 'qwen2',
      context_length: 32768,
      chat_template: '{{ tools }}',
    },
  })
  const tiny = { 'x-Q8_0.gguf': bytesContent(GGUF) }
  await addRepo({
    id: 'Acme/Gated-GGUF',
    files: tiny,
    gated: 'manual',
    authorizedTokens: ['hf_reader'],
  })
  await addRepo({
    id: 'Acme/Secret-GGUF',
    files: tiny,
    private: true,
    authorizedTokens: ['hf_reader'],
  })
  const config = {
    chat_template: 'from the config',
    bos_token: '<s>',
    eos_token: { content: '</s>' },
  }
  const json = { type: 'text', text: JSON.stringify(config) } as const
  await addRepo({ id: 'Acme/old', files: { 'tokenizer_config.json': json } })
  await addRepo({
    id: 'Acme/new',
    files: {
      'tokenizer_config.json': json,
      'chat_template.jinja': { type: 'text', text: 'of its own' },
    },
  })
  await addRepo({
    id: 'Acme/html',
    files: { 'tokenizer_config.json': { type: 'text', text: '<html>Log in</html>' } },
  })
  await addRepo({ id: 'Acme/no-model', files: { 'README.md': { type: 'text', text: '' } } })
  for (let index = 0; index < 45; index++) {
    await addRepo({ id: `Many/m${index}-GGUF`, files: tiny, downloads: index, license: 'mit' })
  }
})

afterAll(() => hub.close())

beforeEach(() => {
  token = null
})

afterEach(async () => {
  await hub.control.clearFaults(null)
  await hub.control.clearRequests(null)
})

function client(deps: Partial<HubClientDeps> = {}) {
  return createHubClient({ baseUrl: () => `${hub.url}/`, token: () => token, fetch, ...deps })
}

async function open(text: string, deps: Partial<HubClientDeps> = {}, signal = never) {
  const reference = parseRepoReference(text)
  if (!reference.ok) throw new Error(text)
  return client(deps).openRepo(reference.value, signal)
}

async function fileOf(text: string, path: string): Promise<RepoFile> {
  const repo = await open(text)
  const file = repo.ok ? repo.value.files.find((one) => one.path === path) : undefined
  if (!file) throw new Error(`${text} has no ${path}: ${JSON.stringify(repo)}`)
  return file
}

const withFault = (fault: Fault) => hub.control.addFault(fault)
const failOn = (on: Fault['on'], effect: Fault['effect']) => withFault({ on, effect })
const failedWith = (error: unknown) => ({ ok: false, error })

describe('searchModels', () => {
  it('gives GGUF models with what the Hub knows of them', async () => {
    const found = await client().searchModels({ text: ' tool ' }, never)
    expect(found).toEqual({
      ok: true,
      value: {
        next: null,
        models: [
          {
            id: 'Acme/Tool-3b-GGUF',
            downloads: 900,
            likes: 7,
            lastModified: '2026-01-02T03:04:05.000Z',
            gated: false,
            license: { id: 'other', name: null, link: null },
            tags: ['gguf', 'base_model:Acme/Tool-3b', 'license:other', 'region:us'],
            baseModel: 'Acme/Tool-3b',
            gguf: {
              parameterCount: 3_000_000_000,
              architecture: 'qwen2',
              contextLength: 32768,
              chatTemplate: '{{ tools }}',
            },
          },
        ],
      },
    })
  })

  it('goes page by page to the end', async () => {
    const ids: string[] = []
    let next: string | null = null
    do {
      const page = await client().searchModels({ text: 'Many/', next }, never)
      if (!page.ok) throw new Error(page.error.kind)
      ids.push(...page.value.models.map(({ id }) => id))
      next = page.value.next
    } while (next !== null)
    expect(ids).toEqual(Array.from({ length: 45 }, (_, index) => `Many/m${44 - index}-GGUF`))
  })

  it('finds nothing, not even private models, without an error', async () => {
    expect(await client().searchModels({ text: 'secret' }, never)).toEqual({
      ok: true,
      value: { models: [], next: null },
    })
  })

  it('leaves out an entry that it cannot read', async () => {
    const body = JSON.stringify([{ id: 'no-owner' }, { id: 'a/b' }, null, 7, { id: 'a/../../x' }])
    await failOn('api', { type: 'status', status: 200, body })
    expect(await client().searchModels({ text: '' }, never)).toMatchObject({
      value: { models: [{ id: 'a/b', downloads: 0, gguf: null, license: null }] },
    })
  })
})

describe('openRepo', () => {
  it('pins the commit and lists all files with size and hash', async () => {
    const repo = await open('Acme/Tool-3b-GGUF')
    if (!repo.ok) throw new Error(repo.error.kind)
    expect(repo.value).toMatchObject({
      id: 'Acme/Tool-3b-GGUF',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      revision: null,
      license: { id: 'other', name: 'acme-1.0', link: 'https://example.com/license' },
    })
    // More than one page of the tree.
    expect(
      repo.value.files.map(({ path, sizeBytes, sha256 }) => [path, sizeBytes, sha256?.length]),
    ).toEqual([
      ['README.md', 6, undefined],
      ['Tool-Q8_0-00001-of-00002.gguf', GGUF.length, 64],
      ['Tool-Q8_0-00002-of-00002.gguf', 100, 64],
      ['notes.gguf', 11, 64],
      ['sub/Tool-Q4_K_M.gguf', 40 * MIB, 64],
      ['weird #name?.gguf', GGUF.length, 64],
    ])
    expect(quantizationsOf(repo.value).map(({ label }) => label)).toContain('Q8_0')
  })

  it('stays at its commit when the branch moves on', async () => {
    const id = 'Acme/Moving-GGUF'
    await hub.control.addRepo({ id, files: { 'a-Q8_0.gguf': bytesContent(GGUF) } })
    const before = await fileOf(id, 'a-Q8_0.gguf')
    await hub.control.commit(id, { 'a-Q8_0.gguf': bytesContent(new Uint8Array(5)) })
    expect(await client().readHeader(before, never)).toMatchObject({ ok: true })
    const after = await fileOf(id, 'a-Q8_0.gguf')
    expect(after.commit).not.toBe(before.commit)
    expect(after.sizeBytes).toBe(5)
    const pinned = await open(`https://huggingface.co/${id}/tree/${before.commit}`)
    expect(pinned).toMatchObject({ value: { commit: before.commit, revision: before.commit } })
  })

  it('follows a former name and another case to the present one', async () => {
    for (const text of ['acme-old/tool', 'ACME/tool-3b-gguf']) {
      expect(await open(text)).toMatchObject({ value: { id: 'Acme/Tool-3b-GGUF' } })
    }
  })

  it('refuses a list of files that could write elsewhere or has no sizes', async () => {
    const sha256 = 'a'.repeat(64)
    for (const entry of [
      { type: 'file', path: '../x.gguf', size: 1 },
      { type: 'file', path: 'a//x.gguf', size: 1 },
      { type: 'file', path: 'x.gguf' },
      { type: 'file', path: 'x.gguf', size: -1 },
      { type: 'file', path: 'x.gguf', size: 1, lfs: { oid: 'no hash', size: 1 } },
      { type: 'file', path: 'x.gguf', size: 1, lfs: { oid: sha256.slice(1), size: 1 } },
    ]) {
      const body = JSON.stringify([entry])
      await withFault({
        on: 'api',
        skip: 1,
        times: 1,
        effect: { type: 'status', status: 200, body },
      })
      expect(await open('Acme/Tool-3b-GGUF')).toMatchObject(failedWith({ kind: 'bad-response' }))
      await hub.control.clearFaults(null)
    }
  })
})

describe('readHeader', () => {
  it('reads no more of a large file than its header', async () => {
    const file = await fileOf('Acme/Tool-3b-GGUF', 'sub/Tool-Q4_K_M.gguf')
    await hub.control.clearRequests(null)
    const header = await client().readHeader(file, never)
    expect(header).toMatchObject({
      ok: true,
      value: { architecture: 'qwen2', chatTemplate: '{{ tools }}', tensorCount: 1 },
    })
    const data = (await hub.control.requests(file.repo)).filter(({ host }) => host === 'data')
    // Each part once, one after the other.
    expect(data.map(({ range }) => range)).toEqual(['bytes=0-1048575', 'bytes=1048576-2097151'])
  })

  it('finds files with odd names', async () => {
    const file = await fileOf('Acme/Tool-3b-GGUF', 'weird #name?.gguf')
    expect(await client().readHeader(file, never)).toMatchObject({ ok: true })
  })

  it('reads from a mirror without Range, and stops there too', async () => {
    await failOn('data', { type: 'no-range' })
    const file = await fileOf('Acme/Tool-3b-GGUF', 'sub/Tool-Q4_K_M.gguf')
    expect(await client().readHeader(file, never)).toMatchObject({ ok: true })
    await vi.waitFor(async () => {
      const data = (await hub.control.requests(file.repo)).filter(({ host }) => host === 'data')
      expect(data.map(({ isOpen }) => isOpen)).toEqual([false, false])
      expect(Math.max(...data.map(({ sentBytes }) => sentBytes))).toBeLessThan(30 * MIB)
    })
  })

  it('says what is wrong with a file that is no model', async () => {
    const file = await fileOf('Acme/Tool-3b-GGUF', 'notes.gguf')
    const error = { kind: 'bad-header', error: { kind: 'not-gguf', looksLike: 'text' } }
    expect(await client().readHeader(file, never)).toEqual(failedWith(error))
  })

  it('refuses another part than it asked for, and a file of another size', async () => {
    const file = await fileOf('Acme/Tool-3b-GGUF', 'sub/Tool-Q4_K_M.gguf')
    await failOn('data', { type: 'shifted-range', byBytes: 8 })
    const badResponse = failedWith({ kind: 'bad-response', detail: expect.any(String) })
    expect(await client().readHeader(file, never)).toEqual(badResponse)
    await hub.control.clearFaults(null)
    const larger = { ...file, sizeBytes: file.sizeBytes + 1 }
    expect(await client().readHeader(larger, never)).toEqual(badResponse)
  })

  it('notices a connection that breaks in the middle', async () => {
    const file = await fileOf('Acme/Tool-3b-GGUF', 'sub/Tool-Q4_K_M.gguf')
    await failOn('data', { type: 'cut', afterBytes: 1000 })
    expect(await client().readHeader(file, never)).toMatchObject(failedWith({ kind: 'network' }))
  })
})

describe('the token', () => {
  it('goes to the Hub in a header, and not to the second host', async () => {
    token = 'hf_reader'
    const file = await fileOf('Acme/Gated-GGUF', 'x-Q8_0.gguf')
    expect(await client().readHeader(file, never)).toMatchObject({ ok: true })
    const requests = await hub.control.requests('Acme/Gated-GGUF')
    expect(requests.length).toBeGreaterThan(3)
    for (const { host, authorization, url } of requests) {
      expect(authorization).toBe(host === 'hub' ? 'Bearer hf_reader' : null)
      expect(url).not.toContain('hf_reader')
    }
  })

  it('opens what is private', async () => {
    token = 'hf_reader'
    expect(await open('Acme/Secret-GGUF')).toMatchObject({ ok: true })
  })

  it('is asked for by the origin that it is for', async () => {
    const origins: string[] = []
    await open('Acme/Gated-GGUF', { token: (origin) => (origins.push(origin), null) })
    expect(new Set(origins)).toEqual(new Set([hub.url]))
  })

  it('does not follow the next page to another host', async () => {
    token = 'hf_reader'
    const headers = { Link: '<https://huggingface.co/api/models?cursor=Mg%3D%3D>; rel="next"' }
    await withFault({
      on: 'api',
      times: 1,
      effect: { type: 'status', status: 200, body: '[]', headers },
    })
    const first = await client().searchModels({ text: 'many' }, never)
    expect(first).toMatchObject({ value: { next: 'Mg==' } })
    const hosts: string[] = []
    const watching: typeof fetch = (input, init) => {
      hosts.push(new Request(input).url.slice(0, hub.url.length))
      return fetch(input, init)
    }
    await client({ fetch: watching }).searchModels({ text: 'many', next: 'Mg==' }, never)
    expect(hosts).toEqual([hub.url])
  })
})

describe('errors', () => {
  const gated = (hadToken: boolean) =>
    failedWith({ kind: 'gated', termsUrl: `${hub.url}/Acme/Gated-GGUF`, hadToken })

  it('gated: its files want a token, its description does not', async () => {
    const file = await fileOf('Acme/Gated-GGUF', 'x-Q8_0.gguf')
    expect(await open('Acme/Gated-GGUF')).toMatchObject({ value: { gated: 'manual' } })
    expect(await client().readHeader(file, never)).toEqual(gated(false))
    token = 'hf_stranger'
    expect(await client().readHeader(file, never)).toEqual(gated(true))
    token = 'hf_reader'
    expect(await client().readHeader(file, never)).toMatchObject({ ok: true })
  })

  it('not-found: repository, revision and file', async () => {
    const missing = (what: string, mayBePrivate = false) =>
      failedWith({ kind: 'not-found', what, mayBePrivate })
    expect(await open('Acme/nothing')).toEqual(missing('repo', true))
    expect(await open('Acme/Secret-GGUF')).toEqual(missing('repo', true))
    token = 'hf_stranger'
    expect(await open('Acme/nothing')).toEqual(missing('repo'))
    expect(await open('Acme/Secret-GGUF')).toEqual(missing('repo'))
    token = null
    expect(await open('https://huggingface.co/Acme/Tool-3b-GGUF/tree/v9')).toEqual(
      missing('revision'),
    )
    const file = await fileOf('Acme/Tool-3b-GGUF', 'notes.gguf')
    expect(await client().readHeader({ ...file, path: 'gone.gguf' }, never)).toEqual(
      missing('file'),
    )
  })

  it('unauthorized: a token that nobody knows', async () => {
    token = 'hf_wrong'
    expect(await open('Acme/nothing')).toEqual(failedWith({ kind: 'unauthorized', status: 401 }))
    await failOn('api', { type: 'status', status: 403 })
    const refused = failedWith({ kind: 'unauthorized', status: 403 })
    expect(await client().searchModels({ text: '' }, never)).toEqual(refused)
  })

  it('rate-limited: with the time to wait', async () => {
    await failOn('api', { type: 'rate-limit', retryAfterSeconds: 55 })
    const limited = failedWith({ kind: 'rate-limited', retryAfterMs: 55_000 })
    expect(await client().searchModels({ text: '' }, never)).toEqual(limited)
  })

  it('server and bad-response', async () => {
    await withFault({ on: 'api', times: 1, effect: { type: 'status', status: 503 } })
    expect(await open('Acme/Tool-3b-GGUF')).toMatchObject(
      failedWith({ kind: 'server', status: 503 }),
    )
    for (const body of ['<!doctype html>', '{}', '[]', 'null', '{"id":"a/b","sha":"main"}']) {
      await withFault({ on: 'api', times: 1, effect: { type: 'status', status: 200, body } })
      expect(await open('Acme/Tool-3b-GGUF')).toMatchObject(failedWith({ kind: 'bad-response' }))
    }
  })

  it('network, offline and timeout', async () => {
    await failOn('api', { type: 'refuse' })
    const { host } = new URL(hub.url)
    expect(await open('Acme/Tool-3b-GGUF')).toEqual(
      failedWith({ kind: 'network', host, detail: expect.any(String) }),
    )
    const offline = await open('Acme/Tool-3b-GGUF', { isOnline: () => false })
    expect(offline).toEqual(failedWith({ kind: 'offline' }))
    await hub.control.clearFaults(null)
    // Before the headers, and in the middle of the body.
    for (const afterBytes of [-1, 10]) {
      await withFault({ on: 'api', times: 1, effect: { type: 'stall', afterBytes } })
      expect(await open('Acme/Tool-3b-GGUF', { timeoutMs: 100 })).toEqual(
        failedWith({ kind: 'timeout', host, timeoutMs: 100 }),
      )
    }
  })

  it('aborted: before, and at any time on the way', async () => {
    expect(await open('Acme/Tool-3b-GGUF', {}, AbortSignal.abort())).toEqual(
      failedWith({ kind: 'aborted' }),
    )
    for (const afterBytes of [-1, 10]) {
      await withFault({ on: 'api', times: 1, effect: { type: 'stall', afterBytes } })
      const controller = new AbortController()
      const opening = open('Acme/Tool-3b-GGUF', {}, controller.signal)
      await vi.waitFor(async () => expect(await hub.control.requests(null)).not.toEqual([]))
      controller.abort()
      expect(await opening).toEqual(failedWith({ kind: 'aborted' }))
      await hub.control.clearRequests(null)
    }
  })
})

describe('retryAfterMs', () => {
  const now = Date.parse('2026-11-23T00:00:00Z')
  it.each([
    [{}, null],
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 00:00:09 GMT' }, 9000],
    [{ 'retry-after': 'Mon, 23 Nov 2020 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon', ratelimit: '"api";r=0;t=55' }, 55_000],
    [{ ratelimit: '"default";r=50;t=30, "api";r=0;t=137' }, 137_000],
    [{ ratelimit: 'nonsense' }, null],
  ])('%j is %s', (headers, expected) => {
    expect(retryAfterMs(new Headers(headers as Record<string, string>), now)).toBe(expected)
  })
})

describe('rangeError', () => {
  const range = { start: 5, end: 10, sizeBytes: 20 }
  const answer = (status: number, contentRange: string | null) =>
    rangeError(
      new Response(null, {
        status,
        headers: contentRange === null ? {} : { 'content-range': contentRange },
      }),
      range,
    )?.kind ?? null

  it('takes only the part that was asked for', () => {
    expect(answer(206, 'bytes 5-9/20')).toBeNull()
    expect(answer(206, 'bytes 5-9/*')).toBeNull()
    // Not exposed by a mirror.
    expect(answer(206, null)).toBeNull()
    expect(answer(200, null)).toBe('range-unsupported')
    expect(answer(416, 'bytes */4')).toBe('bad-response')
    for (const other of ['bytes 4-9/20', 'bytes 5-8/20', 'bytes 5-9/21', 'nonsense']) {
      expect(answer(206, other)).toBe('bad-response')
    }
  })
})

describe('the texts of a repository that prompts are made with', () => {
  async function textsOf(repo: string, signal = never) {
    const reference = parseRepoReference(repo)
    if (!reference.ok) throw new Error(repo)
    return client().readPromptTexts(reference.value, signal)
  }

  it('come from the tokenizer’s configuration, and a template file counts more', async () => {
    const tokens = { bosToken: '<s>', eosToken: '</s>' }
    expect(await textsOf('Acme/old')).toEqual({
      ok: true,
      value: { chatTemplate: 'from the config', ...tokens },
    })
    expect(await textsOf('Acme/new')).toEqual({
      ok: true,
      value: { chatTemplate: 'of its own', ...tokens },
    })
  })

  it('are refused with a reason', async () => {
    expect(await textsOf('Acme/html')).toMatchObject({ error: { kind: 'bad-response' } })
    expect(await textsOf('Acme/no-model')).toMatchObject({ error: { kind: 'not-found' } })
    expect(await textsOf('Acme/new', AbortSignal.abort())).toMatchObject({
      error: { kind: 'aborted' },
    })
  })
})
