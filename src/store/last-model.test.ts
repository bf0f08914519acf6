import { describe, expect, it } from 'vitest'
import { newBrowser, openTab, picked, type Browser, type Tab } from './__fixtures__/harness.ts'
import { createScriptedHub, storedModel } from './__fixtures__/scripted-hub.ts'
import type { AppDeps } from './deps.ts'
import { readSavedSettings } from './persist-settings.ts'
import type { PickedFile } from './state.ts'

/** A file of the user's disk, and what the browser says when it is asked for it after a reload. */
function diskFile(name: string, text = 'GGUF') {
  const state = {
    file: new File([text], name, { lastModified: 1000 }) as File | null,
    permission: 'granted' as PermissionState,
    answer: 'granted' as PermissionState,
    requests: 0,
  }
  const handle = {
    kind: 'file',
    name,
    async getFile() {
      if (!state.file) throw new DOMException('gone', 'NotFoundError')
      return state.file
    },
    queryPermission: async () => state.permission,
    async requestPermission() {
      state.requests += 1
      return (state.permission = state.answer)
    },
  } as unknown as FileSystemFileHandle
  const chosen = (): PickedFile => {
    if (!state.file) throw new Error('no file')
    return picked(state.file, handle)
  }
  return { state, chosen }
}

async function openBrowserTab(browser: Browser, deps: Partial<AppDeps> = {}) {
  const hub = createScriptedHub()
  const tab = openTab({ browser, deps: { openHub: hub.open, ...deps } })
  await tab.store.hydrate()
  return { ...tab, hub }
}

const stateOf = ({ store }: Pick<Tab, 'store'>) => store.getState()
const noticesOf = (tab: Pick<Tab, 'store'>) => stateOf(tab).notices
const runningOf = (tab: Pick<Tab, 'store'>) => stateOf(tab).engineInfo?.modelName

/** A tab that opened these files and was left. */
async function leaveWith(browser: Browser, files: readonly PickedFile[]): Promise<void> {
  const tab = await openBrowserTab(browser)
  await stateOf(tab).openModelFiles(files)
  expect(stateOf(tab).modelSource).toMatchObject({ type: 'local' })
  await tab.store.flush()
}

describe('local files after a reload', () => {
  it('are loaded at once when the browser still lets them be read', async () => {
    const browser = newBrowser()
    await leaveWith(browser, [diskFile('a.gguf').chosen(), diskFile('b.gguf').chosen()])
    const tab = await openBrowserTab(browser)
    await stateOf(tab).loadLastModel()
    expect(stateOf(tab).modelSource).toMatchObject({
      type: 'local',
      files: [{ path: 'a.gguf' }, { path: 'b.gguf' }],
    })
    expect(noticesOf(tab)).toEqual([])
    await tab.store.flush()
    const third = await openBrowserTab(browser)
    await stateOf(third).loadLastModel()
    expect(runningOf(third)).toBe('a')
  })

  it('are one click away when the browser wants to ask', async () => {
    const browser = newBrowser()
    const file = diskFile('a.gguf')
    await leaveWith(browser, [file.chosen()])
    file.state.permission = 'prompt'

    const tab = await openBrowserTab(browser)
    await stateOf(tab).loadLastModel()
    expect(runningOf(tab)).toBe('Callground Nano')
    expect(file.state.requests).toBe(0)
    const [notice] = noticesOf(tab)
    expect(notice).toMatchObject({ title: 'a can be opened again', action: 'Open again' })
    await tab.store.flush()

    // What stands in is not what is remembered.
    const again = await openBrowserTab(browser)
    await stateOf(again).loadLastModel()
    const [offer] = noticesOf(again)
    stateOf(again).actOnNotice(offer?.id ?? '')
    await expect.poll(() => runningOf(again)).toBe('a')
    expect(file.state.requests).toBe(1)
    expect(stateOf(again)).toMatchObject({ dialog: 'model', modelsTab: 'running' })
  })

  it('stay an offer when the user says no', async () => {
    const browser = newBrowser()
    const file = diskFile('a.gguf')
    await leaveWith(browser, [file.chosen()])
    Object.assign(file.state, { permission: 'prompt', answer: 'denied' })
    const tab = await openBrowserTab(browser)
    await stateOf(tab).loadLastModel()
    await stateOf(tab).reopenModelFiles()
    expect(stateOf(tab).modelStatus).toMatchObject({
      type: 'failed',
      message: { title: 'The browser does not let this page read a.gguf' },
    })
    expect(runningOf(tab)).toBe('Callground Nano')
    expect(stateOf(tab).lastModel).toMatchObject({ type: 'local', name: 'a' })
  })

  it('must be chosen again when nothing leads back to them, and are named', async () => {
    const browser = newBrowser()
    const files = ['a-1.gguf', 'a-2.gguf'].map((name) => picked(new File(['GGUF'], name)))
    await leaveWith(browser, files)
    const tab = await openBrowserTab(browser)
    await stateOf(tab).loadLastModel()
    const [notice] = noticesOf(tab)
    expect(notice).toMatchObject({
      title: 'The files of a-1 must be chosen again',
      action: 'Choose files',
    })
    expect(notice?.advice).toContain('a-1.gguf, a-2.gguf')
    stateOf(tab).actOnNotice(notice?.id ?? '')
    expect(stateOf(tab)).toMatchObject({ dialog: 'model', modelsTab: 'running' })
  })

  it('are told apart: one is gone, one has changed', async () => {
    const browser = newBrowser()
    const file = diskFile('a.gguf')
    await leaveWith(browser, [file.chosen()])
    file.state.file = null
    const gone = await openBrowserTab(browser)
    await stateOf(gone).loadLastModel()
    expect(noticesOf(gone)).toMatchObject([{ title: 'a.gguf is not where it was' }])
    await gone.store.flush()

    file.state.file = new File(['GGUF anew'], 'a.gguf', { lastModified: 2000 })
    const changed = await openBrowserTab(browser)
    await stateOf(changed).loadLastModel()
    expect(noticesOf(changed)).toMatchObject([
      { title: 'a.gguf has changed since it was opened', action: 'Choose files' },
    ])
    expect(runningOf(changed)).toBe('Callground Nano')
  })

  it('leave their place to the stored model that ran before them', async () => {
    const browser = newBrowser()
    const model = storedModel({ id: 'm' })
    const first = await openBrowserTab(browser)
    first.hub.models.push(model)
    await stateOf(first).loadStoredModel(model)
    await stateOf(first).openModelFiles([picked(new File(['GGUF'], 'a.gguf'))])
    await first.store.flush()

    const tab = await openBrowserTab(browser)
    tab.hub.models.push(model)
    await stateOf(tab).loadLastModel()
    expect(stateOf(tab).modelSource).toMatchObject({ type: 'stored', id: 'm' })
    expect(stateOf(tab).lastModel).toMatchObject({ type: 'local', name: 'a' })
    tab.hub.models.length = 0
    await tab.store.flush()

    const next = await openBrowserTab(browser)
    await stateOf(next).loadLastModel()
    expect(stateOf(next).modelSource).toEqual({ type: 'built-in' })
    expect(stateOf(next).lastModel).toMatchObject({ type: 'local', name: 'a' })
  })

  it('are forgotten when another model is chosen', async () => {
    const browser = newBrowser()
    await leaveWith(browser, [picked(new File(['GGUF'], 'a.gguf'))])
    const tab = await openBrowserTab(browser)
    await stateOf(tab).loadLastModel()
    await stateOf(tab).loadBuiltInModel()
    await tab.store.flush()
    expect(readSavedSettings(tab.deps.keyValues).lastModel).toBeNull()
    const next = await openBrowserTab(browser)
    await stateOf(next).loadLastModel()
    expect(noticesOf(next)).toEqual([])
  })

  it('that failed to load are not remembered', async () => {
    const browser = newBrowser()
    const good = diskFile('good.gguf')
    await leaveWith(browser, [good.chosen()])
    const tab = await openBrowserTab(browser, {
      openLocalModel: async () => ({ ok: false, error: { kind: 'no-files' } }),
    })
    await stateOf(tab).openModelFiles([diskFile('bad.gguf').chosen()])
    await tab.store.flush()
    const next = await openBrowserTab(browser)
    await stateOf(next).loadLastModel()
    expect(runningOf(next)).toBe('good')
  })

  it('are not tried a third time when they took the page down twice', async () => {
    const browser = newBrowser()
    await leaveWith(browser, [diskFile('a.gguf').chosen()])
    const sessionValues = new Map<string, string>()
    const deps: Partial<AppDeps> = {
      sessionValues: {
        read: (key) => sessionValues.get(key) ?? null,
        write: (key, value) => {
          if (value === null) sessionValues.delete(key)
          else sessionValues.set(key, value)
          return true
        },
      },
    }
    const opens: string[] = []
    for (let start = 0; start < 2; start++) {
      const tab = await openBrowserTab(browser, {
        ...deps,
        createEngine: (request) => {
          opens.push(request.engine)
          return new Promise(() => undefined)
        },
      })
      void stateOf(tab).loadLastModel()
      await expect.poll(() => opens.length).toBe(start + 1)
    }
    const tab = await openBrowserTab(browser, deps)
    await stateOf(tab).loadLastModel()
    expect(runningOf(tab)).toBe('Callground Nano')
    expect(noticesOf(tab)).toMatchObject([
      { advice: expect.stringContaining('From this computer') as string },
    ])
  })
})

it('a saved last model that cannot be read is none', () => {
  const read = (value: unknown) =>
    readSavedSettings({
      read: (key) =>
        key === 'callground:lastModel' ? JSON.stringify({ version: 1, value }) : null,
      write: () => true,
      subscribe: () => () => undefined,
    }).lastModel
  const file = { path: 'a.gguf', sizeBytes: 4, modifiedAtMs: 1 }
  const good = { type: 'local', name: 'a', handlesId: null, files: [file], before: null }
  expect(read(good)).toEqual(good)
  expect(read({ ...good, before: { type: 'stored' }, handlesId: 7 })).toEqual(good)
  for (const broken of [
    { ...good, name: 1 },
    { ...good, files: [] },
    { ...good, files: [file, { ...file, sizeBytes: -1 }] },
    { ...good, files: 'a.gguf' },
    { ...good, type: 'elsewhere' },
  ]) {
    expect(read(broken)).toBeUndefined()
  }
})
