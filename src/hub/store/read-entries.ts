import { parseJournal } from '../download/journal.ts'
import type { Leftover, ModelEntry, StoredModel } from '../model-store.ts'
import { entryLock, FILES_FOLDER, JOURNAL_NAME, LAST_USED_NAME, MANIFEST_NAME } from './layout.ts'
import { parseManifest, type Manifest } from './manifest.ts'
import { findFile, findFolder } from './opfs.ts'

/** What one folder holds; null when it is no complete entry but a leftover. Never throws. */
export async function readEntry(folder: FileSystemDirectoryHandle): Promise<ModelEntry | null> {
  const id = folder.name
  try {
    const file = await findFile(folder, MANIFEST_NAME)
    // An empty one is as far as a crash let it come.
    if (!file || file.size === 0) return null
    const manifest = parseManifest(await file.text())
    if (!manifest) {
      const sizeBytes = await sizeOf(folder)
      return { type: 'broken', id, sizeBytes, model: null, reason: 'unreadable', files: [] }
    }
    const model = describe(id, manifest, await lastUsed(folder))
    const found = await filesOf(folder, manifest)
    const missing = found.filter(({ file: one }) => one === null).map(({ path }) => path)
    if (missing.length === 0) return model
    const sizeBytes = await sizeOf(folder)
    return { type: 'broken', id, sizeBytes, model, reason: 'files-missing', files: missing }
  } catch {
    return { type: 'broken', id, sizeBytes: 0, model: null, reason: 'unreadable', files: [] }
  }
}

/** The files of a manifest, in order; null for one that is not there or has another size. */
export async function filesOf(folder: FileSystemDirectoryHandle, { files }: Manifest) {
  const inside = await findFolder(folder, FILES_FOLDER)
  return Promise.all(
    files.map(async ({ path, name, sizeBytes }) => {
      const file = inside && (await findFile(inside, name))
      return { path, file: file?.size === sizeBytes ? file : null }
    }),
  )
}

/** What is no entry. Never throws. */
export async function readLeftover(
  handle: FileSystemDirectoryHandle | FileSystemFileHandle,
  heldLocks: ReadonlySet<string>,
): Promise<Leftover> {
  const id = handle.name
  const isInUse = heldLocks.has(entryLock(id))
  try {
    if (handle.kind === 'file') {
      return { id, sizeBytes: (await handle.getFile()).size, download: null, isInUse }
    }
    const journal = await findFile(handle, JOURNAL_NAME)
    const bytes = journal && new Uint8Array(await journal.arrayBuffer())
    const request = bytes && parseJournal(bytes)?.journal.request
    const { repo, commit, quantization } = request ?? {}
    const isKnown = repo !== undefined && commit !== undefined && quantization !== undefined
    return {
      id,
      sizeBytes: await sizeOf(handle),
      download: isKnown ? { repo, commit, quantization } : null,
      isInUse,
    }
  } catch {
    return { id, sizeBytes: 0, download: null, isInUse }
  }
}

async function lastUsed(folder: FileSystemDirectoryHandle): Promise<number | null> {
  const atMs = Number(await (await findFile(folder, LAST_USED_NAME))?.text())
  return Number.isFinite(atMs) && atMs > 0 ? atMs : null
}

function describe(id: string, manifest: Manifest, lastUsedAtMs: number | null): StoredModel {
  const { origin, repo, commit, quantization, addedAtMs, files } = manifest
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const about = { origin, repo, commit, quantization, addedAtMs, lastUsedAtMs }
  return { type: 'model', id, ...about, sizeBytes, files }
}

async function sizeOf(folder: FileSystemDirectoryHandle): Promise<number> {
  let sizeBytes = 0
  for await (const entry of folder.values()) {
    sizeBytes += entry.kind === 'file' ? (await entry.getFile()).size : await sizeOf(entry)
  }
  return sizeBytes
}
