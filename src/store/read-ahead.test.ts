import { describe, expect, it } from 'vitest'
import { ok } from '../core/lib/result.ts'
import { createAnsweringEngine } from '../session/__fixtures__/answering-engine.ts'
import { openReadyTab, settle, type Tab, type TabOptions } from './__fixtures__/harness.ts'

/** Timers run at once, so that no test waits for the user to pause. */
async function openEagerTab(options: TabOptions = {}): Promise<Tab> {
  const tab = await openReadyTab({
    ...options,
    deps: {
      setTimer(task) {
        const timer = setTimeout(task, 0)
        return () => clearTimeout(timer)
      },
      ...options.deps,
    },
  })
  await settle()
  return tab
}

function lastWarmup({ engines }: Tab) {
  return engines[0]?.warmups.at(-1)
}

const CALL = '[{"name": "get_weather", "arguments": {"location": "Oslo"}}]'

describe('reading ahead', () => {
  it('reads what the next prompt begins with, whatever comes next', async () => {
    const tab = await openEagerTab()
    tab.store.getState().setComposerText('Weather in')
    await settle()
    const read = lastWarmup(tab)?.prompt ?? ''
    expect(read.endsWith('Weather in')).toBe(true)
    expect(tab.store.getState().readAheadStatus).toEqual({ type: 'ready', tokens: read.length })
    expect(tab.store.getState().engineRead?.text).toBe(read)
    await tab.store.getState().send('Weather in Oslo?')
    expect(tab.engines[0]?.requests[0]?.prompt.startsWith(read)).toBe(true)
  })

  it('reads on when a tool changes, and not again what it has read', async () => {
    const tab = await openEagerTab()
    const before = tab.engines[0]?.warmups.length ?? 0
    tab.store.getState().addTool('{"name": "ping_host", "parameters": {"type": "object"}}')
    await settle()
    expect(lastWarmup(tab)?.prompt).toContain('ping_host')
    tab.store.getState().setComposerText('x')
    tab.store.getState().setComposerText('')
    await settle()
    expect(tab.engines[0]?.warmups).toHaveLength(before + 1)
  })

  it('is stopped by a request at once', async () => {
    const tab = await openEagerTab()
    tab.store.getState().setComposerText('Weather')
    while (!lastWarmup(tab)?.prompt.endsWith('Weather')) await new Promise(setImmediate)
    const sending = tab.store.getState().send('Weather?')
    expect(lastWarmup(tab)?.signal.aborted).toBe(true)
    // Broken off: only what it had read before is certain to be there.
    expect(tab.store.getState().engineRead?.text).not.toMatch(/Weather$/)
    await sending
    expect(tab.engines[0]?.requests).toHaveLength(1)
  })

  it('reads up to the results that the model waits for', async () => {
    const tab = await openEagerTab({ answers: [[CALL], ['Cold.']] })
    await tab.store.getState().send('Weather?')
    await settle()
    const read = lastWarmup(tab)?.prompt ?? ''
    const answerId = tab.store.getState().transcript.leafId
    if (answerId === null) throw new Error('No answer')
    const call = { name: 'get_weather', arguments: { location: 'Oslo' } }
    const results = [{ call, content: '4 degrees', source: 'typed' }] as const
    await tab.store.getState().submitResults(answerId, results)
    const prompt = tab.engines[0]?.requests[1]?.prompt ?? ''
    expect(prompt.startsWith(read)).toBe(true)
    expect(prompt.slice(read.length).startsWith('4 degrees')).toBe(true)
  })

  it('tells a server nothing that was not sent', async () => {
    const backend = { type: 'server', server: 'vllm', host: 'example.org', mode: 'raw' } as const
    const engine = createAnsweringEngine({ answers: [['Ok']], info: { backend } })
    const tab = await openEagerTab({ deps: { createEngine: async () => ok(engine) } })
    tab.store.getState().setComposerText('A secret that is not sent')
    await settle()
    expect(engine.warmups).toEqual([])
  })

  it('does nothing when it is switched off', async () => {
    const tab = await openEagerTab()
    tab.store.getState().setReadAhead(false)
    await settle()
    const before = tab.engines[0]?.warmups.length
    tab.store.getState().setComposerText('Weather in')
    await settle()
    expect(tab.engines[0]?.warmups).toHaveLength(before ?? -1)
  })
})
