import type { IHasher } from 'hash-wasm'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type { DownloadError, DownloadWait } from '../download-state.ts'
import { networkError, type FileSource } from './file-source.ts'
import type { RequestTimes } from './ranges.ts'
import { readChunks } from './read-chunks.ts'
import { decideRetry, type RetryPolicy } from './retry.ts'

/** One range of a file on its way to the disk. Bytes, `end` exclusive. */
export type RangeTask = {
  readonly path: string
  readonly url: string
  readonly sizeBytes: number
  readonly pieceBytes: number
  readonly start: number
  readonly end: number
}

export type RangeDeps = {
  readonly source: FileSource
  /** Of one piece at a time: the digest of what arrived. */
  readonly digest: IHasher
  readonly retry: RetryPolicy & { readonly stallMs: number }
  readonly network: Network
  /** Throws where the disk does. */
  readonly write: (bytes: Uint8Array<ArrayBuffer>, at: number) => void
  /** Bytes that arrived; negative when they have to come again. */
  readonly onBytes: (count: number) => void
  readonly onPiece: (piece: number, digest: string) => void
  readonly onTimes: (times: RequestTimes) => void
  readonly onWait: (wait: DownloadWait | null) => void
  /** The first answer says whether the server knows ranges. */
  readonly onRanges: (kind: 'supported' | 'unsupported') => void
  /** The whole file comes again from its first byte. */
  readonly onRestart: () => void
}

export type Network = {
  readonly isOnline: () => boolean
  /** Resolves when there is a network again. */
  readonly untilOnline: (signal: AbortSignal) => Promise<void>
  /** Resolves earlier when the network comes back: a reason to try at once. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly now: () => number
}

/**
 * Fetches a range, as often as it takes, and writes it to the disk as it arrives.
 *
 * A broken connection goes on at the byte where it broke. `'whole'`: the server sends whole files only, and nothing of
 * the answer was used. Throws when `signal` is aborted.
 */
export async function fetchRange(
  task: RangeTask,
  deps: RangeDeps,
  signal: AbortSignal,
): Promise<Result<'complete' | 'whole', DownloadError>> {
  const progress = createProgress(task, deps)
  let failures = 0
  for (;;) {
    const before = progress.at()
    const outcome = await attempt(task, { ...deps, progress }, signal)
    if (outcome.ok) return outcome
    failures = progress.at() > before ? 1 : failures + 1
    const decision = decideRetry(outcome.error, failures, deps.retry)
    if (decision.type === 'give-up') {
      progress.drop()
      return outcome
    }
    if (decision.type === 'when-online') {
      deps.onWait({ reason: 'offline' })
      await untilDone(deps.network.untilOnline(signal), progress, signal)
    } else {
      deps.onWait(waitOf(outcome.error, deps.network.now() + decision.delayMs))
      await untilDone(deps.network.sleep(decision.delayMs, signal), progress, signal)
    }
    deps.onWait(null)
    if (outcome.error.kind !== 'rate-limited') deps.source.forgetLink()
  }
}

async function untilDone(waiting: Promise<void>, progress: Progress, signal: AbortSignal) {
  await waiting.catch(() => null)
  if (signal.aborted) progress.drop()
  signal.throwIfAborted()
}

function waitOf(error: DownloadError, untilMs: number): DownloadWait {
  return error.kind === 'rate-limited'
    ? { reason: 'rate-limited', untilMs }
    : { reason: 'retry', untilMs, error }
}

type AttemptDeps = RangeDeps & { readonly progress: Progress }

/** One request. Its own signal also ends it when nothing comes for too long. */
async function attempt(
  task: RangeTask,
  deps: AttemptDeps,
  signal: AbortSignal,
): Promise<Result<'complete' | 'whole', DownloadError>> {
  const { progress, source, network, retry } = deps
  const stall = new AbortController()
  let timer = setTimeout(() => stall.abort(), retry.stallMs)
  const isAlive = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stall.abort(), retry.stallMs)
  }
  const both = AbortSignal.any([signal, stall.signal])
  const startedAtMs = network.now()
  const from = progress.at()
  let firstByteAtMs = startedAtMs
  try {
    const opened = await source.open({ start: from, end: task.end }, both)
    if (!opened.ok) return opened
    const { response, isWhole } = opened.value
    deps.onRanges(isWhole ? 'unsupported' : 'supported')
    const isAsked = from === 0 && task.end === task.sizeBytes
    if (isWhole && !isAsked) {
      await response.body?.cancel()
      if (task.end - task.start < task.sizeBytes) return ok('whole')
      // The whole file was asked for from where it broke: it can only start again.
      progress.restart()
      deps.onRestart()
      return await attempt(task, deps, signal)
    }
    if (!response.body) return err({ kind: 'bad-response', detail: 'an answer without a body' })
    firstByteAtMs = network.now()
    const chunks = readChunks(response.body)
    try {
      for (;;) {
        const chunk = await chunks.next()
        if (!chunk) break
        isAlive()
        if (progress.at() + chunk.length > task.end) {
          return err({ kind: 'bad-response', detail: `more bytes than asked for of ${task.path}` })
        }
        progress.take(chunk)
      }
    } finally {
      await chunks.cancel()
    }
    if (progress.at() === task.end) return ok('complete')
    return err(networkError('The connection ended too early.', response.url, network.isOnline))
  } catch (cause) {
    if (signal.aborted) progress.drop()
    signal.throwIfAborted()
    if (cause instanceof DiskError) throw cause
    if (stall.signal.aborted) {
      return err({ kind: 'stalled', path: task.path, stallMs: retry.stallMs })
    }
    return err(networkError(cause, task.url, network.isOnline))
  } finally {
    clearTimeout(timer)
    const pieces = (progress.at() - from) / task.pieceBytes
    const bodyMs = network.now() - firstByteAtMs
    deps.onTimes({ firstByteMs: firstByteAtMs - startedAtMs, bodyMs, pieces })
  }
}

/** The disk refused: no other attempt helps. */
export class DiskError extends Error {
  constructor(cause: unknown) {
    super('the disk refused', { cause })
  }
}

type Progress = ReturnType<typeof createProgress>

/** Where the range has got to, and the digest of the piece that is being written. */
function createProgress(task: RangeTask, { digest, write, onBytes, onPiece }: RangeDeps) {
  const { pieceBytes, sizeBytes } = task
  let at = task.start
  digest.init()

  const pieceEnd = () => Math.min((Math.floor(at / pieceBytes) + 1) * pieceBytes, sizeBytes)

  return {
    at: () => at,
    take(bytes: Uint8Array<ArrayBuffer>): void {
      let rest = bytes
      while (rest.length > 0) {
        const end = pieceEnd()
        const part = rest.subarray(0, end - at)
        try {
          write(part, at)
        } catch (cause) {
          throw new DiskError(cause)
        }
        digest.update(part)
        at += part.length
        onBytes(part.length)
        if (at === end) {
          onPiece(Math.ceil(at / pieceBytes) - 1, digest.digest())
          digest.init()
        }
        rest = rest.subarray(part.length)
      }
    },
    /** The piece that is not complete has to come again. */
    drop(): void {
      const start = Math.floor(at / pieceBytes) * pieceBytes
      if (at < sizeBytes && at > start) onBytes(Math.max(start, task.start) - at)
    },
    restart(): void {
      onBytes(task.start - at)
      at = task.start
      digest.init()
    },
  }
}
