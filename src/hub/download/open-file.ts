import type { IHasher } from 'hash-wasm'
import type { DownloadError, RequestedFile } from '../download-state.ts'
import { prefixBytes, type JournalFile } from './journal.ts'
import type { JournalFileWriter } from './journal-file.ts'
import type { PieceState, PlannedFile } from './ranges.ts'
import { createRate } from './rate.ts'
import { BLOCK_BYTES, type Sha256Thread } from './sha256-thread.ts'
import type { SyncFile } from './sync-file.ts'

export type OpenFileOptions = {
  readonly index: number
  readonly data: SyncFile
  readonly writer: JournalFileWriter
  readonly checkpointBytes: number
}

/** A disk that loses pieces again and again is broken. */
const MAX_REPAIRS = 3

/** One file of a running download: which of its pieces are here, and its hash, which follows behind. */
export type OpenFile = ReturnType<typeof createOpenFile>

export function createOpenFile({ index, data, writer, checkpointBytes }: OpenFileOptions) {
  const { journal } = writer
  const { pieceBytes } = journal
  const request = requestOf(writer, index)
  const known = knownOf(writer, index)
  const { sizeBytes } = request
  /** Kept up rather than made anew: a large file has thousands, and the plan is asked for with each of them. */
  const states: PieceState[] = []
  const rate = createRate()
  let ranges: PlannedFile['ranges'] = 'unknown'
  let activeRanges = 0
  let arrivingBytes = 0
  let hashedBytes = 0
  /** Changes whenever bytes that were hashed may have changed. */
  let epoch = 0
  let repairs = 0
  let wake: (() => void) | null = null

  const lengthOf = (piece: number) => Math.min(pieceBytes, sizeBytes - piece * pieceBytes)
  const stir = () => {
    wake?.()
    wake = null
  }

  function grown(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      wake = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  function readStates(): void {
    known.digests.forEach((digest, piece) => {
      if (states[piece] !== 'active') states[piece] = digest === null ? 'missing' : 'done'
    })
  }

  /** Nothing that was hashed counts any more. */
  function rehash(): void {
    readStates()
    epoch++
    hashedBytes = 0
    stir()
  }

  async function saveHash(thread: Sha256Thread, bytes: number): Promise<void> {
    const current = epoch
    // The state stands for bytes on the disk: they must be there even if the power fails next.
    data.flush()
    const state = await thread.save()
    if (current !== epoch) return
    writer.append({ type: 'hash', file: index, bytes, state: toBase64(state) })
    writer.flush()
  }

  /** Feeds the contiguous beginning to the thread as it grows; the hash of all, or null when it must start again. */
  async function hashOnce(thread: Sha256Thread, signal: AbortSignal): Promise<string | null> {
    const current = epoch
    const saved = known.hash
    const isRestored = await thread.begin(saved && fromBase64(saved.state))
    let at = isRestored && saved ? saved.bytes : 0
    let savedAt = at
    hashedBytes = at
    while (at < sizeBytes) {
      if (signal.aborted && at > savedAt) await saveHash(thread, at)
      signal.throwIfAborted()
      if (current !== epoch) return null
      const ready = Math.min(prefixBytes(known, pieceBytes, sizeBytes) - at, BLOCK_BYTES)
      if (ready === 0) {
        await grown(signal)
        continue
      }
      const buffer = await thread.takeBuffer()
      if (current !== epoch) {
        thread.giveBuffer(buffer)
        return null
      }
      const byteCount = data.read(new Uint8Array(buffer, 0, ready), { at })
      if (byteCount === 0) throw new Error(`${request.path} became shorter on the disk`)
      thread.feed(buffer, byteCount)
      at += byteCount
      if (at - savedAt < checkpointBytes || at === sizeBytes) continue
      await saveHash(thread, at)
      savedAt = at
    }
    data.flush()
    const hex = await thread.digest()
    return current === epoch ? hex : null
  }

  /** What to do about a wrong hash: fetch what the disk lost, else fetch all again to compare, else refuse the file. */
  function repair(actual: string, digest: IHasher): DownloadError | null {
    const damaged = known.digests.flatMap((expected, piece) =>
      digestOnDisk(piece, digest) === expected ? [] : [piece],
    )
    if (damaged.length > 0 && repairs < MAX_REPAIRS) {
      repairs++
      writer.append({ type: 'lost', file: index, pieces: damaged })
    } else if (known.suspects === null) {
      writer.append({ type: 'suspect', file: index })
    } else {
      const { suspects } = known
      const pieces = known.digests.flatMap((now, piece) => (now === suspects[piece] ? [] : [piece]))
      const { path, sha256 } = request
      return { kind: 'hash-mismatch', path, expected: sha256 ?? '', actual, pieces, pieceBytes }
    }
    rehash()
    return null
  }

  function digestOnDisk(piece: number, digest: IHasher): string {
    const block = new Uint8Array(BLOCK_BYTES)
    digest.init()
    for (let at = 0; at < lengthOf(piece);) {
      const part = block.subarray(0, Math.min(block.length, lengthOf(piece) - at))
      const count = data.read(part, { at: piece * pieceBytes + at })
      if (count === 0) break
      digest.update(part.subarray(0, count))
      at += count
    }
    return digest.digest()
  }

  // A file that was removed or cut under our feet has lost what the journal says of it.
  const lost = known.digests.flatMap((value, piece) =>
    value !== null && piece * pieceBytes + lengthOf(piece) > data.getSize() ? [piece] : [],
  )
  if (lost.length > 0) writer.append({ type: 'lost', file: index, pieces: lost })
  readStates()
  // Reserves the space now rather than run out of it later.
  if (data.getSize() !== sizeBytes) data.truncate(sizeBytes)

  return {
    index,
    request,
    rate,
    sizeBytes,
    planned: (): PlannedFile => ({ pieces: states, ranges, activeRanges }),
    claim(first: number, count: number): void {
      activeRanges++
      states.fill('active', first, first + count)
    },
    release(first: number, count: number): void {
      activeRanges--
      for (let piece = first; piece < first + count; piece++) {
        states[piece] = known.digests[piece] === null ? 'missing' : 'done'
      }
    },
    rangeBytes: (first: number, count: number) => ({
      start: first * pieceBytes,
      end: Math.min((first + count) * pieceBytes, sizeBytes),
    }),
    setRanges(kind: 'supported' | 'unsupported'): void {
      ranges = kind
    },
    canResume: () => ranges !== 'unsupported',
    write(bytes: Uint8Array<ArrayBuffer>, at: number): void {
      if (data.write(bytes, { at }) !== bytes.length) throw new Error('The disk took only a part.')
    },
    arrived(count: number): void {
      arrivingBytes += count
    },
    pieceDone(piece: number, digest: string): void {
      arrivingBytes -= lengthOf(piece)
      writer.append({ type: 'piece', file: index, piece, digest })
      states[piece] = 'done'
      stir()
    },
    restart(): void {
      writer.append({ type: 'restart', file: index })
      rehash()
    },
    etags: {
      of: (host: string) => known.etags.get(host) ?? null,
      pin(host: string, etag: string): void {
        writer.append({ type: 'etag', file: index, host, etag })
      },
    },
    doneBytes: () =>
      Math.min(
        sizeBytes,
        arrivingBytes +
          known.digests.reduce((sum, value, piece) => sum + (value ? lengthOf(piece) : 0), 0),
      ),
    hashedBytes: () => (known.verified === null ? hashedBytes : sizeBytes),
    noteHashed(count: number): void {
      hashedBytes = Math.min(sizeBytes, hashedBytes + count)
    },
    isVerified: () => known.verified !== null,
    hash: hashOnce,
    repair,
    /** Pieces come again after a repair. */
    isComplete: () => !known.digests.includes(null),
    markVerified(sha256: string): void {
      writer.append({ type: 'verified', file: index, atMs: Date.now(), sha256 })
      writer.flush()
    },
    close(): void {
      data.flush()
      data.close()
    },
  }
}

function requestOf({ journal }: JournalFileWriter, index: number): RequestedFile {
  const file = journal.request.files[index]
  if (!file) throw new Error(`no file ${index}`)
  return file
}

function knownOf({ journal }: JournalFileWriter, index: number): JournalFile {
  const file = journal.files[index]
  if (!file) throw new Error(`no file ${index}`)
  return file
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** A state that is no base64 is one that cannot be restored. */
function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
