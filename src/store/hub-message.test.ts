import { describe, expect, it } from 'vitest'
import { downloadMessage, hubMessage, storeMessage, waitWords } from './hub-message.ts'

describe('messages of the Hub', () => {
  it('say what happened, then what to do, with what leads on', () => {
    expect(
      hubMessage({ kind: 'gated', termsUrl: 'https://huggingface.co/a/b', hadToken: false }),
    ).toEqual({
      title: 'This model is gated: its terms must be accepted on the Hub first',
      advice:
        'Accept the terms on the Hub, make an access token with read rights there, and enter it here.',
      link: { label: 'Read and accept the terms', url: 'https://huggingface.co/a/b' },
      step: 'enter-token',
    })
    expect(hubMessage({ kind: 'network', host: 'mirror.lan', detail: 'Failed to fetch' })).toEqual({
      title: 'mirror.lan gave no answer that this page may read',
      advice:
        'It may be down, blocked by a firewall or an extension, or send no CORS headers: a mirror must send Access-Control-Allow-Origin. Check the address under Source and access, and try again. (Failed to fetch)',
      link: null,
      step: 'check-source',
    })
    expect(hubMessage({ kind: 'rate-limited', retryAfterMs: 200_000 }).advice).toBe(
      'Try again in 4 minutes. With a token the limit is higher.',
    )
    expect(hubMessage({ kind: 'not-found', what: 'repo', mayBePrivate: true }).step).toBe(
      'enter-token',
    )
  })

  it('give the numbers of a download that cannot go on', () => {
    const space = { neededBytes: 2e9, availableBytes: 5e8, missingBytes: 1.5e9 }
    expect(downloadMessage({ kind: 'no-space', ...space })).toEqual({
      title: '1.50 GB of space are missing',
      advice:
        'The rest needs 2.00 GB, and the browser gives 500 MB more. Delete models in Storage or files on this disk, then go on.',
      link: null,
      step: 'free-space',
    })
    const file = { path: 'dir/m-00002-of-00002.gguf' }
    expect(
      downloadMessage({
        kind: 'hash-mismatch',
        ...file,
        expected: 'a'.repeat(64),
        actual: 'b'.repeat(64),
        pieces: [3],
        pieceBytes: 8 * 2 ** 20,
      }),
    ).toMatchObject({
      title: 'm-00002-of-00002.gguf arrived damaged and was refused',
      step: 'try-again',
    })
    expect(
      downloadMessage({ kind: 'changed-on-hub', ...file, what: 'size', expected: '1', actual: '2' })
        .step,
    ).toBe('open-again')
  })

  it('say what a waiting download waits for', () => {
    expect(waitWords({ reason: 'rate-limited', untilMs: 13_000 }, 1000)).toBe(
      'The Hub asks to wait: goes on in 12 s',
    )
    const error = { kind: 'server', status: 502, detail: '' } as const
    expect(waitWords({ reason: 'retry', untilMs: 3000, error }, 1000)).toBe(
      'The Hub answered with an error (502): next try in 2 s',
    )
  })

  it('name the files that are missing or wrong in the store', () => {
    expect(
      storeMessage({ kind: 'files-do-not-match', missing: ['d/a.gguf'], unexpected: ['b.gguf'] }),
    ).toMatchObject({
      title: 'a.gguf is not among the files',
      advice: expect.stringContaining('Not part of it: b.gguf.') as unknown,
    })
    expect(storeMessage({ kind: 'broken', id: 'x', files: ['a', 'b'] }).advice).toBe(
      'a, b are missing or cut off. Delete it and download it again.',
    )
  })
})
