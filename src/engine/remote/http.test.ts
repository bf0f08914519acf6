import { createServer, type Server as NodeServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ask, type Server } from './http.ts'

const never = new AbortController().signal
const serverAt = (baseUrl: string): Server => ({ baseUrl, key: null, kind: 'vllm', model: 'm' })

const servers: NodeServer[] = []
afterEach(async () => {
  vi.unstubAllGlobals()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => {
      server.close(resolve)
    })
  }
})

/** Takes every request and never answers. */
async function silentServer(): Promise<Server> {
  const server = createServer(() => undefined)
  servers.push(server)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return serverAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`)
}

describe('mixed content', () => {
  it.each(['http://example.test/v1', 'http://10.0.0.7:8000/v1', 'http://localhost.evil.test/v1'])(
    'a page that came by https does not ask %s: the browser would refuse without a word',
    async (baseUrl) => {
      vi.stubGlobal('location', { protocol: 'https:', origin: 'https://app.test' })
      const fetch = vi.fn()
      vi.stubGlobal('fetch', fetch)
      expect(await ask(serverAt(baseUrl), { path: '/models' }, never)).toMatchObject({
        error: {
          kind: 'endpoint',
          failure: { type: 'mixed-content', host: new URL(baseUrl).host },
        },
      })
      expect(fetch).not.toHaveBeenCalled()
    },
  )

  it.each([
    ['https:', 'http://localhost:8000/v1'],
    ['https:', 'http://vllm.localhost/v1'],
    ['https:', 'http://127.0.0.1:8000/v1'],
    ['https:', 'http://[::1]:8000/v1'],
    ['https:', 'https://example.test/v1'],
    ['http:', 'http://example.test/v1'],
  ])('from %s it asks %s', async (protocol, baseUrl) => {
    vi.stubGlobal('location', { protocol, origin: `${protocol}//app.test` })
    const fetch = vi.fn(async () => new Response('{}'))
    vi.stubGlobal('fetch', fetch)
    expect(await ask(serverAt(baseUrl), { path: '/models' }, never)).toMatchObject({ ok: true })
    expect(fetch).toHaveBeenCalledTimes(1)
  })
})

describe('a server that does not answer', () => {
  it('is a timeout, with its seconds', async () => {
    const server = await silentServer()
    expect(await ask(server, { path: '/models', timeoutMs: 1000 }, never)).toMatchObject({
      error: { kind: 'endpoint', failure: { type: 'timeout', seconds: 1 } },
    })
  })

  it('an abort is no timeout', async () => {
    const server = await silentServer()
    const signal = AbortSignal.timeout(30)
    expect(await ask(server, { path: '/models' }, signal)).toEqual({
      ok: false,
      error: { kind: 'aborted' },
    })
  })
})
