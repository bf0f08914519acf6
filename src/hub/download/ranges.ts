/** Pieces in a row, fetched with one request. */
export type PieceRange = { readonly first: number; readonly count: number }

export type PieceState = 'missing' | 'active' | 'done'

/** A file, to the planner. */
export type PlannedFile = {
  readonly pieces: readonly PieceState[]
  /** `unknown` until its first answer: that one also finds the address of the bytes. */
  readonly ranges: 'unknown' | 'supported' | 'unsupported'
  readonly activeRanges: number
}

export type PlanLimits = {
  readonly parallelRanges: number
  /** Pieces in one request, at most. */
  readonly rangePieces: number
}

/** Ranges of one file at a time while other files wait: the hashes of two files then run beside each other. */
const SHARE_PER_FILE = 2 / 3
/** Requests are this much shorter than what is left for each connection, so that none is left over at the end. */
const TAIL_FACTOR = 2

/**
 * The next request to make, or null when nothing is to be done now.
 *
 * Files in order and pieces in order, so that the hash, which runs in order, is never far behind.
 */
export function nextRange(
  files: readonly PlannedFile[],
  limits: PlanLimits,
): { readonly file: number; readonly range: PieceRange } | null {
  const waiting = files
    .map((file, index) => ({ file, index }))
    .filter(({ file }) => file.pieces.includes('missing') && mayStart(file))
  const share = Math.max(1, Math.floor(limits.parallelRanges * SHARE_PER_FILE))
  const chosen = waiting.find(({ file }) => file.activeRanges < share) ?? waiting[0]
  return chosen ? { file: chosen.index, range: rangeOf(chosen.file, limits) } : null
}

function mayStart({ ranges, activeRanges }: PlannedFile): boolean {
  return ranges === 'supported' || activeRanges === 0
}

function rangeOf({ pieces, ranges }: PlannedFile, limits: PlanLimits): PieceRange {
  // Such a server sends all or nothing.
  if (ranges === 'unsupported') return { first: 0, count: pieces.length }
  const first = pieces.indexOf('missing')
  if (ranges === 'unknown') return { first, count: 1 }
  let missing = 0
  for (const piece of pieces) if (piece === 'missing') missing++
  const fair = Math.ceil(missing / (limits.parallelRanges * TAIL_FACTOR))
  const most = Math.max(1, Math.min(limits.rangePieces, fair))
  let count = 1
  while (count < most && pieces[first + count] === 'missing') count++
  return { first, count }
}

/** A request may cost this share of the time in which its bytes arrive. */
const OVERHEAD_SHARE = 0.05
const MAX_RANGE_PIECES = 64
/** How much the newest request counts. */
const WEIGHT = 0.3

/**
 * Learns how long a request should be: where answers take long to begin, one piece a request would leave the line idle.
 */
export function createRangeLength() {
  let waitMs = 0
  let pieceMs = 0
  return {
    /** One request that brought `pieces` (a fraction too): how long until its answer began, and how long it then took. */
    note({ firstByteMs, bodyMs, pieces }: RequestTimes): void {
      if (pieces <= 0) return
      const isFirst = pieceMs === 0
      waitMs = isFirst ? firstByteMs : waitMs + WEIGHT * (firstByteMs - waitMs)
      pieceMs = isFirst ? bodyMs / pieces : pieceMs + WEIGHT * (bodyMs / pieces - pieceMs)
    },
    pieces(): number {
      if (pieceMs <= 0) return 1
      const wanted = Math.ceil(waitMs / OVERHEAD_SHARE / pieceMs)
      return Math.min(MAX_RANGE_PIECES, Math.max(1, wanted))
    },
  }
}

export type RequestTimes = {
  readonly firstByteMs: number
  readonly bodyMs: number
  readonly pieces: number
}
