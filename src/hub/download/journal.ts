import { isJsonObject, type JsonObject, type JsonValue } from '../../core/lib/json.ts'
import type { DownloadRequest, RequestedFile } from '../download-state.ts'

/** One line of the journal. What is on disk is what the records of all lines together say. */
export type JournalRecord =
  | {
      readonly type: 'begin'
      readonly version: 1
      readonly request: DownloadRequest
      readonly pieceBytes: number
    }
  /** The piece is on disk; `digest` is of the bytes as they arrived. */
  | {
      readonly type: 'piece'
      readonly file: number
      readonly piece: number
      readonly digest: string
    }
  /** These pieces on disk are not what arrived. */
  | { readonly type: 'lost'; readonly file: number; readonly pieces: readonly number[] }
  /** The whole hash is wrong though the disk is right: every piece is fetched again and compared. */
  | { readonly type: 'suspect'; readonly file: number }
  /** All of the file is fetched again, whatever was known of it. */
  | { readonly type: 'restart'; readonly file: number }
  /** The state of the SHA-256 after the first `bytes` bytes, base64. Those bytes were flushed to disk before. */
  | { readonly type: 'hash'; readonly file: number; readonly bytes: number; readonly state: string }
  | {
      readonly type: 'verified'
      readonly file: number
      readonly atMs: number
      readonly sha256: string
    }
  | { readonly type: 'etag'; readonly file: number; readonly host: string; readonly etag: string }
  /** The same files at other addresses: another mirror. */
  | { readonly type: 'moved'; readonly urls: readonly string[] }
  /** Whether it goes on by itself when the page is opened again. */
  | { readonly type: 'intent'; readonly intent: Intent }

export type Intent = 'run' | 'pause'

/** What the journal says of one file. Changed in place by `applyRecord`: a record a piece would otherwise copy them all. */
export type JournalFile = {
  /** The digest of each piece that is on disk. */
  digests: (string | null)[]
  /** Those of the first fetch, while the file is fetched again to compare. */
  suspects: readonly (string | null)[] | null
  hash: { readonly bytes: number; readonly state: string } | null
  verified: { readonly atMs: number; readonly sha256: string } | null
  readonly etags: Map<string, string>
}

export type Journal = {
  request: DownloadRequest
  readonly pieceBytes: number
  intent: Intent
  readonly files: readonly JournalFile[]
}

/** A terabyte: more is no model but an attempt to exhaust the memory. */
const MAX_FILE_BYTES = 2 ** 40
const MAX_FILES = 1000
const MIN_PIECE_BYTES = 2 ** 16

/**
 * A record as a line: checksum, space, JSON, newline. ASCII only, so that characters count bytes.
 */
export function encodeRecord(record: JournalRecord): string {
  const json = JSON.stringify(record).replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${checksum(json)} ${json}\n`
}

/**
 * Reads a journal as far as it is whole.
 *
 * A crash may tear the last line, and a lost power supply may leave anything behind it: the first line that is not
 * right ends the journal. `validBytes` is where to go on writing. Null when there is no beginning.
 */
export function parseJournal(
  bytes: Uint8Array,
): { readonly journal: Journal; readonly validBytes: number } | null {
  // One character a byte, whatever the bytes are.
  const text = new TextDecoder('latin1').decode(bytes)
  let journal: Journal | null = null
  let at = 0
  for (;;) {
    const end = text.indexOf('\n', at)
    if (end === -1) break
    const record = decodeLine(text.slice(at, end))
    if (!record) break
    if (journal === null) {
      if (record['type'] !== 'begin') break
      journal = beginJournal(record)
      if (journal === null) break
    } else if (!applyParsed(journal, record)) break
    at = end + 1
  }
  return journal && { journal, validBytes: at }
}

/** Carries out a record of our own. */
export function applyRecord(journal: Journal, record: JournalRecord): void {
  if (!applyParsed(journal, record)) throw new Error(`not a record: ${JSON.stringify(record)}`)
}

export function newJournal(request: DownloadRequest, pieceBytes: number): Journal {
  return {
    request,
    pieceBytes,
    intent: 'run',
    files: request.files.map(({ sizeBytes }) => ({
      digests: Array.from({ length: Math.ceil(sizeBytes / pieceBytes) }, () => null),
      suspects: null,
      hash: null,
      verified: null,
      etags: new Map(),
    })),
  }
}

/** How many bytes from the start on are on disk. */
export function prefixBytes({ digests }: JournalFile, pieceBytes: number, sizeBytes: number) {
  const first = digests.indexOf(null)
  return first === -1 ? sizeBytes : first * pieceBytes
}

function decodeLine(line: string): JsonObject | null {
  const json = line.slice(9)
  if (line.slice(0, 8) !== checksum(json) || line[8] !== ' ') return null
  try {
    const value: unknown = JSON.parse(json)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}

function beginJournal({ version, request, pieceBytes }: JsonObject): Journal | null {
  if (version !== 1 || !isCount(pieceBytes) || pieceBytes < MIN_PIECE_BYTES) return null
  const parsed = parseRequest(request)
  return parsed && newJournal(parsed, pieceBytes)
}

/** Null unless every part is there and sane. */
export function parseRequest(value: JsonValue | undefined): DownloadRequest | null {
  if (!isJsonObject(value)) return null
  const { repo, commit, quantization, files } = value
  if (typeof repo !== 'string' || typeof commit !== 'string') return null
  if (typeof quantization !== 'string' || !Array.isArray(files)) return null
  if (files.length === 0 || files.length > MAX_FILES) return null
  const parsed = files.map((file: JsonValue) => parseFile(file))
  return parsed.every((file) => file !== null)
    ? { repo, commit, quantization, files: parsed }
    : null
}

function parseFile(value: JsonValue): RequestedFile | null {
  if (!isJsonObject(value)) return null
  const { path, url, sizeBytes, sha256, etag } = value
  if (typeof path !== 'string' || typeof url !== 'string' || !isUrl(url)) return null
  if (!isCount(sizeBytes) || sizeBytes > MAX_FILE_BYTES) return null
  if (sha256 !== null && !isSha256(sha256)) return null
  if (etag !== null && typeof etag !== 'string') return null
  return { path, url, sizeBytes, sha256, etag }
}

/** False, with nothing changed, when the record makes no sense here. */
function applyParsed(journal: Journal, record: JournalRecord | JsonObject): boolean {
  if (record.type === 'intent') {
    if (record['intent'] !== 'run' && record['intent'] !== 'pause') return false
    journal.intent = record['intent']
    return true
  }
  if (record.type === 'moved') return applyMoved(journal, record['urls'])
  if (!('file' in record) || typeof record.file !== 'number') return false
  const file = journal.files[record.file]
  const sizeBytes = journal.request.files[record.file]?.sizeBytes
  if (!file || sizeBytes === undefined) return false
  switch (record.type) {
    case 'piece':
      return applyPiece(file, record['piece'], record['digest'])
    case 'lost':
      return applyLost(file, record['pieces'])
    case 'suspect':
      file.suspects = file.digests
      forget(file)
      return true
    case 'restart':
      file.suspects = null
      file.etags.clear()
      forget(file)
      return true
    case 'hash': {
      const { bytes, state } = record
      if (!isCount(bytes) || typeof state !== 'string') return false
      if (bytes > prefixBytes(file, journal.pieceBytes, sizeBytes)) return false
      file.hash = { bytes, state }
      return true
    }
    case 'verified':
      return applyVerified(file, record['atMs'], record['sha256'])
    case 'etag': {
      const { host, etag } = record
      if (typeof host !== 'string' || typeof etag !== 'string') return false
      file.etags.set(host, etag)
      return true
    }
    default:
      return false
  }
}

function applyPiece(file: JournalFile, piece: unknown, digest: unknown): boolean {
  if (!isCount(piece) || piece >= file.digests.length) return false
  if (typeof digest !== 'string' || !/^[\da-f]{16}$/.test(digest)) return false
  file.digests[piece] = digest
  return true
}

function applyVerified(file: JournalFile, atMs: unknown, sha256: unknown): boolean {
  if (!isCount(atMs) || !isSha256(sha256) || file.digests.includes(null)) return false
  file.verified = { atMs, sha256 }
  return true
}

function applyLost(file: JournalFile, pieces: unknown): boolean {
  if (!Array.isArray(pieces)) return false
  if (!pieces.every((piece) => isCount(piece) && piece < file.digests.length)) return false
  for (const piece of pieces) file.digests[piece] = null
  file.hash = null
  file.verified = null
  return true
}

function applyMoved(journal: Journal, urls: unknown): boolean {
  const { request } = journal
  if (!Array.isArray(urls) || urls.length !== request.files.length) return false
  if (!urls.every((url) => typeof url === 'string' && isUrl(url))) return false
  const files = request.files.map((file, index) => ({ ...file, url: String(urls[index]) }))
  journal.request = { ...request, files }
  return true
}

function forget(file: JournalFile): void {
  file.digests = file.digests.map(() => null)
  file.hash = null
  file.verified = null
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isSha256(value: unknown): value is string {
  return typeof value === 'string' && /^[\da-f]{64}$/.test(value)
}

function isUrl(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url)
}

/** FNV-1a, 32 bits: finds torn and foreign lines; it is no protection against someone who writes them. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
