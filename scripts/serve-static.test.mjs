import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRange, startStaticServer } from './serve-static.mjs'

describe('parseRange', () => {
  it.each([
    ['bytes=0-3', { start: 0, end: 3 }],
    ['bytes=4-', { start: 4, end: 9 }],
    ['bytes=-2', { start: 8, end: 9 }],
    ['bytes=8-99', { start: 8, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=5-4', 'unsatisfiable'],
    ['bytes=0-1,3-4', null],
    ['bytes=-', null],
    ['lines=0-1', null],
    [undefined, null],
  ])('%s of 10 bytes', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range)
  })
})

describe('startStaticServer', () => {
  /** @type {string} */
  let root
  /** @type {Awaited<ReturnType<typeof startStaticServer>>} */
  let server

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'callground-'))
    await writeFile(path.join(root, 'index.html'), '<p>hello</p>')
    await writeFile(path.join(root, 'engine.wasm'), '0123456789')
    server = await startStaticServer({ root, basePath: '/sub/' })
  })
  afterAll(async () => {
    await server.close()
    await rm(root, { recursive: true })
  })

  it('serves the index under the base path, without isolation headers', async () => {
    const response = await fetch(server.url)
    expect(await response.text()).toBe('<p>hello</p>')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cross-origin-embedder-policy')).toBeNull()
  })

  it('answers a range with 206 and its place in the file', async () => {
    const response = await fetch(`${server.url}engine.wasm`, { headers: { Range: 'bytes=2-4' } })
    expect(response.status).toBe(206)
    expect(await response.text()).toBe('234')
    expect(response.headers.get('content-range')).toBe('bytes 2-4/10')
    expect(response.headers.get('content-type')).toBe('application/wasm')
  })

  it('answers 304 to a known ETag', async () => {
    const etag = (await fetch(server.url)).headers.get('etag') ?? ''
    const response = await fetch(server.url, { headers: { 'If-None-Match': etag } })
    expect(response.status).toBe(304)
  })

  it.each(['missing.js', '..%2f..%2fetc%2fpasswd', '%2e%2e/serve-static.mjs'])(
    'answers 404 to %s',
    async (target) => {
      expect((await fetch(server.url + target)).status).toBe(404)
    },
  )

  it('answers 404 outside the base path', async () => {
    expect((await fetch(new URL('/', server.url))).status).toBe(404)
  })
})
