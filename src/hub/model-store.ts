import { err, ok, type Result } from '../core/lib/result.ts'
import { carryOut, planImport, spaceFor, totalSize } from './store/import-model.ts'
import { entryLock, LAST_USED_NAME, MANIFEST_NAME, MODELS_FOLDER } from './store/layout.ts'
import { parseManifest, type Manifest, type ManifestFile } from './store/manifest.ts'
import { findFile, findFolder, openFolder, removeEntry, writeWhole } from './store/opfs.ts'
import { filesOf, readEntry, readLeftover } from './store/read-entries.ts'
import { runJob } from './store/run-job.ts'

export type StoredModel = {
  readonly type: 'model'
  readonly id: string
  readonly origin: 'hub' | 'import'
  /** `owner/name`; null for an import that matches no repository. */
  readonly repo: string | null
  readonly commit: string | null
  /** The quantization's label, or the name of what was imported. */
  readonly quantization: string
  readonly sizeBytes: number
  readonly addedAtMs: number
  readonly lastUsedAtMs: number | null
  /** Shards in order. */
  readonly files: readonly StoredFile[]
}

export type StoredFile = ManifestFile

export type ModelEntry =
  | StoredModel
  /** Complete once, but not any more. `files`: paths that are missing or have another size. */
  | {
      readonly type: 'broken'
      readonly id: string
      readonly sizeBytes: number
      readonly model: StoredModel | null
      readonly reason: 'unreadable' | 'files-missing'
      readonly files: readonly string[]
    }

/** What takes up space and is no model: a download or import that broke off, or something foreign. */
export type Leftover = {
  readonly id: string
  readonly sizeBytes: number
  /** Of a download that can go on. */
  readonly download: {
    readonly repo: string
    readonly commit: string
    readonly quantization: string
  } | null
  /** A tab has it open: it is no leftover yet. */
  readonly isInUse: boolean
}

export type Quota = {
  readonly usedBytes: number
  readonly quotaBytes: number
  /** The browser has promised not to evict it on its own. */
  readonly isPersisted: boolean
}

export type StoreError =
  | { readonly kind: 'not-found'; readonly id: string }
  | { readonly kind: 'broken'; readonly id: string; readonly files: readonly string[] }
  /** A tab downloads, imports or removes it. */
  | { readonly kind: 'in-use'; readonly id: string }
  | {
      readonly kind: 'no-space'
      readonly neededBytes: number
      readonly availableBytes: number
      readonly missingBytes: number
    }
  /** By name and size. `missing`: paths; `unexpected`: names of the files that were given. */
  | {
      readonly kind: 'files-do-not-match'
      readonly missing: readonly string[]
      readonly unexpected: readonly string[]
    }
  | {
      readonly kind: 'hash-mismatch'
      readonly file: string
      readonly expected: string
      readonly actual: string
    }
  | { readonly kind: 'storage'; readonly detail: string }
  | { readonly kind: 'aborted' }

export type ImportTarget = {
  readonly repo: string
  readonly commit: string
  readonly quantization: string
  readonly files: readonly {
    readonly path: string
    readonly sizeBytes: number
    readonly sha256: string | null
  }[]
}

export type ImportRequest = {
  readonly files: readonly File[]
  /** The quantization that they should be: then they are as good as a download. Null to store them as they are. */
  readonly as: ImportTarget | null
}

export type StoreProgress = (progress: {
  readonly doneBytes: number
  readonly totalBytes: number
}) => void

/** The models in OPFS. One bad entry never keeps the others from being used. */
export type ModelStore = {
  /** Every complete entry, the last used first, and those that broke. */
  readonly list: () => Promise<readonly ModelEntry[]>
  /** For the engine: shards in order. They are read from disk as they are used. */
  readonly files: (id: string) => Promise<Result<readonly File[], StoreError>>
  /** Notes that it is used now. */
  readonly touch: (id: string) => Promise<void>
  readonly remove: (id: string) => Promise<Result<null, StoreError>>
  /** Reads every byte again; notes in the entry what is damaged and returns those paths. */
  readonly verify: (
    id: string,
    onProgress: StoreProgress,
    signal: AbortSignal,
  ) => Promise<Result<readonly string[], StoreError>>
  /** Copies the files into a folder of the user's. A file that is not complete does not appear there. */
  readonly exportTo: (
    target: { readonly id: string; readonly folder: FileSystemDirectoryHandle },
    onProgress: StoreProgress,
    signal: AbortSignal,
  ) => Promise<Result<null, StoreError>>
  /** Copies files in, as from a USB stick, and verifies them. Returns the entry's id. */
  readonly importFiles: (
    request: ImportRequest,
    onProgress: StoreProgress,
    signal: AbortSignal,
  ) => Promise<Result<string, StoreError>>
  readonly leftovers: () => Promise<readonly Leftover[]>
  readonly removeLeftover: (id: string) => Promise<Result<null, StoreError>>
  readonly quota: () => Promise<Quota | null>
  /** Asks the browser not to evict what is stored; false when it will not promise. */
  readonly persist: () => Promise<boolean>
}

export type ModelStoreDeps = { readonly folder?: string; readonly nowMs?: () => number }

export function createModelStore({
  folder: path = MODELS_FOLDER,
  nowMs = Date.now,
}: ModelStoreDeps = {}): ModelStore {
  const open = async () => openFolder(await navigator.storage.getDirectory(), path)

  async function entryOf(id: string): Promise<Result<OpenEntry, StoreError>> {
    const folder = await findFolder(await open(), id)
    const text = folder && (await (await findFile(folder, MANIFEST_NAME))?.text())
    if (!folder || !text) return err({ kind: 'not-found', id })
    const manifest = parseManifest(text)
    if (!manifest) return err({ kind: 'broken', id, files: [] })
    const found = await filesOf(folder, manifest)
    const missing = found.flatMap((one) => (one.file ? [] : [one.path]))
    if (missing.length > 0) return err({ kind: 'broken', id, files: missing })
    return ok({ folder, manifest, files: found.flatMap(({ file }) => file ?? []) })
  }

  function discard(id: string): Promise<Result<null, StoreError>> {
    return withLock(id, async () => {
      const models = await open()
      const folder = await findFolder(models, id).catch(() => null)
      // First what makes it an entry: a crash on the way leaves a leftover, not a broken model.
      if (folder) await removeEntry(folder, MANIFEST_NAME)
      await removeEntry(models, id)
      return ok(null)
    })
  }

  return {
    async list() {
      const entries: ModelEntry[] = []
      for await (const handle of (await open()).values()) {
        const entry = handle.kind === 'directory' ? await readEntry(handle) : null
        if (entry) entries.push(entry)
      }
      return entries.toSorted((a, b) => usedAt(b) - usedAt(a) || a.id.localeCompare(b.id, 'en'))
    },
    files: (id) =>
      guarded(async () => {
        const entry = await entryOf(id)
        return entry.ok ? ok(entry.value.files) : entry
      }),
    async touch(id) {
      const folder = await findFolder(await open(), id)
      if (folder) await writeWhole(folder, LAST_USED_NAME, String(nowMs()))
    },
    remove: (id) => guarded(() => discard(id)),
    verify: (id, onProgress, signal) =>
      guarded(async () => {
        const entry = await entryOf(id)
        if (!entry.ok) return entry
        const { folder, manifest, files } = entry.value
        const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
        const checked: ManifestFile[] = []
        let before = 0
        for (const [index, known] of manifest.files.entries()) {
          const file = files[index]
          if (!file) throw new Error(`no file ${index}`)
          const start = before
          const hash = await runJob(
            { type: 'hash', file },
            (doneBytes) => onProgress({ doneBytes: start + doneBytes, totalBytes }),
            signal,
          )
          if (!hash.ok) return err(storeError(hash.error))
          const isDamaged = hash.value !== known.sha256
          const verifiedAtMs = isDamaged ? known.verifiedAtMs : nowMs()
          checked.push({ ...known, isDamaged, verifiedAtMs })
          before += file.size
        }
        await writeWhole(folder, MANIFEST_NAME, JSON.stringify({ ...manifest, files: checked }))
        return ok(checked.filter(({ isDamaged }) => isDamaged).map((file) => file.path))
      }),
    exportTo: ({ id, folder }, onProgress, signal) =>
      guarded(async () => {
        const entry = await entryOf(id)
        if (!entry.ok) return entry
        const { manifest, files } = entry.value
        const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
        let doneBytes = 0
        for (const [index, file] of files.entries()) {
          const handle = await folder.getFileHandle(manifest.files[index]?.name ?? file.name, {
            create: true,
          })
          const count = new TransformStream<Uint8Array, Uint8Array>({
            transform(chunk, controller) {
              doneBytes += chunk.length
              onProgress({ doneBytes, totalBytes })
              controller.enqueue(chunk)
            },
          })
          await file
            .stream()
            .pipeThrough(count)
            .pipeTo(await handle.createWritable(), { signal })
        }
        return ok(null)
      }, signal),
    importFiles: (request, onProgress, signal) =>
      guarded(async () => {
        const ids = { nowMs: nowMs(), newId: crypto.randomUUID() }
        const plan = planImport(request, ids)
        if (!plan.ok) return plan
        const { id, files } = plan.value
        return withLock(id, async () => {
          const models = await open()
          if ((await entryOf(id)).ok) return ok(id)
          await removeEntry(models, id)
          const totalBytes = totalSize(files)
          const space = await spaceFor(totalBytes)
          if (space.missingBytes > 0) return err({ kind: 'no-space', ...space })
          await navigator.storage.persist()
          const progress = (doneBytes: number) => onProgress({ doneBytes, totalBytes })
          return carryOut(plan.value, models, { onProgress: progress, signal })
        })
      }),
    async leftovers() {
      const { held = [] } = await navigator.locks.query()
      const names = new Set(held.flatMap(({ name }) => name ?? []))
      const leftovers: Leftover[] = []
      for await (const handle of (await open()).values()) {
        if (handle.kind === 'directory' && (await readEntry(handle)) !== null) continue
        leftovers.push(await readLeftover(handle, names))
      }
      return leftovers
    },
    removeLeftover: (id) => guarded(() => discard(id)),
    async quota() {
      const { usage, quota } = await navigator.storage.estimate()
      if (usage === undefined || quota === undefined) return null
      const isPersisted = await navigator.storage.persisted()
      return { usedBytes: usage, quotaBytes: quota, isPersisted }
    },
    persist: () => navigator.storage.persist(),
  }
}

type OpenEntry = {
  readonly folder: FileSystemDirectoryHandle
  readonly manifest: Manifest
  readonly files: readonly File[]
}

function usedAt(entry: ModelEntry): number {
  const model = entry.type === 'model' ? entry : entry.model
  return model?.lastUsedAtMs ?? model?.addedAtMs ?? 0
}

/** Only while no tab downloads, imports or removes the entry. */
async function withLock<T>(
  id: string,
  work: () => Promise<Result<T, StoreError>>,
): Promise<Result<T, StoreError>> {
  return navigator.locks.request(entryLock(id), { ifAvailable: true }, (lock) =>
    lock ? work() : err({ kind: 'in-use', id }),
  )
}

/** What the browser's storage throws becomes an error like the others. */
async function guarded<T>(
  work: () => Promise<Result<T, StoreError>>,
  signal?: AbortSignal,
): Promise<Result<T, StoreError>> {
  try {
    return await work()
  } catch (cause) {
    if (signal?.aborted) return err({ kind: 'aborted' })
    // Anything else would be a bug of ours.
    if (!(cause instanceof DOMException)) throw cause
    return err({ kind: 'storage', detail: cause.message })
  }
}

function storeError(
  error: Exclude<Awaited<ReturnType<typeof runJob>>, { readonly ok: true }>['error'],
): StoreError {
  return error.kind === 'out-of-space' ? { kind: 'storage', detail: 'no space' } : error
}
