import { describe, expect, it } from 'vitest'
import { fetchBuiltInModel } from './built-in-model.ts'

const bytes = new Uint8Array([71, 71, 85, 70, 3])

function streamOf(
  chunks: readonly Uint8Array<ArrayBuffer>[],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}

async function run(
  answer: (signal: AbortSignal) => Promise<Response>,
  signal = new AbortController().signal,
) {
  const progress: (number | null)[][] = []
  const result = await fetchBuiltInModel(
    {
      url: 'models/callground-nano.gguf',
      fetch: () => answer(signal),
      onProgress: (done, total) => progress.push([done, total]),
    },
    signal,
  )
  return { result, progress }
}

describe('fetchBuiltInModel', () => {
  it('gives the file and reports every chunk', async () => {
    const body = streamOf([bytes.slice(0, 2), bytes.slice(2)])
    const { result, progress } = await run(
      async () => new Response(body, { headers: { 'content-length': '5' } }),
    )
    expect(result.ok && result.value.name).toBe('callground-nano.gguf')
    expect(result.ok && new Uint8Array(await result.value.arrayBuffer())).toEqual(bytes)
    expect(progress).toEqual([
      [0, 5],
      [2, 5],
      [5, 5],
    ])
  })

  it('names an HTTP status', async () => {
    const { result } = await run(async () => new Response('', { status: 404 }))
    expect(result).toEqual({ ok: false, error: { kind: 'http-status', status: 404 } })
  })

  it('notices a body that ended too early', async () => {
    const { result } = await run(
      async () => new Response(streamOf([bytes]), { headers: { 'content-length': '9' } }),
    )
    expect(result).toEqual({
      ok: false,
      error: { kind: 'size-mismatch', expectedBytes: 9, receivedBytes: 5 },
    })
  })

  it('does not compare the size of a compressed body', async () => {
    const headers = { 'content-length': '3', 'content-encoding': 'gzip' }
    const { result, progress } = await run(async () => new Response(streamOf([bytes]), { headers }))
    expect(result.ok).toBe(true)
    expect(progress.at(-1)).toEqual([5, null])
  })

  it('turns a broken connection into a value', async () => {
    const { result } = await run(() => Promise.reject(new TypeError('Failed to fetch')))
    expect(result).toEqual({
      ok: false,
      error: { kind: 'fetch-failed', detail: 'Failed to fetch' },
    })
  })

  it('says aborted when it was aborted', async () => {
    const controller = new AbortController()
    const { result } = await run((signal) => {
      controller.abort()
      return Promise.reject(signal.reason as Error)
    }, controller.signal)
    expect(result).toEqual({ ok: false, error: { kind: 'aborted' } })
  })
})
