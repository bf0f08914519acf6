import { sha256 } from 'hash-wasm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createModelStore, type ModelStore } from './model-store.ts'
import { entryLock } from './store/layout.ts'

const NEVER = new AbortController().signal
const quiet = () => undefined

let folder = ''
let store: ModelStore
let nowMs = 1000

beforeEach(() => {
  folder = `test-store/${crypto.randomUUID()}`
  nowMs = 1000
  store = createModelStore({ folder, nowMs: () => nowMs })
})

afterEach(async () => {
  await models()
  await (await navigator.storage.getDirectory()).removeEntry('test-store', { recursive: true })
})

async function models(): Promise<FileSystemDirectoryHandle> {
  let at = await navigator.storage.getDirectory()
  for (const part of folder.split('/')) at = await at.getDirectoryHandle(part, { create: true })
  return at
}

async function write(at: FileSystemDirectoryHandle, name: string, content: BlobPart) {
  const writable = await (await at.getFileHandle(name, { create: true })).createWritable()
  await writable.write(new Blob([content]))
  await writable.close()
}

function randomFile(name: string, sizeBytes: number): File {
  const bytes = new Uint8Array(sizeBytes)
  for (let at = 0; at < sizeBytes; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(sizeBytes, at + 65_536)))
  }
  return new File([bytes], name)
}

const hashOf = async (file: Blob) => sha256(new Uint8Array(await file.arrayBuffer()))

async function targetOf(files: readonly File[]) {
  const wanted = files.map(async (file) => ({
    path: `Q4_K_M/${file.name}`,
    sizeBytes: file.size,
    sha256: await hashOf(file),
  }))
  return {
    repo: 'owner/name',
    commit: '0123456789abcdef',
    quantization: 'Q4_K_M',
    files: await Promise.all(wanted),
  }
}

async function importShards(): Promise<{ readonly id: string; readonly files: readonly File[] }> {
  const files = [
    randomFile('m-00001-of-00002.gguf', 5_000_001),
    randomFile('m-00002-of-00002.gguf', 3),
  ]
  const result = await store.importFiles({ files, as: await targetOf(files) }, quiet, NEVER)
  if (!result.ok) throw new Error(result.error.kind)
  return { id: result.value, files }
}

async function damage(id: string, name: string): Promise<void> {
  const files = await (await (await models()).getDirectoryHandle(id)).getDirectoryHandle('files')
  const writable = await (
    await files.getFileHandle(name)
  ).createWritable({ keepExistingData: true })
  await writable.write({ type: 'write', position: 1, data: new Uint8Array([0, 0]) })
  await writable.close()
}

describe('import', () => {
  it('files that match a repository are as good as a download', async () => {
    const progress: number[] = []
    const files = [
      randomFile('m-00002-of-00002.gguf', 9_000_000),
      randomFile('m-00001-of-00002.gguf', 10),
    ]
    const as = await targetOf(files.toReversed())
    const result = await store.importFiles(
      { files: [...files, randomFile('README.md', 5)], as },
      ({ doneBytes, totalBytes }) => progress.push(doneBytes / totalBytes),
      NEVER,
    )
    expect(result).toEqual({ ok: true, value: 'owner--name--Q4_K_M--0123456789ab' })
    expect(progress.at(-1)).toBe(1)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(await store.list()).toEqual([
      {
        type: 'model',
        id: 'owner--name--Q4_K_M--0123456789ab',
        origin: 'import',
        repo: 'owner/name',
        commit: '0123456789abcdef',
        quantization: 'Q4_K_M',
        sizeBytes: 9_000_010,
        addedAtMs: 1000,
        lastUsedAtMs: null,
        files: as.files.map(({ path, sizeBytes, sha256: hash }) => ({
          path,
          name: path.slice(7),
          sizeBytes,
          sha256: hash,
          verifiedAtMs: 1000,
          isDamaged: false,
        })),
      },
    ])
    const stored = await store.files('owner--name--Q4_K_M--0123456789ab')
    if (!stored.ok) throw new Error(stored.error.kind)
    expect(stored.value.map(({ name }) => name)).toEqual([
      'm-00001-of-00002.gguf',
      'm-00002-of-00002.gguf',
    ])
    expect(await Promise.all(stored.value.map(hashOf))).toEqual(as.files.map((file) => file.sha256))
  })

  it('files of no repository are stored as they are, shards in order', async () => {
    const files = [
      randomFile('my-model-00002-of-00002.gguf', 10),
      randomFile('my-model-00001-of-00002.gguf', 10),
    ]
    const result = await store.importFiles({ files, as: null }, quiet, NEVER)
    expect(result.ok).toBe(true)
    expect(await store.list()).toMatchObject([
      {
        repo: null,
        quantization: 'my-model',
        files: [{ path: 'my-model-00001-of-00002.gguf' }, {}],
      },
    ])
  })

  it('a file with another hash is refused and leaves nothing', async () => {
    const file = randomFile('m.gguf', 100_000)
    const as = await targetOf([file])
    const result = await store.importFiles(
      { files: [randomFile('m.gguf', 100_000)], as },
      quiet,
      NEVER,
    )
    expect(result).toMatchObject({ ok: false, error: { kind: 'hash-mismatch', file: 'm.gguf' } })
    expect(await store.list()).toEqual([])
    expect(await store.leftovers()).toEqual([])
  })

  it('says which files are missing', async () => {
    const file = randomFile('m.gguf', 100)
    const as = await targetOf([file])
    const files = [randomFile('m.gguf', 101), randomFile('other.gguf', 1)]
    expect(await store.importFiles({ files, as }, quiet, NEVER)).toEqual({
      ok: false,
      error: {
        kind: 'files-do-not-match',
        missing: ['Q4_K_M/m.gguf'],
        unexpected: ['m.gguf', 'other.gguf'],
      },
    })
  })

  it('stopping it leaves nothing', async () => {
    const controller = new AbortController()
    const files = [randomFile('m.gguf', 60_000_000)]
    const stop = () => controller.abort()
    const result = await store.importFiles({ files, as: null }, stop, controller.signal)
    expect(result).toEqual({ ok: false, error: { kind: 'aborted' } })
    expect(await store.leftovers()).toEqual([])
  })
})

describe('the store', () => {
  it('lists what was used last first', async () => {
    const first = await store.importFiles(
      { files: [randomFile('a.gguf', 5)], as: null },
      quiet,
      NEVER,
    )
    nowMs = 2000
    const second = await store.importFiles(
      { files: [randomFile('b.gguf', 5)], as: null },
      quiet,
      NEVER,
    )
    if (!first.ok || !second.ok) throw new Error('not imported')
    const ids = async () => (await store.list()).map(({ id }) => id)
    expect(await ids()).toEqual([second.value, first.value])
    nowMs = 3000
    await store.touch(first.value)
    expect(await ids()).toEqual([first.value, second.value])
    expect((await store.list())[0]).toMatchObject({ lastUsedAtMs: 3000 })
  })

  it('verifies again, notes what is damaged and forgets it when it is right', async () => {
    const { id } = await importShards()
    nowMs = 5000
    const progress: number[] = []
    expect(await store.verify(id, ({ doneBytes }) => progress.push(doneBytes), NEVER)).toEqual({
      ok: true,
      value: [],
    })
    expect(progress.at(-1)).toBe(5_000_004)
    expect(await store.list()).toMatchObject([
      { files: [{ verifiedAtMs: 5000 }, { verifiedAtMs: 5000 }] },
    ])
    await damage(id, 'm-00001-of-00002.gguf')
    nowMs = 6000
    expect(await store.verify(id, quiet, NEVER)).toEqual({
      ok: true,
      value: ['Q4_K_M/m-00001-of-00002.gguf'],
    })
    expect(await store.list()).toMatchObject([
      {
        files: [
          { verifiedAtMs: 5000, isDamaged: true },
          { verifiedAtMs: 6000, isDamaged: false },
        ],
      },
    ])
  })

  it('stops verifying when asked', async () => {
    const { id } = await importShards()
    const controller = new AbortController()
    controller.abort()
    expect(await store.verify(id, quiet, controller.signal)).toEqual({
      ok: false,
      error: { kind: 'aborted' },
    })
  })

  it('exports to a folder', async () => {
    const { id, files } = await importShards()
    const target = await (await models()).getDirectoryHandle('target', { create: true })
    let done = 0
    const onProgress = ({ doneBytes }: { readonly doneBytes: number }) => {
      done = doneBytes
    }
    expect(await store.exportTo({ id, folder: target }, onProgress, NEVER)).toEqual({
      ok: true,
      value: null,
    })
    expect(done).toBe(5_000_004)
    const copy = await (await target.getFileHandle('m-00001-of-00002.gguf')).getFile()
    expect(await hashOf(copy)).toBe(await hashOf(files[0] ?? new Blob()))
  })

  it('removes a model, unless a tab has it open', async () => {
    const { id } = await importShards()
    await navigator.locks.request(entryLock(id), async () => {
      expect(await store.remove(id)).toEqual({ ok: false, error: { kind: 'in-use', id } })
    })
    expect(await store.remove(id)).toEqual({ ok: true, value: null })
    expect(await store.list()).toEqual([])
    expect(await store.files(id)).toEqual({ ok: false, error: { kind: 'not-found', id } })
  })

  it('a bad entry is told apart and keeps nobody else from being used', async () => {
    const { id } = await importShards()
    const good = await store.importFiles(
      { files: [randomFile('good.gguf', 5)], as: null },
      quiet,
      NEVER,
    )
    if (!good.ok) throw new Error('not imported')
    const root = await models()
    const files = await (await root.getDirectoryHandle(id)).getDirectoryHandle('files')
    await files.removeEntry('m-00002-of-00002.gguf')
    for (const [name, text] of [
      ['torn', '{"version":1,"fi'],
      ['future', '{"version":2}'],
      ['empty', ''],
      [
        'hostile',
        '{"version":1,"origin":"hub","repo":null,"commit":null,"quantization":"x","addedAtMs":1,"files":[{"path":"p","name":"../../x","sizeBytes":1,"sha256":"","verifiedAtMs":1,"isDamaged":false}]}',
      ],
    ] as const) {
      await write(await root.getDirectoryHandle(name, { create: true }), 'manifest.json', text)
    }
    const entries = await store.list()
    expect(
      entries.map((entry) => [entry.id, entry.type === 'broken' ? entry.reason : 'fine']),
    ).toEqual(
      expect.arrayContaining([
        [good.value, 'fine'],
        [id, 'files-missing'],
        ['torn', 'unreadable'],
        ['future', 'unreadable'],
        ['hostile', 'unreadable'],
      ]),
    )
    expect((await store.leftovers()).map((left) => left.id)).toEqual(['empty'])
    expect(entries.find((entry) => entry.id === id)).toMatchObject({
      files: ['Q4_K_M/m-00002-of-00002.gguf'],
      model: { repo: 'owner/name' },
    })
    expect(await store.files(id)).toEqual({
      ok: false,
      error: { kind: 'broken', id, files: ['Q4_K_M/m-00002-of-00002.gguf'] },
    })
    expect((await store.files(good.value)).ok).toBe(true)
    expect((await store.files('hostile')).ok).toBe(false)
    expect(await store.remove('torn')).toEqual({ ok: true, value: null })
  })

  it('finds what is left of broken downloads and removes it', async () => {
    const root = await models()
    const left = await root.getDirectoryHandle('left', { create: true })
    await write(await left.getDirectoryHandle('files', { create: true }), 'm.gguf', 'xxxx')
    await write(left, 'journal', 'no journal')
    await write(root, 'stray', 'yy')
    expect(await store.list()).toEqual([])
    const leftovers = await store.leftovers()
    expect(leftovers.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: 'left', sizeBytes: 14, download: null, isInUse: false },
      { id: 'stray', sizeBytes: 2, download: null, isInUse: false },
    ])
    for (const { id } of leftovers) expect((await store.removeLeftover(id)).ok).toBe(true)
    expect(await store.leftovers()).toEqual([])
  })

  it('knows the quota', async () => {
    const quota = await store.quota()
    expect(quota?.quotaBytes).toBeGreaterThan(0)
    expect(typeof quota?.isPersisted).toBe('boolean')
  })
})
