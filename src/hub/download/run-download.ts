import { createXXHash64 } from 'hash-wasm'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type {
  DownloadedFile,
  DownloadError,
  DownloadTuning,
  DownloadWait,
} from '../download-state.ts'
import { diskNames, FILES_FOLDER } from '../store/layout.ts'
import type { ConnectionBudget } from './connection-budget.ts'
import { DiskError, fetchRange, type Network } from './fetch-range.ts'
import { createFileSource } from './file-source.ts'
import type { JournalFileWriter } from './journal-file.ts'
import { createOpenFile, type OpenFile } from './open-file.ts'
import { createRangeLength, nextRange, type PieceRange } from './ranges.ts'
import { secondsLeft } from './rate.ts'
import { outOfSpace } from './space.ts'
import { startSha256Thread } from './sha256-thread.ts'
import { openSyncFile } from './sync-file.ts'
import { isOutOfSpace, openFolder } from '../store/opfs.ts'

export type RunOptions = {
  readonly folder: FileSystemDirectoryHandle
  readonly writer: JournalFileWriter
  readonly budget: ConnectionBudget
  readonly network: Network
  readonly tuning: DownloadTuning
  readonly authorization: (url: string) => string | null
}

/** How far a running download has got. */
export type RunProgress = {
  readonly files: readonly DownloadedFile[]
  readonly wait: DownloadWait | null
  /** Every byte is here. */
  readonly isFetched: boolean
}

export type Run = {
  progress(): RunProgress
  /** When every file is verified, or none can be any more. `'stopped'` after the signal was aborted; all files are closed by then. */
  readonly outcome: Promise<Result<'done' | 'stopped', DownloadError>>
}

/** Hashes beside each other: more would take the cores that the rest of the page needs. */
const HASH_THREADS = 2

/** Downloads and verifies the files of one journal, with as many connections as the budget gives. */
export async function startRun(options: RunOptions, signal: AbortSignal): Promise<Run> {
  const { writer, tuning, budget, network } = options
  const { request } = writer.journal
  const files = await openFiles(options)
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  const rangeLength = createRangeLength()
  const waits = new Map<object, DownloadWait>()
  const ranges = new Set<Promise<void>>()
  const digests: Digest[] = []
  let failure: DownloadError | null = null
  const sources = files.map((file) =>
    createFileSource(file.request, {
      repo: request.repo,
      authorization: options.authorization,
      isOnline: network.isOnline,
      etags: file.etags,
    }),
  )

  function fail(error: DownloadError): void {
    failure ??= error
    stop.abort()
  }

  async function asDownloadError(cause: unknown): Promise<DownloadError> {
    const reason = cause instanceof DiskError ? cause.cause : cause
    if (isOutOfSpace(reason)) return outOfSpace(options.folder, request)
    const detail = reason instanceof Error ? reason.message : String(reason)
    return { kind: cause instanceof DiskError ? 'storage' : 'crashed', detail }
  }

  /** Starts as many requests as the plan and the budget allow. */
  function pump(): void {
    while (!both.aborted) {
      const limits = {
        parallelRanges: tuning.parallelRanges,
        rangePieces: rangeLength.pieces(),
      }
      const next = nextRange(
        files.map((file) => file.planned()),
        limits,
      )
      const file = next && files[next.file]
      if (!file || !budget.take()) return
      file.claim(next.range.first, next.range.count)
      const done = fetchOne(file, next.range).finally(() => {
        file.release(next.range.first, next.range.count)
        ranges.delete(done)
        budget.give()
      })
      ranges.add(done)
    }
  }

  async function fetchOne(file: OpenFile, range: PieceRange): Promise<void> {
    const source = sources[file.index]
    const slot = {}
    const digest = digests.pop() ?? (await createXXHash64())
    try {
      if (!source) throw new Error(`no source for ${file.request.path}`)
      const { path, url, sizeBytes } = file.request
      const { pieceBytes } = writer.journal
      const task = {
        path,
        url,
        sizeBytes,
        pieceBytes,
        ...file.rangeBytes(range.first, range.count),
      }
      const { backoffMs, maxAttempts, stallMs } = tuning
      const result = await fetchRange(
        task,
        {
          source,
          digest,
          network,
          retry: { backoffMs, maxAttempts, stallMs, random: Math.random },
          write: (bytes, at) => file.write(bytes, at),
          onBytes: (count) => file.arrived(count),
          onPiece: (piece, hash) => file.pieceDone(piece, hash),
          onTimes: (times) => rangeLength.note(times),
          onWait: (wait) => (wait ? waits.set(slot, wait) : waits.delete(slot)),
          onRanges(kind) {
            file.setRanges(kind)
            // The first answer is here: the other connections may start.
            queueMicrotask(pump)
          },
          onRestart: () => file.restart(),
        },
        both,
      )
      if (!result.ok) fail(result.error)
    } catch (cause) {
      if (!both.aborted) fail(await asDownloadError(cause))
    } finally {
      digests.push(digest)
      waits.delete(slot)
    }
  }

  /** One of the threads that hash: takes the files in turn. */
  async function hashFiles(queue: OpenFile[]): Promise<void> {
    let current: OpenFile | null = null
    const thread = startSha256Thread((count) => current?.noteHashed(count))
    const digest = await createXXHash64()
    try {
      for (let file = queue.shift(); file; file = queue.shift()) {
        current = file
        while (!file.isVerified()) {
          const hex = await file.hash(thread, both)
          if (hex === null) continue
          if (file.request.sha256 === null || file.request.sha256 === hex) {
            file.markVerified(hex)
            continue
          }
          const error = file.repair(hex, digest)
          if (error) return fail(error)
          pump()
        }
      }
    } catch (cause) {
      if (!both.aborted) fail(await asDownloadError(cause))
    } finally {
      thread.terminate()
    }
  }

  async function finish(): Promise<Result<'done' | 'stopped', DownloadError>> {
    const leave = budget.join(pump)
    pump()
    const queue = files.filter((file) => !file.isVerified())
    const threads = Array.from({ length: Math.min(HASH_THREADS, queue.length) }, () =>
      hashFiles(queue),
    )
    await Promise.all(threads)
    leave()
    await Promise.all(ranges)
    try {
      for (const file of files) file.close()
    } catch (cause) {
      failure ??= await asDownloadError(new DiskError(cause))
    }
    if (failure) return err(failure)
    return ok(signal.aborted ? 'stopped' : 'done')
  }

  return {
    progress: () => progressOf(files, waits, network.now()),
    outcome: finish(),
  }
}

type Digest = Awaited<ReturnType<typeof createXXHash64>>

async function openFiles({ folder, writer, tuning }: RunOptions): Promise<readonly OpenFile[]> {
  const { files } = writer.journal.request
  const names = diskNames(files.map(({ path }) => path))
  const inside = await openFolder(folder, FILES_FOLDER)
  const opened: OpenFile[] = []
  try {
    for (const [index, name] of names.entries()) {
      const data = await openSyncFile(inside, name)
      const { checkpointBytes } = tuning
      opened.push(createOpenFile({ index, data, writer, checkpointBytes }))
    }
  } catch (cause) {
    for (const file of opened) file.close()
    throw cause
  }
  return opened
}

function progressOf(
  files: readonly OpenFile[],
  waits: ReadonlyMap<object, DownloadWait>,
  nowMs: number,
): RunProgress {
  const downloaded = files.map((file): DownloadedFile => {
    const doneBytes = file.doneBytes()
    file.rate.add(nowMs, doneBytes)
    const bytesPerSecond = doneBytes < file.sizeBytes ? file.rate.bytesPerSecond() : 0
    return {
      path: file.request.path,
      sizeBytes: file.sizeBytes,
      doneBytes,
      verifiedBytes: file.hashedBytes(),
      bytesPerSecond,
      secondsLeft: secondsLeft(file.sizeBytes - doneBytes, bytesPerSecond),
      canResume: file.canResume(),
    }
  })
  const activeRanges = files.reduce((sum, file) => sum + file.planned().activeRanges, 0)
  const [wait = null] = waits.values()
  return {
    files: downloaded,
    // One range that waits while others run is nothing to tell.
    wait: activeRanges > 0 && waits.size >= activeRanges ? wait : null,
    isFetched: files.every((file) => file.isComplete()),
  }
}
