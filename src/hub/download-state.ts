import type { HubError } from './hub-error.ts'

/** What to download: a quantization of a repository, pinned to a commit. */
export type DownloadRequest = {
  /** `owner/name`. */
  readonly repo: string
  readonly commit: string
  /** Its label, such as `Q4_K_M`. */
  readonly quantization: string
  /** Every shard, in order. */
  readonly files: readonly RequestedFile[]
}

export type RequestedFile = {
  /** In the repository. */
  readonly path: string
  /** On the Hub's host. Never holds a token. */
  readonly url: string
  readonly sizeBytes: number
  /** The LFS object id, 64 hex digits; null for a small file outside LFS, whose hash the Hub does not tell. */
  readonly sha256: string | null
  /** What the Hub's own host answered before, if known. */
  readonly etag: string | null
}

export type DownloadError =
  | Exclude<HubError, { readonly kind: 'aborted' | 'range-unsupported' }>
  /** The file is not the one that was asked for any more. To go on, open the repository again and start anew. */
  | {
      readonly kind: 'changed-on-hub'
      readonly path: string
      readonly what: 'size' | 'etag'
      readonly expected: string
      readonly actual: string
    }
  /** 416 though the size is right. */
  | { readonly kind: 'range-refused'; readonly path: string }
  | {
      readonly kind: 'no-space'
      readonly neededBytes: number
      readonly availableBytes: number
      readonly missingBytes: number
    }
  /** Fetched twice and still wrong. `pieces`: the numbers of those that differed between the two fetches. */
  | {
      readonly kind: 'hash-mismatch'
      readonly path: string
      readonly expected: string
      readonly actual: string
      readonly pieces: readonly number[]
      readonly pieceBytes: number
    }
  | { readonly kind: 'stalled'; readonly path: string; readonly stallMs: number }
  /** The browser's storage did not do as asked. */
  | { readonly kind: 'storage'; readonly detail: string }
  | { readonly kind: 'crashed'; readonly detail: string }

/** Why nothing moves at the moment; it goes on by itself. */
export type DownloadWait =
  | { readonly reason: 'offline' }
  | { readonly reason: 'rate-limited'; readonly untilMs: number }
  | { readonly reason: 'retry'; readonly untilMs: number; readonly error: DownloadError }

export type DownloadState =
  /** Other downloads use all connections, or another tab is about to hand over. */
  | { readonly type: 'queued' }
  | { readonly type: 'running'; readonly wait: DownloadWait | null }
  | { readonly type: 'paused' }
  /** Every byte is here, the hashes are not yet all compared. */
  | { readonly type: 'verifying' }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly error: DownloadError }

export type DownloadedFile = {
  readonly path: string
  readonly sizeBytes: number
  readonly doneBytes: number
  /** Hashed so far. */
  readonly verifiedBytes: number
  readonly bytesPerSecond: number
  readonly secondsLeft: number | null
  /** False when the server sends whole files only: after a break this file starts again from its first byte. */
  readonly canResume: boolean
}

export type Download = {
  /** Also the id of the entry in the model store. */
  readonly id: string
  readonly repo: string
  readonly commit: string
  readonly quantization: string
  readonly state: DownloadState
  readonly files: readonly DownloadedFile[]
  readonly sizeBytes: number
  readonly doneBytes: number
  readonly verifiedBytes: number
  /** Over the last seconds; 0 when nothing moves. */
  readonly bytesPerSecond: number
  readonly secondsLeft: number | null
  /** True when another tab downloads it; commands reach it there. */
  readonly isInOtherTab: boolean
}

/** Figures that only tests change. */
export type DownloadTuning = {
  readonly pieceBytes: number
  /** Connections of all downloads together: what a browser opens to one HTTP/1.1 host. */
  readonly parallelRanges: number
  readonly stallMs: number
  readonly backoffMs: number
  readonly maxAttempts: number
  /** How much is hashed between two saved states. */
  readonly checkpointBytes: number
  readonly progressMs: number
}

export const DEFAULT_TUNING: DownloadTuning = {
  // A crash loses the unfinished piece of every connection: together less than 8 MB.
  pieceBytes: 2 ** 20,
  parallelRanges: 4,
  stallMs: 30_000,
  backoffMs: 500,
  maxAttempts: 10,
  checkpointBytes: 128 * 2 ** 20,
  progressMs: 250,
}
