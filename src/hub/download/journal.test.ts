import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { DownloadRequest } from '../download-state.ts'
import {
  applyRecord,
  encodeRecord,
  newJournal,
  parseJournal,
  prefixBytes,
  type Journal,
  type JournalRecord,
} from './journal.ts'

const PIECE = 2 ** 16
const HASH = 'a'.repeat(64)

const REQUEST: DownloadRequest = {
  repo: 'owner/näme',
  commit: 'c0ffee',
  quantization: 'Q4_K_M',
  files: [
    {
      path: 'ünï/m-00001-of-00002.gguf',
      url: 'https://hub.test/a',
      sizeBytes: 5 * PIECE + 1,
      sha256: HASH,
      etag: null,
    },
    {
      path: 'm-00002-of-00002.gguf',
      url: 'https://hub.test/b',
      sizeBytes: 2 * PIECE,
      sha256: null,
      etag: '"x"',
    },
  ],
}

const BEGIN: JournalRecord = { type: 'begin', version: 1, request: REQUEST, pieceBytes: PIECE }

/** Records that a run may write, in an order that it may write them: the impossible ones are left out. */
const records = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          type: fc.constant('piece' as const),
          file: fc.constant(0),
          piece: fc.nat(5),
          digest: fc.stringMatching(/^[\da-f]{16}$/),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant('piece' as const),
          file: fc.constant(1),
          piece: fc.nat(1),
          digest: fc.stringMatching(/^[\da-f]{16}$/),
        }),
      },
      fc.record({
        type: fc.constant('lost' as const),
        file: fc.nat(1),
        pieces: fc.uniqueArray(fc.nat(1)),
      }),
      fc.record({ type: fc.constant('suspect' as const), file: fc.nat(1) }),
      fc.record({ type: fc.constant('restart' as const), file: fc.nat(1) }),
      fc.record({
        type: fc.constant('hash' as const),
        file: fc.nat(1),
        bytes: fc.nat(3).map((n) => n * PIECE),
        state: fc.base64String(),
      }),
      fc.record({
        type: fc.constant('verified' as const),
        file: fc.nat(1),
        atMs: fc.nat(),
        sha256: fc.constant(HASH),
      }),
      fc.record({
        type: fc.constant('etag' as const),
        file: fc.nat(1),
        host: fc.string(),
        etag: fc.string({ unit: 'binary' }),
      }),
      fc.record({
        type: fc.constant('intent' as const),
        intent: fc.constantFrom('run' as const, 'pause' as const),
      }),
      fc.record({
        type: fc.constant('moved' as const),
        urls: fc.constant(['http://mirror.test/1', 'http://mirror.test/2']),
      }),
    ),
    { maxLength: 40 },
  )
  .map((drafts): readonly JournalRecord[] => {
    const journal = newJournal(REQUEST, PIECE)
    const kept: JournalRecord[] = []
    for (const record of drafts) {
      try {
        applyRecord(journal, record)
        kept.push(record)
      } catch {
        // What cannot happen here is not written.
      }
    }
    return kept
  })

function replay(kept: readonly JournalRecord[]): Journal {
  const journal = newJournal(REQUEST, PIECE)
  for (const record of kept) applyRecord(journal, record)
  return journal
}

const bytesOf = (kept: readonly JournalRecord[]) =>
  new TextEncoder().encode([BEGIN, ...kept].map(encodeRecord).join(''))

describe('the journal', () => {
  it('a crash at any byte leaves what the whole lines before it say', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.uint8Array({ maxLength: 30 }), (kept, cut, rubbish) => {
        const lines = [BEGIN, ...kept].map((record) =>
          new TextEncoder().encode(encodeRecord(record)),
        )
        const bytes = bytesOf(kept)
        const at = cut % (bytes.length + 1)
        const torn = new Uint8Array([...bytes.subarray(0, at), ...rubbish])
        let whole = 0
        let end = 0
        for (const line of lines) {
          if (end + line.length > at) break
          end += line.length
          whole++
        }
        const parsed = parseJournal(torn)
        if (whole === 0) expect(parsed).toBeNull()
        else expect(parsed).toEqual({ journal: replay(kept.slice(0, whole - 1)), validBytes: end })
      }),
    )
  })

  it('goes on where a crash left it: writing on gives what writing at once gives', () => {
    fc.assert(
      fc.property(records, fc.nat(), (kept, cut) => {
        const bytes = bytesOf(kept)
        const parsed = parseJournal(bytes.subarray(0, cut % (bytes.length + 1)))
        fc.pre(parsed !== null)
        const { validBytes } = parsed
        const again = new Uint8Array([
          ...bytes.subarray(0, validBytes),
          ...bytes.subarray(validBytes),
        ])
        expect(parseJournal(again)?.journal).toEqual(replay(kept))
      }),
    )
  })

  it('never claims a hash of bytes that are not there', () => {
    fc.assert(
      fc.property(records, (kept) => {
        const { files } = replay(kept)
        for (const [index, file] of files.entries()) {
          const sizeBytes = REQUEST.files[index]?.sizeBytes ?? 0
          expect(file.hash?.bytes ?? 0).toBeLessThanOrEqual(prefixBytes(file, PIECE, sizeBytes))
          if (file.verified) expect(file.digests).not.toContain(null)
        }
      }),
    )
  })

  it('a flipped byte ends it there and never throws', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (kept, where, flip) => {
        const bytes = bytesOf(kept)
        const at = where % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ flip
        const parsed = parseJournal(bytes)
        expect(parsed?.validBytes ?? 0).toBeLessThanOrEqual(at)
      }),
    )
  })

  it('takes any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => parseJournal(bytes) === null),
    )
  })

  it('refuses lines with a right checksum and wrong content', () => {
    const hostile: readonly unknown[] = [
      { type: 'piece', file: 9, piece: 0, digest: '0'.repeat(16) },
      { type: 'piece', file: 0, piece: 6, digest: '0'.repeat(16) },
      { type: 'piece', file: 0, piece: -1, digest: '0'.repeat(16) },
      { type: 'piece', file: '__proto__', piece: 0, digest: '0'.repeat(16) },
      { type: 'piece', file: 0, piece: 0, digest: 'zz' },
      { type: 'lost', file: 0, pieces: [99] },
      { type: 'lost', file: 0, pieces: 'all' },
      { type: 'hash', file: 0, bytes: PIECE, state: '' },
      { type: 'verified', file: 0, atMs: 1, sha256: HASH },
      { type: 'moved', urls: ['javascript:alert(1)', 'http://mirror.test'] },
      { type: 'intent', intent: 'delete' },
      { type: 'begin', version: 1, request: REQUEST, pieceBytes: PIECE },
      { type: 'other' },
      null,
      [],
    ]
    const start = new TextEncoder().encode(encodeRecord(BEGIN)).length
    for (const record of hostile) {
      const lines = encodeRecord(BEGIN) + encodeRecord(record as JournalRecord)
      expect(parseJournal(new TextEncoder().encode(lines))).toEqual({
        journal: newJournal(REQUEST, PIECE),
        validBytes: start,
      })
    }
  })

  it('refuses a beginning that would exhaust the memory or says nothing', () => {
    const [file] = REQUEST.files
    const hostile: readonly unknown[] = [
      { ...BEGIN, pieceBytes: 1 },
      { ...BEGIN, pieceBytes: 0 },
      { ...BEGIN, version: 2 },
      { ...BEGIN, request: { ...REQUEST, files: [] } },
      { ...BEGIN, request: { ...REQUEST, files: [{ ...file, sizeBytes: 2 ** 50 }] } },
      { ...BEGIN, request: { ...REQUEST, files: [{ ...file, sizeBytes: -1 }] } },
      { ...BEGIN, request: { ...REQUEST, files: [{ ...file, url: 'file:///etc/passwd' }] } },
      { ...BEGIN, request: { ...REQUEST, files: [{ ...file, sha256: '../x' }] } },
      { ...BEGIN, request: null },
    ]
    for (const record of hostile) {
      const line = encodeRecord(record as JournalRecord)
      expect(parseJournal(new TextEncoder().encode(line))).toBeNull()
    }
  })
})
