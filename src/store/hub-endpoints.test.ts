import { afterEach, describe, expect, it } from 'vitest'
import { startOpenAiServer, type OpenAiServer } from '../../e2e/fixtures/openai-server.ts'
import { ok } from '../core/lib/result.ts'
import { createEngine } from '../engine/create-engine.ts'
import { createAnsweringEngine } from '../session/__fixtures__/answering-engine.ts'
import { newBrowser, openTab, settle, type TabOptions } from './__fixtures__/harness.ts'
import type { AppDeps } from './deps.ts'
import { selectRequestCode } from './request-views.ts'

let server: OpenAiServer
afterEach(() => server.close())

const KEY = 'callground:endpoint-key'

const create: AppDeps['createEngine'] = async (request, onProgress, signal) =>
  request.engine === 'remote'
    ? createEngine(request, onProgress, signal)
    : ok(createAnsweringEngine({ answers: [[]], info: { modelName: 'Callground Nano' } }))

/** A tab with the real engine for servers; the built-in model is a script. */
async function openServerTab(options: TabOptions = {}) {
  const tab = openTab({ ...options, deps: { createEngine: create, ...options.deps } })
  await tab.store.hydrate()
  return { ...tab, state: () => tab.store.getState() }
}

const endpoint = (mode: 'raw' | 'chat' = 'chat') =>
  ({
    baseUrl: server.baseUrl,
    model: 'scripted',
    mode,
    template: { type: 'pasted', text: '{{ messages }}' },
  }) as const

describe('servers', () => {
  it('are asked below their version, and what cannot be an address or a key is refused', async () => {
    server = await startOpenAiServer()
    const { state } = await openServerTab()
    const test = async (address: string, key = '') => {
      await state().testEndpoint(address, key)
      return state().endpointTest
    }
    const origin = server.baseUrl.replace('/v1', '')
    for (const path of ['', '/v1', '/v1/models', '/v1/chat/completions', '/v1/completions']) {
      expect(await test(origin + path)).toMatchObject({ type: 'found', baseUrl: server.baseUrl })
    }
    expect(await test(' ')).toMatchObject({
      message: { title: 'Enter the address of the server' },
    })
    expect(await test(server.baseUrl, 'two words')).toMatchObject({
      message: { title: 'This cannot be a key' },
    })
  })

  it('get their own key and no other one; it is in no state, and nowhere but in the session', async () => {
    server = await startOpenAiServer({ key: 'sk-right' })
    const other = await startOpenAiServer()
    try {
      const browser = newBrowser()
      const { state, store, deps } = await openServerTab({ browser })
      await state().testEndpoint(server.baseUrl, 'sk-right')
      expect(state().endpointTest.type).toBe('found')
      await state().testEndpoint(other.baseUrl, '')
      expect(other.requests.map(({ authorization }) => authorization)).not.toContain(
        'Bearer sk-right',
      )
      expect(await state().connectEndpoint(endpoint())).toBeNull()
      expect(state().engineInfo).toMatchObject({ modelName: 'scripted' })
      await store.flush()
      expect(JSON.stringify(state())).not.toContain('sk-right')
      expect(JSON.stringify([...browser.values])).not.toContain('sk-right')
      expect(deps.sessionValues.read(KEY)).toContain('sk-right')
      state().forgetEndpointKey()
      await settle()
      expect(deps.sessionValues.read(KEY)).toBeNull()
    } finally {
      await other.close()
    }
  })

  it('are come back to after a reload; without the key it is asked for', async () => {
    server = await startOpenAiServer({ key: 'sk-right' })
    const browser = newBrowser()
    const first = await openServerTab({ browser })
    await first.state().testEndpoint(server.baseUrl, 'sk-right')
    await first.state().connectEndpoint(endpoint())
    await first.store.flush()

    const { sessionValues } = first.deps
    const sameTab = await openServerTab({ browser, deps: { sessionValues } })
    await sameTab.state().loadLastModel()
    expect(sameTab.state().engineInfo).toMatchObject({ modelName: 'scripted' })
    expect(sameTab.state().notices).toEqual([])

    const newTab = await openServerTab({ browser })
    const { state } = newTab
    await state().loadLastModel()
    expect(state().keyWantedBy).toMatchObject({ model: 'scripted' })
    expect(state().lastModel).toMatchObject({ type: 'endpoint', model: 'scripted' })
    expect(state().notices).toMatchObject([{ action: 'Enter the key' }])
    expect(await state().connectWithKey('no key')).toMatchObject({ title: 'This cannot be a key' })
    expect(await state().connectWithKey('sk-right')).toBeNull()
    expect(state().engineInfo).toMatchObject({ modelName: 'scripted' })
    expect(state().keyWantedBy).toBeNull()
  })

  it('are remembered, five of them, the newest first', async () => {
    server = await startOpenAiServer({ models: ['m0', 'm1', 'm2', 'm3', 'm4', 'm5'] })
    const { state } = await openServerTab()
    for (let index = 0; index < 6; index++) {
      await state().connectEndpoint({ ...endpoint(), model: `m${index}` })
    }
    await state().connectEndpoint({ ...endpoint(), model: 'm3' })
    const models = () => state().recentEndpoints.map(({ model }) => model)
    expect(models()).toEqual(['m3', 'm5', 'm4', 'm2', 'm1'])
    const [newest] = state().recentEndpoints
    if (newest) state().forgetEndpoint(newest)
    await settle()
    expect(models()).toEqual(['m5', 'm4', 'm2', 'm1'])
  })

  it('are asked in code by the same rules', async () => {
    server = await startOpenAiServer()
    const { state } = await openServerTab()
    await state().connectEndpoint(endpoint())
    state().changeCallRules({ choice: { type: 'required' }, parallel: false })
    const code = selectRequestCode(state(), 'curl')
    expect(code).toContain('"tool_choice": "required"')
    expect(code).toContain('"parallel_tool_calls": false')
  })
})
