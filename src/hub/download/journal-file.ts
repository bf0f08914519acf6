import type { DownloadRequest } from '../download-state.ts'
import { JOURNAL_NAME } from '../store/layout.ts'
import {
  applyRecord,
  encodeRecord,
  newJournal,
  parseJournal,
  type Journal,
  type JournalRecord,
} from './journal.ts'
import { openSyncFile, type SyncFile } from './sync-file.ts'

/** The journal on disk and what it says, kept equal. */
export type JournalFileWriter = {
  readonly journal: Journal
  append(record: JournalRecord): void
  /** To the disk itself: what was appended before outlives a power failure. */
  flush(): void
  close(): void
}

/** More than any journal of ours: 80,000 pieces are 80 GB. */
const MAX_JOURNAL_BYTES = 16 * 2 ** 20

/** Null when there is none that can be read. */
export async function openJournal(
  folder: FileSystemDirectoryHandle,
): Promise<JournalFileWriter | null> {
  const file = await openSyncFile(folder, JOURNAL_NAME)
  const bytes = new Uint8Array(Math.min(file.getSize(), MAX_JOURNAL_BYTES))
  file.read(bytes, { at: 0 })
  const parsed = parseJournal(bytes)
  if (!parsed) {
    file.close()
    return null
  }
  file.truncate(parsed.validBytes)
  return createWriter(file, parsed.journal)
}

export async function beginJournal(
  folder: FileSystemDirectoryHandle,
  request: DownloadRequest,
  pieceBytes: number,
): Promise<JournalFileWriter> {
  const file = await openSyncFile(folder, JOURNAL_NAME)
  file.truncate(0)
  write(file, encodeRecord({ type: 'begin', version: 1, request, pieceBytes }))
  file.flush()
  return createWriter(file, newJournal(request, pieceBytes))
}

function createWriter(file: SyncFile, journal: Journal): JournalFileWriter {
  return {
    journal,
    append(record) {
      applyRecord(journal, record)
      write(file, encodeRecord(record))
    },
    flush: () => file.flush(),
    close: () => file.close(),
  }
}

function write(file: SyncFile, line: string): void {
  const bytes = new TextEncoder().encode(line)
  file.write(bytes, { at: file.getSize() })
}
