import { describe, expect, it } from 'vitest'
import { headerOf } from '../core/gguf/__fixtures__/header-of.ts'
import { bumpedModel } from '../core/gguf/__fixtures__/bumped-model.ts'
import { err, ok } from '../core/lib/result.ts'
import type { DownloadState } from '../hub/download-state.ts'
import {
  modelFiles,
  newBrowser,
  openTab,
  settle,
  type Tab,
  type TabOptions,
} from './__fixtures__/harness.ts'
import {
  createScriptedHub,
  repoDetails,
  SCRIPTED_COMMIT,
  scriptedDownload,
  storedModel,
} from './__fixtures__/scripted-hub.ts'
import { selectQuantizationRows, selectRepoFacts, selectRunningTerms } from './hub-views.ts'

const REPO = 'Salesforce/xLAM-2-3b-fc-r-gguf'
const SIZES = {
  Q2_K: { sizeBytes: 1_274_755_648 },
  Q4_K_M: { sizeBytes: 1_929_902_656, shards: 2 },
  F16: { sizeBytes: 6_178_316_864 },
}

async function openHubTab(options: TabOptions = {}) {
  const hub = createScriptedHub()
  hub.repos.set(REPO, repoDetails(REPO, SIZES))
  const header = await headerOf(bumpedModel({ bumpedLayers: [0] }))
  for (const [label, { sizeBytes }] of Object.entries(SIZES)) {
    const [detail] = repoDetails(REPO, { [label]: { sizeBytes } }).files
    if (detail) hub.headers.set(detail.path, header)
  }
  for (const place of ['00001', '00002']) {
    hub.headers.set(`xLAM-2-3b-fc-r-gguf-Q4_K_M-${place}-of-00002.gguf`, header)
  }
  const tab = openTab({ ...options, deps: { openHub: hub.open, ...options.deps } })
  await tab.store.hydrate()
  return { ...tab, hub }
}

const stateOf = ({ store }: Pick<Tab, 'store'>) => store.getState()
const titlesOf = (tab: Pick<Tab, 'store'>) => stateOf(tab).notices.map(({ title }) => title)

describe('finding a model', () => {
  it('opens what names a repository and searches for anything else', async () => {
    const tab = await openHubTab()
    await stateOf(tab).submitHubQuery(' xlam 3b ')
    expect(tab.hub.searches).toEqual(['xlam 3b'])
    expect(stateOf(tab).hubRepo).toBeNull()
    await stateOf(tab).submitHubQuery(`https://huggingface.co/${REPO}/tree/main`)
    expect(stateOf(tab).hubRepo).toMatchObject({ id: REPO, status: { type: 'open' } })
    expect(tab.hub.searches).toHaveLength(1)
  })

  it('searches when the typing pauses, but never for half a name', async () => {
    const timers: (() => void)[] = []
    const tab = await openHubTab({
      deps: {
        setTimer(task, delayMs) {
          if (delayMs === 400) timers.push(task)
          return () => timers.splice(timers.indexOf(task), 1)
        },
      },
    })
    for (const text of ['xl', 'xlam', 'xlam-2', 'Salesforce/x']) {
      stateOf(tab).setHubQuery(text)
      await settle()
    }
    expect(timers).toHaveLength(0)
    stateOf(tab).setHubQuery('xlam-2')
    await settle()
    for (const task of timers) task()
    await settle()
    expect(tab.hub.searches).toEqual(['xlam-2'])
    expect(stateOf(tab).hubSearch).toMatchObject({ type: 'found', models: [{ id: REPO }] })
  })

  it('adds the next page to the first', async () => {
    const tab = await openHubTab()
    for (const name of ['a/xlam-a', 'b/xlam-b']) tab.hub.repos.set(name, repoDetails(name, {}))
    await stateOf(tab).submitHubQuery('xlam')
    await stateOf(tab).loadMoreModels()
    const search = stateOf(tab).hubSearch
    expect(search.type === 'found' && search.models.map(({ id }) => id)).toEqual([
      REPO,
      'a/xlam-a',
      'b/xlam-b',
    ])
    expect(search.type === 'found' && search.next).toBeNull()
  })

  it('says what it could not read or find', async () => {
    const tab = await openHubTab()
    await stateOf(tab).submitHubQuery('https://huggingface.co/datasets/a/b')
    expect(stateOf(tab).hubSearch).toMatchObject({
      message: { title: 'This is the address of a dataset, not of a model' },
    })
    await stateOf(tab).openRepo('no/body')
    expect(stateOf(tab).hubRepo?.status).toMatchObject({
      type: 'failed',
      message: { step: 'enter-token' },
    })
  })

  it('the repository that was opened last wins', async () => {
    const tab = await openHubTab()
    const release = tab.hub.hold('no/body')
    const first = stateOf(tab).openRepo('no/body')
    await settle()
    await stateOf(tab).openRepo(REPO)
    release()
    await first
    await settle()
    expect(stateOf(tab).hubRepo?.id).toBe(REPO)
    expect(stateOf(tab).hubRepo?.status.type).toBe('open')
  })
})

describe('checking before the download', () => {
  it('rates every quantization from the header of one, and recommends one', async () => {
    const tab = await openHubTab()
    await stateOf(tab).openRepo(`${REPO}:Q2_K`)
    const rows = selectQuantizationRows(stateOf(tab))
    expect(
      rows.map(({ quantization: { label }, fit, isExact, isRecommended, isAsked }) => ({
        label,
        verdict: fit?.verdict,
        isExact,
        isRecommended,
        isAsked,
      })),
    ).toEqual([
      { label: 'Q2_K', verdict: 'fits', isExact: true, isRecommended: false, isAsked: true },
      { label: 'Q4_K_M', verdict: 'fits', isExact: true, isRecommended: true, isAsked: false },
      {
        label: 'F16',
        verdict: 'will-not-fit',
        isExact: false,
        isRecommended: false,
        isAsked: false,
      },
    ])
    expect(selectRepoFacts(stateOf(tab))).toMatchObject({ architecture: 'qwen2', forContext: 8192 })
    expect(selectQuantizationRows(stateOf(tab))).toBe(rows)
  })

  it('a gated repository shows its files and asks for a token', async () => {
    const tab = await openHubTab()
    tab.hub.headers.clear()
    for (const { path } of repoDetails(REPO, SIZES).files) {
      tab.hub.headers.set(path, { kind: 'gated', termsUrl: 'https://hf.co/x', hadToken: false })
    }
    await stateOf(tab).openRepo(REPO)
    const [row] = selectQuantizationRows(stateOf(tab)).filter(({ check }) => check)
    expect(row?.check).toMatchObject({
      type: 'failed',
      message: { step: 'enter-token', link: { url: 'https://hf.co/x' } },
    })
    expect(row?.fit).toBeNull()
  })

  it('inspects a quantization with the headers that the check read', async () => {
    const tab = await openHubTab()
    await stateOf(tab).openRepo(REPO)
    const [row] = selectQuantizationRows(stateOf(tab)).filter((one) => one.isRecommended)
    await stateOf(tab).inspect({ type: 'quantization', id: row?.quantization.id ?? '' })
    expect(stateOf(tab).inspection).toMatchObject({
      name: `${REPO} Q4_K_M`,
      sizeBytes: SIZES.Q4_K_M.sizeBytes,
    })
    expect(row?.check?.type === 'read' && row.check.headers).toHaveLength(2)
    stateOf(tab).closeInspection()
    await settle()
    expect(stateOf(tab).inspection).toBeNull()
  })
})

describe('the source', () => {
  it('keeps the mirror, and drops what another one gave', async () => {
    const browser = newBrowser()
    const tab = await openHubTab({ browser })
    await stateOf(tab).openRepo(REPO)
    expect(await stateOf(tab).setHubBaseUrl('192.168.1.20:8080/hf/')).toBeNull()
    expect(stateOf(tab)).toMatchObject({ hubBaseUrl: 'http://192.168.1.20:8080/hf', hubRepo: null })
    expect(await stateOf(tab).setHubBaseUrl('http://user:pw@host')).not.toBeNull()
    await tab.store.flush()
    const next = await openHubTab({ browser })
    expect(stateOf(next).hubBaseUrl).toBe('http://192.168.1.20:8080/hf')
  })

  it('the token is for one host, in no state and in no storage of the browser', async () => {
    const browser = newBrowser()
    const tab = await openHubTab({ browser })
    expect(await stateOf(tab).setHubToken('two words')).not.toBeNull()
    expect(await stateOf(tab).setHubToken(' hf_secret ')).toBeNull()
    await stateOf(tab).openRepo(REPO)
    const settings = tab.hub.settings()
    expect(settings?.token('https://huggingface.co')).toBe('hf_secret')
    expect(stateOf(tab).hubTokenHost).toBe('huggingface.co')
    await stateOf(tab).setHubBaseUrl('http://mirror.lan')
    expect(settings?.token('http://mirror.lan')).toBeNull()
    await tab.store.flush()
    expect(JSON.stringify([...browser.values])).not.toContain('hf_secret')
    const seen = new Set<unknown>()
    expect(
      JSON.stringify(stateOf(tab), (_, value: unknown) => {
        if (typeof value === 'object' && seen.has(value)) return undefined
        seen.add(value)
        return value
      }),
    ).not.toContain('hf_secret')
    await stateOf(tab).setHubToken(null)
    expect(settings?.token('https://huggingface.co')).toBeNull()
  })

  it('the token outlives a reload of its own tab', async () => {
    const values = new Map<string, string>()
    const sessionValues = {
      read: (key: string) => values.get(key) ?? null,
      write: (key: string, value: string | null) => {
        if (value !== null) values.set(key, value)
        return true
      },
    }
    const tab = await openHubTab({ deps: { sessionValues } })
    await stateOf(tab).setHubToken('hf_secret')
    const next = await openHubTab({ deps: { sessionValues } })
    await stateOf(next).openRepo(REPO)
    expect(next.hub.settings()?.token('https://huggingface.co')).toBe('hf_secret')
    expect(stateOf(next).hubTokenHost).toBe('huggingface.co')
  })
})

describe('downloading', () => {
  it('pins the files, keeps the accepted terms, and shows the downloads', async () => {
    const browser = newBrowser()
    const tab = await openHubTab({ browser })
    await stateOf(tab).openRepo(REPO)
    const [, row] = selectQuantizationRows(stateOf(tab))
    await stateOf(tab).startDownload(row?.quantization.id ?? '')
    expect(tab.hub.started).toMatchObject([
      {
        repo: REPO,
        commit: SCRIPTED_COMMIT,
        quantization: 'Q4_K_M',
        files: [
          { sizeBytes: SIZES.Q4_K_M.sizeBytes / 2, sha256: 'ab'.repeat(32) },
          { path: 'xLAM-2-3b-fc-r-gguf-Q4_K_M-00002-of-00002.gguf' },
        ],
      },
    ])
    expect(stateOf(tab).modelsTab).toBe('downloads')
    await tab.store.flush()
    const next = await openHubTab({ browser })
    expect(stateOf(next).acceptedTerms[REPO]?.license?.id).toBe('cc-by-nc-4.0')
  })

  it('a repository that lacks a shard is not started', async () => {
    const tab = await openHubTab()
    const details = repoDetails(REPO, { Q4_K_M: { sizeBytes: 100, shards: 3 } })
    tab.hub.repos.set(REPO, { ...details, files: details.files.slice(1) })
    await stateOf(tab).openRepo(REPO)
    const [row] = selectQuantizationRows(stateOf(tab))
    await stateOf(tab).startDownload(row?.quantization.id ?? '')
    expect(tab.hub.started).toEqual([])
    expect(stateOf(tab).acceptedTerms).toEqual({})
  })

  it('says once when one is done or stopped, but not for other tabs', async () => {
    const tab = await openHubTab()
    await tab.store.followDownloads()
    const tell = async (id: string, state: DownloadState, isInOtherTab = false) => {
      tab.hub.tell([scriptedDownload({ id, quantization: id, state, isInOtherTab })])
      await settle()
    }
    await tell('a', { type: 'running', wait: null })
    await tell('a', { type: 'failed', error: { kind: 'crashed', detail: '' } })
    await tell('a', { type: 'failed', error: { kind: 'crashed', detail: '' } })
    expect(titlesOf(tab)).toEqual(['The download of xLAM-2-3b-fc-r-gguf a stopped'])
    await tell('a', { type: 'running', wait: null })
    await tell('a', { type: 'done' })
    expect(titlesOf(tab)).toHaveLength(2)
    await tell('b', { type: 'running', wait: null }, true)
    await tell('b', { type: 'done' }, true)
    expect(titlesOf(tab)).toHaveLength(2)
    // What was done before this page came is no news.
    await tell('c', { type: 'done' })
    expect(titlesOf(tab)).toHaveLength(2)
  })

  it('the notice of a finished one loads the model', async () => {
    const tab = await openHubTab()
    await tab.store.followDownloads()
    tab.hub.models.push(storedModel({ id: 'm' }))
    const running = { type: 'running', wait: null } as const
    tab.hub.tell([scriptedDownload({ id: 'm', state: running })])
    await settle()
    tab.hub.tell([scriptedDownload({ id: 'm', state: { type: 'done' } })])
    await settle()
    const [notice] = stateOf(tab).notices
    expect(notice?.action).toBe('Load')
    stateOf(tab).actOnNotice(notice?.id ?? '')
    await settle()
    expect(stateOf(tab).notices).toEqual([])
    expect(stateOf(tab).modelSource).toMatchObject({ type: 'stored', id: 'm', repo: REPO })
  })

  it('passes commands on', async () => {
    const tab = await openHubTab()
    stateOf(tab).pauseDownload('a')
    stateOf(tab).resumeDownload('a')
    stateOf(tab).retryDownload('a')
    stateOf(tab).cancelDownload('a')
    await settle()
    expect(tab.hub.commands).toEqual(['pause a', 'resume a', 'retry a', 'cancel a'])
  })
})

describe('stored models', () => {
  it('one that is loaded is loaded again after a reload', async () => {
    const browser = newBrowser()
    const tab = await openHubTab({ browser })
    const model = storedModel({ id: 'm' })
    tab.hub.models.push(model)
    await stateOf(tab).loadStoredModel(model)
    expect(stateOf(tab).modelSource).toMatchObject({ type: 'stored', id: 'm', repo: REPO })
    expect(selectRunningTerms(stateOf(tab))).toMatchObject({
      label: 'CC BY-NC 4.0',
      use: 'non-commercial',
    })
    await settle()
    expect(tab.hub.commands).toContain('touch m')
    await tab.store.flush()

    const next = await openHubTab({ browser })
    next.hub.models.push(model)
    await stateOf(next).loadLastModel()
    expect(stateOf(next).modelSource).toMatchObject({ id: 'm' })
    await stateOf(next).loadBuiltInModel()
    await next.store.flush()
    const last = await openHubTab({ browser })
    await stateOf(last).loadLastModel()
    expect(stateOf(last).modelSource).toEqual({ type: 'built-in' })
    expect(titlesOf(last)).toEqual([])
  })

  it('one that is gone is replaced by the built-in model, and the user told', async () => {
    const browser = newBrowser()
    const tab = await openHubTab({ browser })
    tab.store.setState({
      lastModel: { type: 'stored', id: 'm', repo: REPO, commit: null, quantization: 'Q4_K_M' },
    })
    await stateOf(tab).loadLastModel()
    expect(stateOf(tab).modelSource).toEqual({ type: 'built-in' })
    expect(stateOf(tab).lastModel).toBeNull()
    expect(titlesOf(tab)).toEqual([
      'xLAM-2-3b-fc-r-gguf Q4_K_M was not loaded again; the built-in model is',
    ])
  })

  it('one that takes the page down twice is not loaded a third time', async () => {
    const browser = newBrowser()
    const values = new Map<string, string>()
    const deps = {
      sessionValues: {
        read: (key: string) => values.get(key) ?? null,
        write: (key: string, value: string | null) => {
          if (value === null) values.delete(key)
          else values.set(key, value)
          return true
        },
      },
    }
    const model = storedModel({ id: 'm' })
    const first = await openHubTab({ browser })
    first.hub.models.push(model)
    await stateOf(first).loadStoredModel(model)
    await first.store.flush()
    for (let start = 1; start <= 3; start++) {
      const isLast = start === 3
      const tab = await openHubTab({
        browser,
        // The page dies while the engine loads: this never comes back.
        deps: isLast ? deps : { ...deps, createEngine: () => new Promise(() => undefined) },
      })
      tab.hub.models.push(model)
      const loading = stateOf(tab).loadLastModel()
      if (isLast) await loading
      else await settle()
      if (isLast) {
        expect(stateOf(tab).modelSource).toEqual({ type: 'built-in' })
        expect(titlesOf(tab)).toHaveLength(1)
      }
    }
  })

  it('lists, verifies, deletes and imports; a failure stays with its model', async () => {
    const tab = await openHubTab()
    tab.hub.models.push(storedModel({ id: 'a' }), storedModel({ id: 'b' }))
    await stateOf(tab).refreshShelf()
    const idsOf = () => {
      const { shelf } = stateOf(tab)
      return shelf.type === 'read' ? shelf.shelf.models.map(({ id }) => id) : []
    }
    expect(idsOf()).toEqual(['a', 'b'])

    const verifying = stateOf(tab).verifyModel('a')
    await settle()
    await verifying
    expect(stateOf(tab).storeTasks).toEqual({})
    expect(stateOf(tab).announcement).toBe('Every byte is as it should be')

    tab.hub.failNext({ kind: 'in-use', id: 'a' })
    await stateOf(tab).deleteModel('a')
    expect(stateOf(tab).storeProblems['a']?.title).toBe('A tab is working on this model')
    await stateOf(tab).deleteModel('a')
    expect(idsOf()).toEqual(['b'])
    expect(stateOf(tab).storeProblems).toEqual({})

    await stateOf(tab).importModel([new File(['GGUF'], 'mine.gguf')], null)
    expect(idsOf()).toEqual(['b', 'mine'])
    tab.hub.failNext({ kind: 'no-space', neededBytes: 5e9, availableBytes: 1e9, missingBytes: 4e9 })
    await stateOf(tab).importModel([new File(['GGUF'], 'more.gguf')], null)
    expect(stateOf(tab).importState).toMatchObject({
      type: 'failed',
      message: { title: '4.00 GB of space are missing', step: 'free-space' },
    })
  })

  it('opens stored models once, and tells of each what is known before it is loaded', async () => {
    const opened: string[] = []
    const tab = await openHubTab({
      deps: {
        openLocalModel: async (files) => {
          const [file] = files
          opened.push(file?.name ?? '')
          return file?.name.startsWith('b')
            ? err({ kind: 'too-large', neededBytes: 6 * 2 ** 30, limitBytes: 4 * 2 ** 30 })
            : ok(modelFiles(files))
        },
      },
    })
    tab.hub.models.push(storedModel({ id: 'a' }), storedModel({ id: 'b' }))
    await stateOf(tab).refreshShelf()
    opened.length = 0
    await stateOf(tab).lookAtStored()
    await stateOf(tab).lookAtStored()
    expect(opened).toHaveLength(2)
    expect(stateOf(tab).storedLooks).toMatchObject({
      a: { type: 'model', header: { contextLength: 4096 } },
      b: {
        type: 'problem',
        message: { title: 'The model needs 6 GiB, and 4 GiB is the most here' },
      },
    })
  })

  it('shows progress, and a cancelled task leaves no problem behind', async () => {
    const tab = await openHubTab()
    tab.hub.models.push(storedModel({ id: 'a', sizeBytes: 1000 }))
    tab.hub.hold('a')
    const verifying = stateOf(tab).verifyModel('a')
    await settle()
    expect(stateOf(tab).storeTasks).toEqual({
      a: { kind: 'verify', doneBytes: 500, totalBytes: 1000 },
    })
    stateOf(tab).cancelStoreTask('a')
    await verifying
    expect(stateOf(tab).storeTasks).toEqual({})
    expect(stateOf(tab).storeProblems).toEqual({})
  })

  it('says so when the hub layer cannot be fetched, and works when asked again', async () => {
    let isOffline = true
    const hub = createScriptedHub()
    const tab = await openHubTab({
      deps: {
        openHub: async (settings) => {
          if (isOffline) throw new TypeError('Failed to fetch')
          return hub.open(settings)
        },
      },
    })
    await stateOf(tab).refreshShelf()
    expect(stateOf(tab).shelf).toMatchObject({ type: 'failed', message: { step: 'try-again' } })
    isOffline = false
    await stateOf(tab).refreshShelf()
    expect(stateOf(tab).shelf.type).toBe('read')
  })
})
