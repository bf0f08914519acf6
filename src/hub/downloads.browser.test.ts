import { sha256 } from 'hash-wasm'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'

import { connectHubControl } from '../../e2e/fixtures/hub-control.ts'
import type {} from '../../e2e/fixtures/hub-server-setup.ts'
import type { Fault } from '../../e2e/fixtures/hub-faults.ts'
import type { Download, DownloadRequest, DownloadTuning } from './download-state.ts'
import { createDownloads, type Downloads } from './downloads.ts'

const MEBIBYTE = 2 ** 20
const { url: hubUrl, controlUrl } = inject('hubServer')
const hub = connectHubControl(controlUrl)

const TUNING: Partial<DownloadTuning> = {
  pieceBytes: MEBIBYTE,
  stallMs: 400,
  backoffMs: 20,
  maxAttempts: 4,
  checkpointBytes: 2 * MEBIBYTE,
  progressMs: 20,
}

let repo = ''
let folder = ''
let clients: Downloads[] = []
let token: string | null = null

beforeEach(() => {
  const name = crypto.randomUUID()
  repo = `callground-tests/${name}`
  folder = `test-downloads/${name}`
  clients = []
  token = null
})

afterEach(async () => {
  for (const client of clients) client.close()
  await hub.removeRepo(repo)
  await hub.clearFaults(repo)
  const root = await navigator.storage.getDirectory()
  const parent = await root.getDirectoryHandle('test-downloads', { create: true })
  // Files of a worker that was just ended are held for a moment longer.
  await expect
    .poll(() =>
      parent.removeEntry(folder.split('/')[1] ?? '', { recursive: true }).then(
        () => true,
        (cause: Error) => cause.name === 'NotFoundError',
      ),
    )
    .toBe(true)
})

type FixtureFile = { readonly path: string; readonly sizeBytes: number; readonly seed: number }

const ONE_FILE = [{ path: 'model.gguf', sizeBytes: 8 * MEBIBYTE + 12345, seed: 1 }]

async function addRepo(
  files: readonly FixtureFile[] = ONE_FILE,
  options: { readonly gated?: 'auto'; readonly authorizedTokens?: readonly string[] } = {},
): Promise<DownloadRequest> {
  const contents = files.map(
    ({ path, sizeBytes, seed }) => [path, { type: 'generated', sizeBytes, seed }] as const,
  )
  const commit = await hub.addRepo({ id: repo, files: Object.fromEntries(contents), ...options })
  const tree = await fetch(`${hubUrl}/api/models/${repo}/tree/${commit}?recursive=true`)
  const entries = (await tree.json()) as { path: string; lfs?: { oid: string } }[]
  return {
    repo,
    commit,
    quantization: 'Q4_K_M',
    files: files.map(({ path, sizeBytes }) => ({
      path,
      url: `${hubUrl}/${repo}/resolve/${commit}/${path}`,
      sizeBytes,
      sha256: entries.find((entry) => entry.path === path)?.lfs?.oid ?? null,
      etag: null,
    })),
  }
}

function open(tuning: Partial<DownloadTuning> = {}): Downloads {
  const client = createDownloads({
    baseUrl: () => hubUrl,
    token: () => token,
    folder,
    tuning: { ...TUNING, ...tuning },
  })
  clients.push(client)
  return client
}

function until(client: Downloads, test: (download: Download) => boolean): Promise<Download> {
  return new Promise((resolve) => {
    const look = (downloads: readonly Download[]) => {
      const found = downloads.find(test)
      if (!found) return
      stop()
      resolve(found)
    }
    const stop = client.subscribe(look)
    queueMicrotask(() => look(client.list()))
  })
}

const ended = (client: Downloads) =>
  until(client, ({ state }) => state.type === 'done' || state.type === 'failed')

const fault = (on: Fault['on'], effect: Fault['effect'], rest: Partial<Fault> = {}) =>
  hub.addFault({ on, repo, effect, ...rest })

async function entryFolder(id: string) {
  let at = await navigator.storage.getDirectory()
  for (const part of [...folder.split('/'), id]) at = await at.getDirectoryHandle(part)
  return at
}

async function namesIn(id: string): Promise<readonly string[]> {
  const names: string[] = []
  for await (const name of (await entryFolder(id)).keys()) names.push(name)
  return names.toSorted()
}

async function storedHash(id: string, name = 'model.gguf'): Promise<string> {
  const files = await (await entryFolder(id)).getDirectoryHandle('files')
  const file = await (await files.getFileHandle(name)).getFile()
  return sha256(new Uint8Array(await file.arrayBuffer()))
}

/** Bytes that the second host sent. */
async function sentBytes(): Promise<number> {
  const requests = await hub.requests(repo)
  return requests
    .filter(({ host }) => host === 'data')
    .reduce((sum, request) => sum + request.sentBytes, 0)
}

async function expectStored(id: string, request: DownloadRequest): Promise<void> {
  expect(await namesIn(id)).toEqual(['files', 'manifest.json'])
  for (const file of request.files) expect(await storedHash(id, file.path)).toBe(file.sha256)
}

describe('a download', () => {
  it('stores a file in parallel ranges and verifies it', async () => {
    const request = await addRepo()
    const client = open()
    const id = client.start(request)
    const done = await ended(client)
    expect(done).toMatchObject({
      id,
      repo,
      quantization: 'Q4_K_M',
      state: { type: 'done' },
      doneBytes: done.sizeBytes,
      verifiedBytes: done.sizeBytes,
      isInOtherTab: false,
    })
    await expectStored(id, request)
    const requests = await hub.requests(repo)
    const resolved = requests.filter(
      ({ url, method }) => url.includes('/resolve/') && method === 'GET',
    )
    // The signed link is kept: the Hub's own host is asked once.
    expect(resolved).toHaveLength(1)
    expect(await sentBytes()).toBe(request.files[0]?.sizeBytes)
  })

  it('fetches the shards of a model beside each other', async () => {
    const request = await addRepo([
      { path: 'm-00001-of-00003.gguf', sizeBytes: 3 * MEBIBYTE + 1, seed: 2 },
      { path: 'm-00002-of-00003.gguf', sizeBytes: 3 * MEBIBYTE, seed: 3 },
      { path: 'm-00003-of-00003.gguf', sizeBytes: 5, seed: 4 },
    ])
    const client = open()
    const id = client.start(request)
    expect((await ended(client)).state).toEqual({ type: 'done' })
    await expectStored(id, request)
  })

  it('says how fast it is and how long it will take', async () => {
    await fault('data', { type: 'slow', bytesPerSecond: 4 * MEBIBYTE })
    const request = await addRepo()
    const client = open()
    client.start(request)
    const moving = await until(
      client,
      ({ state, doneBytes }) => state.type === 'running' && doneBytes > 4 * MEBIBYTE,
    )
    expect(moving.bytesPerSecond / MEBIBYTE).toBeGreaterThan(2)
    expect(moving.bytesPerSecond / MEBIBYTE).toBeLessThan(8)
    expect(moving.secondsLeft).toBeCloseTo(
      (moving.sizeBytes - moving.doneBytes) / moving.bytesPerSecond,
      5,
    )
    expect(moving.files[0]?.secondsLeft).toBeGreaterThan(0)
  })

  it('sends the token to the Hub only', async () => {
    token = 'hf_reader'
    const request = await addRepo(ONE_FILE, { gated: 'auto', authorizedTokens: ['hf_reader'] })
    const client = open()
    client.start(request)
    expect((await ended(client)).state).toEqual({ type: 'done' })
    const requests = await hub.requests(repo)
    const told = (host: string) => [
      ...new Set(
        requests
          .filter(
            (one) =>
              one.host === host &&
              one.url.includes('resolve') === (host === 'hub') &&
              one.method === 'GET',
          )
          .map(({ authorization }) => authorization),
      ),
    ]
    expect(told('hub')).toEqual(['Bearer hf_reader'])
    expect(told('data')).toEqual([null])
    expect(requests.some(({ url }) => url.includes('hf_reader'))).toBe(false)
  })
})

describe('going on', () => {
  it('pauses, keeps what it has, and resumes', async () => {
    await fault('data', { type: 'slow', bytesPerSecond: 6 * MEBIBYTE })
    const request = await addRepo()
    const client = open()
    const id = client.start(request)
    await until(client, ({ doneBytes }) => doneBytes > 3 * MEBIBYTE)
    client.pause(id)
    const paused = await until(client, ({ state }) => state.type === 'paused')
    expect(paused.doneBytes).toBeGreaterThanOrEqual(0)
    const before = await sentBytes()
    await hub.clearFaults(repo)
    client.resume(id)
    await ended(client)
    await expectStored(id, request)
    expect(await sentBytes()).toBeGreaterThanOrEqual(before)
  })

  it('a tab that opens later goes on where a tab that died was, one piece per range lost at most', async () => {
    await fault('data', { type: 'slow', bytesPerSecond: 6 * MEBIBYTE })
    const request = await addRepo()
    const first = open({ parallelRanges: 2 })
    const id = first.start(request)
    await until(first, ({ doneBytes }) => doneBytes > 5 * MEBIBYTE)
    first.close()
    await hub.clearFaults(repo)
    // What the connections had sent, as far as it can have arrived.
    await hub.clearRequests(repo)
    const second = open()
    const taken = await until(second, () => true)
    expect(taken.doneBytes).toBeGreaterThanOrEqual(3 * MEBIBYTE)
    await ended(second)
    await expectStored(id, request)
    expect(await sentBytes()).toBeLessThanOrEqual((8 - 3) * MEBIBYTE + 12345)
  })

  it('a paused download stays paused when the page is opened again', async () => {
    await fault('data', { type: 'slow', bytesPerSecond: 6 * MEBIBYTE })
    const first = open({ parallelRanges: 2 })
    const id = first.start(await addRepo())
    await until(first, ({ doneBytes }) => doneBytes > 3 * MEBIBYTE)
    first.pause(id)
    await until(first, ({ state }) => state.type === 'paused')
    first.close()
    const second = open()
    const found = await until(second, ({ id: other }) => other === id)
    expect(found.state).toEqual({ type: 'paused' })
    expect(found.doneBytes).toBeGreaterThan(0)
  })

  it('cancelling leaves nothing behind', async () => {
    await fault('data', { type: 'slow', bytesPerSecond: 6 * MEBIBYTE })
    const client = open()
    const id = client.start(await addRepo())
    await until(client, ({ doneBytes }) => doneBytes > MEBIBYTE)
    client.cancel(id)
    await expect.poll(() => client.list()).toEqual([])
    await expect(entryFolder(id)).rejects.toThrow(/could not be found/)
  })
})

describe('a crash', () => {
  it.each([
    ['before the manifest was there', ''],
    ['while the manifest was written', '{"version":1,"origin":"hub","re'],
  ])('%s: the download finishes by its journal', async (_, torn) => {
    const request = await addRepo()
    const first = open()
    await fault('data', { type: 'slow', bytesPerSecond: 8 * MEBIBYTE })
    const id = first.start(request)
    await until(first, ({ doneBytes }) => doneBytes > 7 * MEBIBYTE)
    first.close()
    const writable = await (
      await (await entryFolder(id)).getFileHandle('manifest.json', { create: true })
    ).createWritable()
    await writable.write(torn)
    await writable.close()
    const second = open()
    expect((await ended(second)).state).toEqual({ type: 'done' })
    await expectStored(id, request)
  })

  it('a journal that cannot be read is a leftover, and starting again replaces it', async () => {
    const request = await addRepo()
    await fault('data', { type: 'slow', bytesPerSecond: 4 * MEBIBYTE })
    const first = open()
    const id = first.start(request)
    await until(first, ({ doneBytes }) => doneBytes > MEBIBYTE)
    first.close()
    await hub.clearFaults(repo)
    const entry = await entryFolder(id)
    await expect
      .poll(async () => {
        try {
          const writable = await (await entry.getFileHandle('journal')).createWritable()
          await writable.write('rubbish')
          await writable.close()
          return 'written'
        } catch (cause) {
          return String(cause)
        }
      })
      .toBe('written')
    const second = open()
    second.start(request)
    expect((await ended(second)).state).toEqual({ type: 'done' })
    await expectStored(id, request)
  })
})

describe('several tabs', () => {
  it('one downloads, the others show it and steer it', async () => {
    await fault('data', { type: 'slow', bytesPerSecond: 6 * MEBIBYTE })
    const request = await addRepo()
    const first = open()
    const second = open()
    const id = first.start(request)
    const seen = await until(second, ({ doneBytes }) => doneBytes > 2 * MEBIBYTE)
    expect(seen).toMatchObject({ id, isInOtherTab: true })
    second.start(request)
    second.pause(id)
    await until(first, ({ state }) => state.type === 'paused')
    await until(second, ({ state }) => state.type === 'paused')
    await hub.clearFaults(repo)
    second.resume(id)
    await ended(second)
    await expectStored(id, request)
    expect(first.list()[0]?.isInOtherTab).toBe(false)
  })

  it('another one takes over when the one that downloads dies', async () => {
    await fault('data', { type: 'slow', bytesPerSecond: 6 * MEBIBYTE })
    const request = await addRepo()
    const first = open()
    const second = open()
    const id = first.start(request)
    await until(second, ({ doneBytes }) => doneBytes > 4 * MEBIBYTE)
    first.close()
    await hub.clearFaults(repo)
    const done = await until(second, ({ state }) => state.type === 'done')
    expect(done.isInOtherTab).toBe(false)
    await expectStored(id, request)
  })
})

describe('faults that pass', () => {
  const cases: Readonly<Record<string, readonly [Fault['on'], Fault['effect'], Partial<Fault>?]>> =
    {
      'a connection that is cut': ['data', { type: 'cut', afterBytes: 500_000 }, { times: 5 }],
      'a connection that is refused': ['data', { type: 'refuse' }, { times: 3 }],
      'a connection that stalls': ['data', { type: 'stall', afterBytes: 300_000 }, { times: 2 }],
      'an answer that does not come': ['data', { type: 'stall', afterBytes: -1 }, { times: 2 }],
      'a server error': ['data', { type: 'status', status: 500 }, { times: 3 }],
      'a server error of the Hub': ['resolve', { type: 'status', status: 502 }, { times: 2 }],
      'too many requests': [
        'resolve',
        { type: 'rate-limit', retryAfterSeconds: 0, isExposed: true },
        { times: 2 },
      ],
      'too many requests, without saying until when': [
        'resolve',
        { type: 'rate-limit', retryAfterSeconds: 9 },
        { times: 1 },
      ],
      'a signed link that is over': [
        'data',
        { type: 'status', status: 403 },
        { skip: 2, times: 1 },
      ],
      'an answer with other bytes than asked for': [
        'data',
        { type: 'shifted-range', byBytes: 7 },
        { times: 1 },
      ],
    }
  for (const [name, [on, effect, rest]] of Object.entries(cases)) {
    it(`survives ${name}`, async () => {
      const request = await addRepo()
      await fault(on, effect, rest)
      const client = open()
      const id = client.start(request)
      expect((await ended(client)).state).toEqual({ type: 'done' })
      await expectStored(id, request)
    })
  }

  it('goes on in the middle of a piece when connections never last for one', async () => {
    const request = await addRepo([{ path: 'model.gguf', sizeBytes: 3 * MEBIBYTE, seed: 9 }])
    await fault('data', { type: 'cut', afterBytes: 400_000 })
    const client = open()
    const id = client.start(request)
    expect((await ended(client)).state).toEqual({ type: 'done' })
    await expectStored(id, request)
  })

  it('waits as long as the server asks for', async () => {
    const request = await addRepo()
    await fault(
      'resolve',
      { type: 'rate-limit', retryAfterSeconds: 1, isExposed: true },
      { times: 1 },
    )
    const client = open()
    const startedAtMs = performance.now()
    client.start(request)
    const waiting = await until(
      client,
      ({ state }) => state.type === 'running' && state.wait !== null,
    )
    expect(waiting.state).toMatchObject({ wait: { reason: 'rate-limited' } })
    await ended(client)
    expect(performance.now() - startedAtMs).toBeGreaterThan(1000)
  })

  it('asks for a new link when the old one has expired', async () => {
    const request = await addRepo()
    const client = open()
    await fault('data', { type: 'status', status: 403 }, { skip: 3, times: 6 })
    const id = client.start(request)
    expect((await ended(client)).state).toEqual({ type: 'done' })
    await expectStored(id, request)
    const requests = await hub.requests(repo)
    expect(requests.filter(({ url }) => url.includes('/resolve/')).length).toBeGreaterThan(1)
  })

  it('a server without ranges sends the whole file, from the start again after a break', async () => {
    const request = await addRepo()
    await fault('data', { type: 'no-range' })
    await fault('data', { type: 'cut', afterBytes: 4 * MEBIBYTE }, { skip: 1, times: 1 })
    const client = open()
    const id = client.start(request)
    await until(client, ({ files }) => files[0]?.canResume === false)
    expect((await ended(client)).state).toEqual({ type: 'done' })
    await expectStored(id, request)
    expect(await sentBytes()).toBeGreaterThan((8 + 4) * MEBIBYTE)
  })
})

describe('wrong bytes', () => {
  it('fetches again and keeps the right ones', async () => {
    const request = await addRepo()
    await fault(
      'data',
      { type: 'wrong-bytes', offset: 5 * MEBIBYTE + 7, length: 3 },
      { includesOffset: 5 * MEBIBYTE + 7, times: 1 },
    )
    const client = open()
    const id = client.start(request)
    expect((await ended(client)).state).toEqual({ type: 'done' })
    await expectStored(id, request)
  })

  it('refuses a file that stays wrong', async () => {
    const request = await addRepo()
    await fault('data', { type: 'wrong-bytes', offset: 5 * MEBIBYTE, length: 3 })
    const client = open()
    const id = client.start(request)
    const { state } = await ended(client)
    expect(state).toMatchObject({
      type: 'failed',
      error: {
        kind: 'hash-mismatch',
        path: 'model.gguf',
        expected: request.files[0]?.sha256,
        pieces: [],
      },
    })
    expect(await namesIn(id)).not.toContain('manifest.json')
    await hub.clearFaults(repo)
    client.retry(id)
    await until(client, (download) => download.state.type === 'done')
    await expectStored(id, request)
  })

  it('fetches only the pieces that the disk lost', async () => {
    const request = await addRepo()
    await fault('data', { type: 'slow', bytesPerSecond: 8 * MEBIBYTE })
    const first = open({ checkpointBytes: 2 ** 40, parallelRanges: 2 })
    const id = first.start(request)
    await until(first, ({ doneBytes }) => doneBytes > 6 * MEBIBYTE)
    first.close()
    await damageDisk(id, 2 * MEBIBYTE + 5)
    await hub.clearFaults(repo)
    await hub.clearRequests(repo)
    const second = open()
    expect((await ended(second)).state).toEqual({ type: 'done' })
    await expectStored(id, request)
    // At most four had not arrived when the tab died, and one was damaged.
    expect(await sentBytes()).toBeLessThanOrEqual((4 + 1) * MEBIBYTE)
  })
})

async function damageDisk(id: string, at: number): Promise<void> {
  const files = await (await entryFolder(id)).getDirectoryHandle('files')
  const handle = await files.getFileHandle('model.gguf')
  await expect
    .poll(async () => {
      try {
        const writable = await handle.createWritable({ keepExistingData: true })
        await writable.write({ type: 'write', position: at, data: new Uint8Array([1, 2, 3]) })
        await writable.close()
        return 'written'
      } catch (cause) {
        return String(cause)
      }
    })
    .toBe('written')
}

describe('faults that stay', () => {
  it('notices that the file has changed', async () => {
    const request = await addRepo()
    await fault('data', { type: 'etag', etag: 'another' }, { skip: 3 })
    const client = open()
    client.start(request)
    expect((await ended(client)).state).toMatchObject({
      type: 'failed',
      error: { kind: 'changed-on-hub', path: 'model.gguf', what: 'etag', actual: '"another"' },
    })
  })

  it('notices that the file has another size, and starts anew with a new request', async () => {
    const request = await addRepo()
    const [file] = request.files
    if (!file) throw new Error('no file')
    const stale = { ...request, files: [{ ...file, sizeBytes: file.sizeBytes + MEBIBYTE }] }
    const client = open()
    client.start(stale)
    expect((await ended(client)).state).toMatchObject({
      type: 'failed',
      error: { kind: 'changed-on-hub', what: 'size', actual: String(file.sizeBytes) },
    })
    const id = client.start(request)
    await until(client, ({ state }) => state.type === 'done')
    await expectStored(id, request)
  })

  const cases: Readonly<Record<string, readonly [Fault['on'], Fault['effect'], object]>> = {
    'a server error': ['data', { type: 'status', status: 503 }, { kind: 'server', status: 503 }],
    'a missing file': [
      'resolve',
      { type: 'status', status: 404, headers: { 'X-Error-Code': 'EntryNotFound' } },
      { kind: 'not-found', what: 'file' },
    ],
    'a range refused': [
      'data',
      { type: 'status', status: 416 },
      { kind: 'range-refused', path: 'model.gguf' },
    ],
    'no CORS headers': ['data', { type: 'no-cors' }, { kind: 'network' }],
    'no answer at all': [
      'data',
      { type: 'stall', afterBytes: -1 },
      { kind: 'stalled', stallMs: 400 },
    ],
    'too many requests': [
      'resolve',
      { type: 'rate-limit', retryAfterSeconds: 5000, isExposed: true },
      { kind: 'rate-limited', retryAfterMs: 5_000_000 },
    ],
  }
  for (const [name, [on, effect, error]] of Object.entries(cases)) {
    it(`gives up on ${name}, says why, and goes on when asked`, async () => {
      const request = await addRepo()
      await fault(on, effect)
      const client = open()
      const id = client.start(request)
      expect((await ended(client)).state).toMatchObject({ type: 'failed', error })
      await hub.clearFaults(repo)
      client.retry(id)
      await until(client, ({ state }) => state.type === 'done')
      await expectStored(id, request)
    })
  }

  it('says where the terms are when the repository is gated', async () => {
    const request = await addRepo(ONE_FILE, { gated: 'auto', authorizedTokens: ['hf_reader'] })
    const client = open()
    const id = client.start(request)
    expect((await ended(client)).state).toMatchObject({
      type: 'failed',
      error: { kind: 'gated', termsUrl: `${hubUrl}/${repo}`, hadToken: false },
    })
    token = 'hf_reader'
    client.retry(id)
    await until(client, ({ state }) => state.type === 'done')
  })

  it('says how much space is missing before it starts', async () => {
    const request = await addRepo()
    const [file] = request.files
    if (!file) throw new Error('no file')
    const { quota = 0, usage = 0 } = await navigator.storage.estimate()
    const sizeBytes = quota - usage + 100 * MEBIBYTE
    const client = open()
    client.start({ ...request, files: [{ ...file, sizeBytes }] })
    const { state } = await ended(client)
    expect(state).toMatchObject({
      type: 'failed',
      error: { kind: 'no-space', neededBytes: sizeBytes },
    })
    if (state.type !== 'failed' || state.error.kind !== 'no-space') throw new Error('no failure')
    // A part of the quota is left to the rest of the app.
    expect(state.error.missingBytes).toBeGreaterThan(100 * MEBIBYTE)
    expect(state.error.missingBytes).toBeLessThan(200 * MEBIBYTE)
    expect(await hub.requests(repo)).toHaveLength(1)
  })
})
