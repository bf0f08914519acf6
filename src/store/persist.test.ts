import { describe, expect, it } from 'vitest'
import { pathTo } from '../core/chat/transcript.ts'
import { gate } from '../session/__fixtures__/answering-engine.ts'
import { newBrowser, openReadyTab, openTab, settle, type Tab } from './__fixtures__/harness.ts'

const textsOf = ({ store }: Tab) => store.getState().toolDocuments.map(({ text }) => text)
const titlesOf = ({ store }: Tab) => store.getState().notices.map(({ title }) => title)

function shown({ store }: Tab): readonly string[] {
  const { transcript } = store.getState()
  return pathTo(transcript, transcript.leafId).map(({ message }) =>
    message.type === 'assistant' ? `${message.end.type}: ${message.raw}` : message.type,
  )
}

/** Two tabs of one browser that start with one tool, `{}`. */
async function twoTabs() {
  const browser = newBrowser()
  const a = openTab({ browser })
  await a.store.hydrate()
  for (const { id } of a.store.getState().toolDocuments) a.store.getState().deleteTool(id)
  a.store.getState().addTool('{}')
  await a.store.flush()
  const b = openTab({ browser })
  await b.store.hydrate()
  const [document] = a.store.getState().toolDocuments
  if (!document) throw new Error('No tool')
  return { a, b, browser, id: document.id }
}

describe('the first visit', () => {
  it('begins with the weather preset, once', async () => {
    const browser = newBrowser()
    const tab = openTab({ browser })
    await tab.store.hydrate()
    expect(tab.store.getState()).toMatchObject({ hydrated: true, presetId: 'weather', notices: [] })
    expect(textsOf(tab)).toHaveLength(1)
    for (const { id } of tab.store.getState().toolDocuments) tab.store.getState().deleteTool(id)
    await tab.store.flush()
    const again = openTab({ browser })
    await again.store.hydrate()
    expect(textsOf(again)).toEqual([])
  })
})

describe('a reload', () => {
  it('brings back tools, conversation, drafts and settings', async () => {
    const browser = newBrowser()
    const before = await openReadyTab({ browser, answers: [['Hello.']] })
    const state = before.store.getState()
    state.addTool('{"name": "mine"')
    state.setSystemPrompt('Be brief.')
    state.setTheme('dark')
    state.setPaneSizes({ tools: 20, chat: 50, calls: 30 })
    await state.send('Hi')
    state.setComposerText('half a thou')
    await before.store.flush()

    const after = openTab({ browser })
    await after.store.hydrate()
    expect(after.store.getState()).toMatchObject({
      toolDocuments: before.store.getState().toolDocuments,
      selectedToolId: before.store.getState().selectedToolId,
      conversationId: before.store.getState().conversationId,
      transcript: before.store.getState().transcript,
      conversations: [{ id: before.store.getState().conversationId, title: 'Hi' }],
      systemPrompt: 'Be brief.',
      theme: 'dark',
      paneSizes: { tools: 20, chat: 50, calls: 30 },
      composerText: 'half a thou',
      notices: [],
    })
  })

  it('finds an answer that was streaming as stopped, with what it had', async () => {
    const browser = newBrowser()
    const before = await openReadyTab({ browser, answers: [['So ', gate().promise]] })
    void before.store.getState().send('Hi')
    await settle()
    await before.store.flush()
    const after = openTab({ browser })
    await after.store.hydrate()
    expect(shown(after)).toEqual(['user', 'stopped: So '])
  })

  it('does not lose a message when the page goes away while tools are being saved', async () => {
    const browser = newBrowser()
    const { openDatabase } = openTab({ browser }).deps
    const before = await openReadyTab({
      browser,
      deps: {
        openDatabase: async () => {
          const database = await openDatabase()
          return { ...database, updateTool: () => new Promise(() => undefined) }
        },
      },
    })
    before.store.getState().addTool('{"new": 1}')
    void before.store.flush()
    await settle()
    await before.store.getState().send('Hi')
    before.hide()
    await settle()

    const after = openTab({ browser })
    await after.store.hydrate()
    expect(shown(after)).toEqual(['user', 'complete: Hello.'])
  })

  it('does not lose a tool edit when the page goes away before it was saved', async () => {
    const browser = newBrowser()
    let isGone = false
    const { openDatabase } = openTab({ browser }).deps
    const before = openTab({
      browser,
      deps: {
        openDatabase: async () => {
          const database = await openDatabase()
          return {
            ...database,
            updateTool: (id, decide) =>
              isGone ? new Promise(() => undefined) : database.updateTool(id, decide),
          }
        },
      },
    })
    await before.store.hydrate()
    await before.store.flush()
    const [document] = before.store.getState().toolDocuments
    if (document) before.store.getState().editToolText(document.id, '{"edited": 1}')
    before.store.getState().addTool('{"new": 1}')
    isGone = true
    before.hide()
    await settle()

    const after = openTab({ browser })
    await after.store.hydrate()
    expect(textsOf(after)).toEqual(['{"edited": 1}', '{"new": 1}'])
    expect(titlesOf(after)).toEqual([])
    expect([...browser.values.keys()]).not.toContain('callground:unsaved-tools')
  })

  it('keeps what it cannot read, and says so', async () => {
    const browser = newBrowser()
    const before = await openReadyTab({ browser })
    await before.store.getState().send('Hi')
    await before.store.flush()
    const { conversationId } = before.store.getState()
    browser.contents.tools.set('bad', { id: 'bad', text: 7 })
    browser.contents.nodes.set('bad', { id: 'bad', conversationId, message: { type: 'hologram' } })

    const after = openTab({ browser })
    await after.store.hydrate()
    expect(shown(after)).toEqual(['user', 'complete: Hello.'])
    expect(titlesOf(after)).toEqual(['2 saved items could not be read'])
    after.store.getState().addTool('{}')
    await after.store.flush()
    expect(browser.contents.tools.get('bad')).toEqual({ id: 'bad', text: 7 })
    expect(browser.contents.nodes.has('bad')).toBe(true)
  })
})

describe('without storage', () => {
  it('works in memory and says so', async () => {
    const tab = openTab({ deps: { openDatabase: () => Promise.reject(new Error('forbidden')) } })
    await tab.store.hydrate()
    expect(titlesOf(tab)).toEqual(['Nothing is saved in this window'])
    expect(tab.store.getState()).toMatchObject({ hydrated: true, presetId: 'weather' })
    await tab.store.getState().loadBuiltInModel()
    await tab.store.getState().send('Hi')
    const { conversationId } = tab.store.getState()
    tab.store.getState().newConversation()
    await tab.store.getState().openConversation(conversationId)
    expect(shown(tab)).toEqual(['user', 'complete: Hello.'])
  })

  it('says once that nothing could be saved, and tries again with the next change', async () => {
    const browser = newBrowser()
    const tab = openTab({ browser })
    let isFull = true
    const { openDatabase } = tab.deps
    const full = openTab({
      browser,
      deps: {
        openDatabase: async () => {
          const database = await openDatabase()
          return {
            ...database,
            updateTool: (id, decide) =>
              isFull ? Promise.reject(new Error('quota')) : database.updateTool(id, decide),
          }
        },
      },
    })
    await full.store.hydrate()
    await full.store.flush()
    await full.store.flush()
    expect(titlesOf(full)).toEqual(['The latest changes could not be saved'])
    isFull = false
    await full.store.flush()
    expect(browser.contents.tools.size).toBe(1)
  })
})

describe('two tabs', () => {
  it("take over each other's tools and settings", async () => {
    const { a, b, id } = await twoTabs()
    a.store.getState().editToolText(id, '{"a": 1}')
    a.store.getState().setAutomatic(true)
    await a.store.flush()
    await settle()
    expect(textsOf(b)).toEqual(['{"a": 1}'])
    expect(b.store.getState().automatic).toBe(true)
    b.store.getState().deleteTool(id)
    await b.store.flush()
    await settle()
    expect(textsOf(a)).toEqual([])
  })

  it('keep both texts when both edited a tool', async () => {
    const { a, b, id } = await twoTabs()
    b.store.getState().selectTool(id)
    a.store.getState().editToolText(id, '{"a": 1}')
    b.store.getState().editToolText(id, '{"b": 1}')
    await a.store.flush()
    await b.store.flush()
    await settle()
    expect(textsOf(b)).toEqual(['{"a": 1}', '{"b": 1}'])
    expect(textsOf(a)).toEqual(['{"a": 1}', '{"b": 1}'])
    expect(titlesOf(b)).toContain('A tool was changed in two tabs')
    // Who was typing still has their own text before them.
    const { selectedToolId, toolDocuments } = b.store.getState()
    expect(toolDocuments.find((document) => document.id === selectedToolId)?.text).toBe('{"b": 1}')
  })

  it('join changes of different things without a copy', async () => {
    const { a, b, id } = await twoTabs()
    a.store.getState().editToolText(id, '{"a": 1}')
    b.store.getState().setToolEnabled(id, false)
    await a.store.flush()
    await b.store.flush()
    await settle()
    for (const tab of [a, b]) {
      expect(tab.store.getState().toolDocuments).toEqual([
        { id, text: '{"a": 1}', enabled: false, cannedResults: [] },
      ])
    }
  })

  it('bring back a tool that one deleted while the other edited it', async () => {
    const { a, b, id } = await twoTabs()
    a.store.getState().deleteTool(id)
    b.store.getState().editToolText(id, '{"b": 1}')
    await a.store.flush()
    await b.store.flush()
    await settle()
    expect(textsOf(a)).toEqual(['{"b": 1}'])
    expect(textsOf(b)).toEqual(['{"b": 1}'])
  })

  it('both add a branch to one conversation, and nothing is lost', async () => {
    const browser = newBrowser()
    const a = await openReadyTab({ browser, answers: [['one'], ['from a']] })
    await a.store.getState().send('Hi')
    await a.store.flush()
    const b = await openReadyTab({ browser, answers: [['from b']] })
    await Promise.all([a.store.getState().send('A'), b.store.getState().send('B')])
    await Promise.all([a.store.flush(), b.store.flush()])
    await settle()
    expect(shown(a).at(-1)).toBe('complete: from a')
    expect(shown(b).at(-1)).toBe('complete: from b')
    for (const { store } of [a, b]) expect(store.getState().transcript.nodes.size).toBe(6)
    expect(browser.contents.nodes.size).toBe(6)
  })

  it('do not overwrite the answer that streams in the other tab', async () => {
    const browser = newBrowser()
    const rest = gate()
    const a = await openReadyTab({ browser, answers: [['So ', rest.promise, 'it is.']] })
    const sending = a.store.getState().send('Hi')
    await settle()
    await a.store.flush()
    const b = openTab({ browser })
    await b.store.hydrate()
    expect(shown(b)).toEqual(['user', 'stopped: So '])
    b.store.getState().setSystemPrompt('changed')
    await b.store.flush()
    const leafId = b.store.getState().transcript.leafId ?? ''
    expect(browser.contents.nodes.get(leafId)).toMatchObject({
      message: { end: { type: 'streaming' } },
    })
    rest.open()
    await sending
    await a.store.flush()
    await settle()
    expect(shown(b)).toEqual(['user', 'complete: So it is.'])
    expect(shown(a)).toEqual(['user', 'complete: So it is.'])
  })

  it('keep a conversation that the other one deletes, until it is changed here', async () => {
    const browser = newBrowser()
    const a = await openReadyTab({ browser })
    await a.store.getState().send('Hi')
    await a.store.flush()
    const b = await openReadyTab({ browser })
    const { conversationId } = b.store.getState()
    await a.store.getState().deleteConversation(conversationId)
    await settle()
    expect(titlesOf(b)).toEqual(['This conversation was deleted in another tab'])
    expect(shown(b)).toHaveLength(2)
    await b.store.flush()
    expect(browser.contents.conversations.size).toBe(0)
    await b.store.getState().send('More')
    await b.store.flush()
    expect(browser.contents.nodes.size).toBe(4)
    expect(browser.contents.conversations.has(conversationId)).toBe(true)
  })
})

describe('conversations', () => {
  it('are listed, opened and deleted with undo', async () => {
    const tab = await openReadyTab()
    await tab.store.getState().send('First')
    const first = tab.store.getState().conversationId
    tab.store.getState().newConversation()
    await tab.store.getState().send('Second')
    const second = tab.store.getState().conversationId
    await tab.store.flush()
    expect(tab.store.getState().conversations.map(({ title }) => title)).toEqual([
      'Second',
      'First',
    ])

    await tab.store.getState().openConversation(first)
    expect(tab.store.getState().conversationId).toBe(first)
    expect(shown(tab)).toEqual(['user', 'complete: Hello.'])

    await tab.store.getState().deleteConversation(first)
    expect(tab.store.getState().conversations.map(({ id }) => id)).toEqual([second])
    expect(shown(tab)).toEqual([])
    const notice = tab.store.getState().notices.at(-1)
    expect(notice).toMatchObject({ title: 'Conversation deleted', advice: 'First', action: 'Undo' })
    tab.store.getState().actOnNotice(notice?.id ?? '')
    await tab.store.flush()
    await settle()
    expect(tab.store.getState().conversationId).toBe(first)
    expect(shown(tab)).toEqual(['user', 'complete: Hello.'])
  })

  it('the one that was asked for last is opened', async () => {
    const tab = await openReadyTab()
    await tab.store.getState().send('First')
    const first = tab.store.getState().conversationId
    tab.store.getState().newConversation()
    await tab.store.getState().send('Second')
    const second = tab.store.getState().conversationId
    tab.store.getState().newConversation()
    await tab.store.flush()
    const opened = new Set<string>()
    tab.store.subscribe(({ conversationId }) => opened.add(conversationId))
    const { openConversation } = tab.store.getState()
    await Promise.all([openConversation(first), openConversation(second)])
    expect(tab.store.getState().conversationId).toBe(second)
    expect(opened).not.toContain(first)
  })

  it('an answer that streams stays with its conversation when another is opened', async () => {
    const browser = newBrowser()
    const tab = await openReadyTab({ browser, answers: [['So ', gate().promise]] })
    void tab.store.getState().send('Hi')
    await settle()
    const first = tab.store.getState().conversationId
    tab.store.getState().newConversation()
    await tab.store.flush()
    expect(shown(tab)).toEqual([])
    await tab.store.getState().openConversation(first)
    expect(shown(tab)).toEqual(['user', 'stopped: So '])
  })
})
