import { afterEach, describe, expect, it } from 'vitest'
import { err, ok } from '../core/lib/result.ts'
import { openReadyTab, type Tab, type TabOptions } from './__fixtures__/harness.ts'

const tabs: Tab[] = []
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.store.dispose()
})

/** A tokenizer that cuts after every `size` characters. */
const everyCharacters = (size: number) => async () =>
  ok({
    ends: async (text: string) =>
      Uint32Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        Math.min(text.length, (index + 1) * size),
      ),
    close: () => undefined,
  })

async function open(options: TabOptions) {
  const tab = await openReadyTab(options)
  tabs.push(tab)
  return tab.store
}

/** What the scripted engine counts for this text. */
async function engineCount(text: string): Promise<number> {
  const store = await open({ deps: { openTokenizer: async () => err({ kind: 'no-vocabulary' }) } })
  await store.getState().countPrompt(text)
  return store.getState().countedPrompt?.total ?? -1
}

describe('the count of a prompt', () => {
  const prompt = 'What is the weather in Paris?'

  it('is the engine’s, with the reason, where the vocabulary is not known', async () => {
    const store = await open({
      deps: { openTokenizer: async () => err({ kind: 'unknown-model', name: 't5' }) },
    })
    await store.getState().countPrompt(prompt)
    expect(store.getState().countedPrompt).toMatchObject({ prompt, by: 'engine', ends: null })
    expect(store.getState().countedPrompt?.note).toContain('t5')
  })

  it('is thrown away where the engine counts otherwise, and not asked for again', async () => {
    let opened = 0
    const total = await engineCount(prompt)
    const store = await open({
      deps: {
        openTokenizer: () => {
          opened += 1
          return everyCharacters(1000)()
        },
      },
    })
    for (const text of [prompt, prompt]) {
      await store.getState().countPrompt(text)
      expect(store.getState().countedPrompt).toMatchObject({ total, by: 'engine', ends: null })
      expect(store.getState().countedPrompt?.note).toContain('counts otherwise')
    }
    expect(opened).toBe(1)
  })

  it('of an earlier text gives way to that of a later one', async () => {
    const store = await open({ deps: { openTokenizer: everyCharacters(1000) } })
    await Promise.all([store.getState().countPrompt('first'), store.getState().countPrompt(prompt)])
    expect(store.getState().countedPrompt?.prompt).toBe(prompt)
  })
})
