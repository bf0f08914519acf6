import { afterEach, describe, expect, it } from 'vitest'
import { openReadyTab, settle, type Tab } from './__fixtures__/harness.ts'
import { selectFindings, selectSentXray, selectXray } from './prompt-views.ts'
import { selectInspectedAnswerId, selectPromptPreview } from './selectors.ts'

const tabs: Tab[] = []
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.store.dispose()
})

async function open() {
  const tab = await openReadyTab({ answers: [['Hello.'], ['Again.']] })
  tabs.push(tab)
  return tab.store
}

describe('the X-ray of a prompt', () => {
  it('is made of its parts, and the same object while nothing changes', async () => {
    const store = await open()
    store.getState().setComposerText('Hi')
    const view = selectXray(store.getState())
    expect(view?.segments.map(({ start, end }) => view.prompt.slice(start, end)).join('')).toBe(
      view?.prompt,
    )
    expect(view?.segments.map(({ kind }) => kind)).toContain('tool')
    expect(selectXray(store.getState())).toBe(view)
    expect(selectFindings(store.getState())).toBe(selectFindings(store.getState()))
  })

  it('of an answer names the nodes, until the settings are others', async () => {
    const store = await open()
    await store.getState().send('Hi')
    await settle()
    const id = selectInspectedAnswerId(store.getState())
    if (id === null) throw new Error('no answer')
    const view = selectSentXray(store.getState(), id)
    expect(view?.segments.find(({ kind }) => kind === 'message')?.source?.type).toBe('message')
    expect(selectSentXray(store.getState(), id)).toBe(view)
    store.getState().setSystemPrompt('Other')
    expect(selectSentXray(store.getState(), id)).toBeNull()
  })

  it('knows what the engine has read: the last prompt and its answer', async () => {
    const store = await open()
    store.getState().setComposerText('Hi')
    expect(selectXray(store.getState())?.cachedEnd).toBeNull()
    store.getState().setComposerText('')
    await store.getState().send('Hi')
    await settle()
    const { engineRead } = store.getState()
    store.getState().setComposerText('And now?')
    const view = selectXray(store.getState())
    expect(engineRead?.text.endsWith('Hello.')).toBe(true)
    expect(view?.cachedEnd).toBe(engineRead?.text.length)
  })

  it('takes the prompt from the preview instead of building it again', async () => {
    const store = await open()
    const { machinery } = store.getState()
    if (!machinery) throw new Error('no machinery')
    const { xrayPrompt } = machinery
    const known: unknown[] = []
    const clocks: number[] = []
    store.setState({
      machinery: {
        ...machinery,
        xrayPrompt: (input, built) => {
          known.push(built)
          clocks.push(input.nowMs)
          return xrayPrompt(input, built)
        },
      },
    })
    store.getState().setComposerText('Hi')
    expect(selectXray(store.getState())?.certainty).toBe('exact')
    const preview = selectPromptPreview(store.getState())
    expect(known).toEqual([preview?.built])
    expect(known[0]).toBe(preview?.built)
    expect(clocks).toEqual([preview?.nowMs])
  })

  it('follows an edited template', async () => {
    const store = await open()
    store.getState().setComposerText('Hi')
    store.getState().changeModelSettings({ chatTemplate: '<{{ messages[-1].content }}>' })
    const view = selectXray(store.getState())
    expect(view?.prompt).toContain('<Hi>')
    expect(selectFindings(store.getState()).map(({ kind }) => kind)).toContain('tools-ignored')
  })
})
