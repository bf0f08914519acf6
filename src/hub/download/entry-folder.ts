import type { DownloadRequest } from '../download-state.ts'
import { diskNames, FILES_FOLDER, JOURNAL_NAME, MANIFEST_NAME } from '../store/layout.ts'
import { parseManifest, type Manifest } from '../store/manifest.ts'
import { parseRequest, type Journal } from './journal.ts'
import { beginJournal, openJournal, type JournalFileWriter } from './journal-file.ts'
import { findFile, findFolder, removeEntry, writeWhole } from '../store/opfs.ts'

/** The folder of one entry and its unfinished download. */
export type OpenEntry = {
  readonly folder: FileSystemDirectoryHandle
  readonly writer: JournalFileWriter
}

export type EntryPlace = {
  /** The folder of all entries. */
  readonly models: FileSystemDirectoryHandle
  readonly id: string
  /** Of a journal that is begun. */
  readonly pieceBytes: number
}

/**
 * Opens the journal of an entry, or begins one when a download is asked for.
 *
 * `'complete'` when the model is in the store; null when there is nothing to go on with.
 */
export async function openEntry(
  { models, id, pieceBytes }: EntryPlace,
  asked: DownloadRequest | null,
): Promise<OpenEntry | 'complete' | null> {
  const existing = await findFolder(models, id)
  const manifest = existing && (await findFile(existing, MANIFEST_NAME))
  // A torn one, as a crash may leave it, does not count.
  if (existing && manifest && parseManifest(await manifest.text())) {
    // A crash may have come just before the journal was removed.
    await removeEntry(existing, JOURNAL_NAME)
    return 'complete'
  }
  const hasJournal = existing !== null && (await findFile(existing, JOURNAL_NAME)) !== null
  const writer = hasJournal ? await openJournal(existing) : null
  if (!asked) return existing && writer && { folder: existing, writer }
  if (existing && writer && isSameContent(writer.journal.request, asked)) {
    takeUrls(writer, asked)
    return { folder: existing, writer }
  }
  writer?.close()
  // A request that its journal could not be read from again must not get as far as the disk.
  if (!parseRequest(JSON.parse(JSON.stringify(asked)))) throw new Error('not a valid download')
  const folder = existing ?? (await models.getDirectoryHandle(id, { create: true }))
  // Other files than before, or what a crash left without a journal: nothing of it can be used.
  await removeEntry(folder, FILES_FOLDER)
  return { folder, writer: await beginJournal(folder, asked, pieceBytes) }
}

/** Makes a downloaded entry a complete one. A crash at any point leaves either. */
export async function completeEntry({ folder, writer }: OpenEntry): Promise<void> {
  await writeWhole(folder, MANIFEST_NAME, JSON.stringify(manifestOf(writer.journal)))
  writer.close()
  await removeEntry(folder, JOURNAL_NAME)
}

/** The same bytes, wherever they come from. */
export function isSameContent(a: DownloadRequest, b: DownloadRequest): boolean {
  const content = ({ files }: DownloadRequest) =>
    JSON.stringify(files.map(({ path, sizeBytes, sha256 }) => [path, sizeBytes, sha256]))
  return content(a) === content(b)
}

/** Goes on from another address: the user has set another mirror since. */
export function takeUrls(writer: JournalFileWriter, { files }: DownloadRequest): void {
  const urls = files.map(({ url }) => url)
  const present = writer.journal.request.files.map(({ url }) => url)
  if (JSON.stringify(urls) !== JSON.stringify(present)) writer.append({ type: 'moved', urls })
}

function manifestOf({ request, files }: Journal): Manifest {
  const names = diskNames(request.files.map(({ path }) => path))
  return {
    version: 1,
    origin: 'hub',
    repo: request.repo,
    commit: request.commit,
    quantization: request.quantization,
    addedAtMs: Date.now(),
    files: request.files.map(({ path, sizeBytes }, index) => {
      const verified = files[index]?.verified
      if (!verified) throw new Error(`${path} is not verified`)
      const { atMs: verifiedAtMs, sha256 } = verified
      return { path, name: names[index] ?? path, sizeBytes, sha256, verifiedAtMs, isDamaged: false }
    }),
  }
}
