import { err, ok, type Result } from '../../core/lib/result.ts'
import type { ImportRequest, ImportTarget, StoreError } from '../model-store.ts'
import { diskNames, FILES_FOLDER, MANIFEST_NAME, modelId } from './layout.ts'
import type { Manifest, ManifestFile } from './manifest.ts'
import { openFolder, removeEntry, writeWhole } from './opfs.ts'
import { runJob } from './run-job.ts'

/** What is to be copied under which name, and the hash it must have; null when any is right. */
export type ImportPlan = {
  readonly id: string
  readonly manifest: Omit<Manifest, 'files'>
  readonly files: readonly {
    readonly source: File
    readonly path: string
    readonly sha256: string | null
  }[]
}

/** Finds for each file of the repository the one that the user gave, by name and size; or takes the files as they are. */
export function planImport(
  { files, as }: ImportRequest,
  { nowMs, newId }: { readonly nowMs: number; readonly newId: string },
): Result<ImportPlan, StoreError> {
  if (files.length === 0) return err({ kind: 'files-do-not-match', missing: [], unexpected: [] })
  const common = { version: 1, origin: 'import', addedAtMs: nowMs } as const
  if (as) return planMatching(files, as, common)
  const sorted = files.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  const name = (sorted[0]?.name ?? '').replace(/\.gguf$/i, '').replace(/-\d{5}-of-\d{5}$/, '')
  const about = { repo: null, commit: null, quantization: name }
  return ok({
    id: modelId({ repo: 'import', quantization: name, commit: newId }),
    manifest: { ...common, ...about },
    files: sorted.map((source) => ({ source, path: source.name, sha256: null })),
  })
}

function planMatching(
  files: readonly File[],
  as: ImportTarget,
  common: Pick<Manifest, 'version' | 'origin' | 'addedAtMs'>,
): Result<ImportPlan, StoreError> {
  const matches = as.files.map(({ path, sizeBytes, sha256 }) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const source = files.find((file) => file.name === name && file.size === sizeBytes)
    return source ? { source, path, sha256 } : { source: null, path }
  })
  const found = matches.flatMap((match) => (match.source ? [match] : []))
  if (found.length < matches.length) {
    const missing = matches.filter(({ source }) => !source).map(({ path }) => path)
    const used = new Set(found.map(({ source }) => source))
    const unexpected = files.filter((file) => !used.has(file)).map(({ name }) => name)
    return err({ kind: 'files-do-not-match', missing, unexpected })
  }
  const { repo, commit, quantization } = as
  return ok({
    id: modelId(as),
    manifest: { ...common, repo, commit, quantization },
    files: found,
  })
}

/**
 * Copies the files of a plan into `models/<id>/` and verifies them. The manifest comes last; whatever ends it before
 * that, the folder is removed.
 */
export async function carryOut(
  { id, manifest, files }: ImportPlan,
  models: FileSystemDirectoryHandle,
  {
    onProgress,
    signal,
  }: { readonly onProgress: (bytes: number) => void; readonly signal: AbortSignal },
): Promise<Result<string, StoreError>> {
  const folder = await models.getDirectoryHandle(id, { create: true })
  let isComplete = false
  try {
    const inside = await openFolder(folder, FILES_FOLDER)
    const names = diskNames(files.map(({ path }) => path))
    const stored: ManifestFile[] = []
    let before = 0
    for (const [index, { source, path, sha256: expected }] of files.entries()) {
      const name = names[index] ?? path
      const start = before
      const copied = await runJob(
        { type: 'copy', file: source, folder: inside, name },
        (doneBytes) => onProgress(start + doneBytes),
        signal,
      )
      if (!copied.ok) {
        if (copied.error.kind !== 'out-of-space') return err(copied.error)
        return err({ kind: 'no-space', ...(await spaceFor(totalSize(files) - start)) })
      }
      const sha256 = copied.value
      if (expected !== null && expected !== sha256) {
        return err({ kind: 'hash-mismatch', file: source.name, expected, actual: sha256 })
      }
      const sizeBytes = source.size
      const verifiedAtMs = manifest.addedAtMs
      stored.push({ path, name, sizeBytes, sha256, verifiedAtMs, isDamaged: false })
      before += sizeBytes
    }
    await writeWhole(folder, MANIFEST_NAME, JSON.stringify({ ...manifest, files: stored }))
    isComplete = true
    return ok(id)
  } finally {
    if (!isComplete) await removeSoon(models, id)
  }
}

export function totalSize(files: ImportPlan['files']): number {
  return files.reduce((sum, { source }) => sum + source.size, 0)
}

export async function spaceFor(neededBytes: number) {
  const { quota = Infinity, usage = 0 } = await navigator.storage.estimate()
  const availableBytes = Math.max(0, quota - usage)
  return { neededBytes, availableBytes, missingBytes: Math.max(0, neededBytes - availableBytes) }
}

const REMOVE_ATTEMPTS = 20
const REMOVE_PAUSE_MS = 100

/** The worker that was just ended holds its file for a moment longer. */
async function removeSoon(models: FileSystemDirectoryHandle, id: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await removeEntry(models, id)
    } catch (cause) {
      // Then it stays as a leftover, which the user can remove.
      if (attempt === REMOVE_ATTEMPTS) return
      if (!(cause instanceof DOMException)) throw cause
    }
    await new Promise((resolve) => setTimeout(resolve, REMOVE_PAUSE_MS))
  }
}
