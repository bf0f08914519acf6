import { afterEach, expect, it } from 'vitest'
import { reopenFiles, type KnownFile } from './reopen-files.ts'

const FOLDER = 'reopen-test'
const { signal } = new AbortController()

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(FOLDER, { create: true })
}

afterEach(async () => {
  const root = await navigator.storage.getDirectory()
  await root.removeEntry(FOLDER, { recursive: true })
})

async function write(name: string, text: string): Promise<FileSystemFileHandle> {
  const handle = await (await folder()).getFileHandle(name, { create: true })
  const writable = await handle.createWritable()
  await writable.write(text)
  await writable.close()
  return handle
}

async function known(handle: FileSystemFileHandle): Promise<KnownFile> {
  const { name, size, lastModified } = await handle.getFile()
  return { path: `models/${name}`, sizeBytes: size, modifiedAtMs: lastModified }
}

/** A handle that a database brought back, with an answer of the browser's to whether it may still be read. */
function asking(handle: FileSystemFileHandle, answers: readonly PermissionState[]) {
  const left = [...answers]
  const asked: string[] = []
  const answer = (question: string) => async () => {
    asked.push(question)
    return left.shift() ?? 'denied'
  }
  const askable = {
    getFile: () => handle.getFile(),
    queryPermission: answer('query'),
    requestPermission: answer('request'),
  }
  return { askable, asked }
}

it('opens all files as they were, in order', async () => {
  const handles = [await write('b', 'second'), await write('a', 'first')]
  const files = await Promise.all(handles.map(known))
  const opened = await reopenFiles({ handles, files, permission: 'query' }, signal)
  if (!opened.ok) throw new Error(opened.error.kind)
  const texts = await Promise.all(opened.value.map((file) => file.text()))
  expect(texts).toEqual(['second', 'first'])
})

it('notices a file that is gone', async () => {
  const handles = [await write('a', 'first'), await write('b', 'second')]
  const files = await Promise.all(handles.map(known))
  await (await folder()).removeEntry('b')
  expect(await reopenFiles({ handles, files, permission: 'query' }, signal)).toEqual({
    ok: false,
    error: { kind: 'gone', file: 'models/b' },
  })
})

it('notices a file that has changed, by its size or its date', async () => {
  const handle = await write('a', 'first')
  const before = await known(handle)
  const reopened = (files: readonly KnownFile[]) =>
    reopenFiles({ handles: [handle], files, permission: 'query' }, signal)
  await write('a', 'longer now')
  expect(await reopened([before])).toEqual({
    ok: false,
    error: { kind: 'changed', file: 'models/a', oldSizeBytes: 5, newSizeBytes: 10 },
  })
  const now = await known(handle)
  expect(await reopened([now])).toMatchObject({ ok: true })
  expect(await reopened([{ ...now, modifiedAtMs: now.modifiedAtMs - 1 }])).toMatchObject({
    error: { kind: 'changed', oldSizeBytes: 10, newSizeBytes: 10 },
  })
})

it('asks the user only when it may, and only for what is not allowed yet', async () => {
  const handle = await write('a', 'first')
  const files = [await known(handle), await known(handle)]
  const allowed = asking(handle, ['granted', 'granted'])
  const waiting = asking(handle, ['prompt', 'prompt', 'granted'])
  const handles = [allowed.askable, waiting.askable]
  expect(await reopenFiles({ handles, files, permission: 'query' }, signal)).toEqual({
    ok: false,
    error: { kind: 'needs-permission' },
  })
  expect(waiting.asked).toEqual(['query'])
  expect(await reopenFiles({ handles, files, permission: 'request' }, signal)).toMatchObject({
    ok: true,
  })
  expect(waiting.asked).toEqual(['query', 'query', 'request'])
  expect(allowed.asked).toEqual(['query', 'query'])
})

it('says when the user does not allow it', async () => {
  const handle = await write('a', 'first')
  const { askable } = asking(handle, ['prompt', 'denied'])
  const files = [await known(handle)]
  expect(await reopenFiles({ handles: [askable], files, permission: 'request' }, signal)).toEqual({
    ok: false,
    error: { kind: 'refused' },
  })
})

it('takes what is no list of as many handles for lost', async () => {
  const handle = await write('a', 'first')
  const files = [await known(handle)]
  for (const handles of [null, undefined, 'a', [], [handle, handle], [{ name: 'a' }], [null]]) {
    expect(await reopenFiles({ handles, files, permission: 'request' }, signal)).toEqual({
      ok: false,
      error: { kind: 'lost' },
    })
  }
})
