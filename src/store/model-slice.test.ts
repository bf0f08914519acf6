import { describe, expect, it } from 'vitest'
import type { NodeId } from '../core/chat/transcript.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import type { Engine, EngineError, WllamaLoadRequest } from '../engine/engine.ts'
import { numbersKey } from '../engine/self-test.ts'
import { createAnsweringEngine, gate } from '../session/__fixtures__/answering-engine.ts'
import { machinery } from '../session/machinery.ts'
import { selectBackendForecast } from './backend-forecast.ts'
import { recommendedSettings } from './recommended-settings.ts'
import {
  openReadyTab,
  openTab,
  picked,
  settle,
  type Tab,
  type TabOptions,
} from './__fixtures__/harness.ts'

/** A file that claims a size. */
function pickedOf(name: string, sizeBytes = 4) {
  const file = new File(['GGUF'], `${name}.gguf`)
  return picked(Object.defineProperty(file, 'size', { value: sizeBytes }))
}

const GIB = 2 ** 30

const GPU_FACTS = {
  name: 'Old GPU',
  vendor: '',
  architecture: '',
  shaderF16: true,
  subgroups: false,
  isFallback: false,
  limits: null,
}

/** A tab whose loads are decided by the test, in the order in which they were asked for. */
function tabWithLoads(options: TabOptions = {}) {
  const loads: {
    readonly name: string
    readonly finish: (result: Result<Engine, EngineError>) => void
  }[] = []
  const tab = openTab({
    ...options,
    deps: {
      createEngine: (request, _, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(err({ kind: 'aborted' })))
          if (request.engine === 'remote') throw new Error('No server here')
          const { name } = request.engine === 'wllama' ? request.files : request.model
          loads.push({ name, finish: resolve })
        }),
      ...options.deps,
    },
  })
  const engine = (modelName: string) =>
    createAnsweringEngine({ answers: [['Hi']], info: { modelName } })
  return { ...tab, loads, engine }
}

const statusOf = ({ store }: Pick<Tab, 'store'>) => store.getState().modelStatus
const runningOf = ({ store }: Pick<Tab, 'store'>) => store.getState().engineInfo?.modelName ?? null

describe('loading a model', () => {
  it('loads the built-in model and says so', async () => {
    const tab = await openReadyTab()
    expect(statusOf(tab)).toEqual({ type: 'ready' })
    expect(runningOf(tab)).toBe('Callground Nano')
    expect(tab.store.getState().modelSource).toEqual({ type: 'built-in' })
    expect(tab.store.getState().announcement).toBe('Model ready')
  })

  it('lets a running answer come to its end before the old model goes', async () => {
    const more = gate()
    const tab = await openReadyTab({ answers: [['One', more.promise, ' two']] })
    const sending = tab.store.getState().send('Count')
    await settle()
    await tab.store.getState().openModelFiles([pickedOf('Next')])
    expect(runningOf(tab)).toBe('Next')
    expect(tab.engines[0]?.isUnloaded()).toBe(false)
    more.open()
    await sending
    await settle()
    const { transcript } = tab.store.getState()
    const answer = transcript.nodes.get(transcript.leafId ?? ('' as NodeId))?.message
    expect(answer).toMatchObject({ raw: 'One two', end: { type: 'complete' } })
    expect(answer).toMatchObject({ modelName: 'Callground Nano' })
    expect(tab.engines[0]?.isUnloaded()).toBe(true)
  })

  it('fails when a part of the app cannot be fetched, and works when asked again', async () => {
    let isOffline = true
    const tab = openTab({
      deps: {
        loadMachinery: () =>
          isOffline ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(machinery),
      },
    })
    await tab.store.getState().loadBuiltInModel()
    expect(statusOf(tab)).toMatchObject({
      type: 'failed',
      message: { title: 'The engine could not be fetched' },
    })
    expect(runningOf(tab)).toBeNull()
    isOffline = false
    await tab.store.getState().loadBuiltInModel()
    expect(statusOf(tab)).toEqual({ type: 'ready' })
  })

  it('shows progress, at most once a frame', async () => {
    const done = gate()
    const tab = openTab({
      deps: {
        fetchBuiltInModel: async (onProgress) => {
          for (let bytes = 0; bytes < 100; bytes++) onProgress(bytes, 100)
          await done.promise
          return err({ kind: 'http-status', status: 500 })
        },
      },
    })
    const loading = tab.store.getState().loadBuiltInModel()
    await settle()
    expect(statusOf(tab)).toMatchObject({
      type: 'loading',
      name: 'Callground Nano',
      progress: { phase: 'download', doneBytes: 99, totalBytes: 100 },
    })
    expect(tab.setCount()).toBeLessThan(4)
    done.open()
    await loading
    expect(statusOf(tab)).toMatchObject({
      type: 'failed',
      message: { title: 'The built-in model could not be fetched' },
    })
  })

  it('keeps the running model until the new one is ready, then unloads it', async () => {
    const tab = tabWithLoads()
    void tab.store.getState().openModelFiles([pickedOf('a')])
    await settle()
    const first = tab.engine('a')
    tab.loads[0]?.finish(ok(first))
    await settle()
    void tab.store.getState().openModelFiles([pickedOf('b')])
    await settle()
    expect(runningOf(tab)).toBe('a')
    expect(first.isUnloaded()).toBe(false)
    tab.loads[1]?.finish(ok(tab.engine('b')))
    await settle()
    expect(runningOf(tab)).toBe('b')
    expect(first.isUnloaded()).toBe(true)
  })

  it('a failed load leaves the running model as it was', async () => {
    const tab = tabWithLoads()
    void tab.store.getState().openModelFiles([pickedOf('a')])
    await settle()
    const first = tab.engine('a')
    tab.loads[0]?.finish(ok(first))
    await settle()
    void tab.store.getState().openModelFiles([pickedOf('b')])
    await settle()
    tab.loads[1]?.finish(err({ kind: 'out-of-memory', neededBytes: 5 * GIB }))
    await settle()
    expect(statusOf(tab)).toMatchObject({
      type: 'failed',
      name: 'b',
      message: { title: 'The model needs 5 GiB, more than this tab may use' },
    })
    expect(runningOf(tab)).toBe('a')
    expect(first.isUnloaded()).toBe(false)
    tab.store.getState().dismissModelFailure()
    expect(statusOf(tab)).toEqual({ type: 'ready' })
  })

  it('the latest load wins, and an engine that arrives after its load was replaced is unloaded', async () => {
    const loads: ((result: Result<Engine, EngineError>) => void)[] = []
    const tab = openTab({
      deps: { createEngine: () => new Promise((resolve) => loads.push(resolve)) },
    })
    const { openModelFiles } = tab.store.getState()
    void openModelFiles([pickedOf('a')])
    await settle()
    void openModelFiles([pickedOf('b')])
    await settle()
    const [a, b] = ['a', 'b'].map((modelName) =>
      createAnsweringEngine({ answers: [[]], info: { modelName } }),
    )
    if (a) loads[0]?.(ok(a))
    await settle()
    expect(a?.isUnloaded()).toBe(true)
    expect(statusOf(tab).type).toBe('loading')
    if (b) loads[1]?.(ok(b))
    await settle()
    expect(runningOf(tab)).toBe('b')
  })

  it('cancelling a load leaves the running model as it was', async () => {
    const tab = tabWithLoads()
    void tab.store.getState().openModelFiles([pickedOf('a')])
    await settle()
    tab.loads[0]?.finish(ok(tab.engine('a')))
    await settle()
    void tab.store.getState().openModelFiles([pickedOf('b')])
    await settle()
    tab.store.getState().cancelModelLoad()
    await settle()
    expect(statusOf(tab)).toEqual({ type: 'ready' })
    expect(runningOf(tab)).toBe('a')
  })

  it('makes room first when both are too large together, and brings the old one back', async () => {
    const tab = tabWithLoads()
    void tab.store.getState().openModelFiles([pickedOf('a', 1.5 * GIB)])
    await settle()
    const first = tab.engine('a')
    tab.loads[0]?.finish(ok(first))
    await settle()
    void tab.store.getState().openModelFiles([pickedOf('b', GIB)])
    await settle()
    expect(first.isUnloaded()).toBe(true)
    expect(runningOf(tab)).toBeNull()
    tab.loads[1]?.finish(err({ kind: 'corrupt-model', detail: '' }))
    await settle()
    expect(tab.loads[2]?.name).toBe('a')
    tab.loads[2]?.finish(ok(tab.engine('a')))
    await settle()
    expect(runningOf(tab)).toBe('a')
    expect(statusOf(tab)).toEqual({ type: 'ready' })
    expect(tab.store.getState().notices.map(({ title }) => title)).toEqual([
      'The model file is damaged',
    ])
  })

  it('loads with the context length of the settings, at most what the model was trained on', async () => {
    const contexts: number[] = []
    const tab = openTab({
      deps: {
        createEngine: async (request) => {
          if (request.engine === 'wllama') contexts.push(request.options.contextLength)
          return ok(createAnsweringEngine({ answers: [[]], info: { modelName: 'm' } }))
        },
      },
    })
    await tab.store.getState().openModelFiles([pickedOf('m')])
    const { changeModelSettings } = tab.store.getState()
    const { load } = recommendedSettings({ name: 'm', trainedContextLength: 4096 })
    changeModelSettings({ load: { ...load, contextLength: 1024 } })
    await tab.store.getState().reloadModel()
    expect(contexts).toEqual([4096, 1024])
  })

  it('keeps what a GPU computed wrong, tells it once, and forgets it when asked to try again', async () => {
    const requests: WllamaLoadRequest[] = []
    const test = {
      result: 'failed',
      against: 'cpu',
      agreeing: 2,
      positions: 8,
      largestDifference: 3,
      adapter: 'Old GPU',
      tookMs: 40,
      referenceMs: 90,
      detail: '',
    } as const
    const gpuFailure = {
      fingerprint: 'f1',
      adapter: 'Old GPU',
      engineVersion: '1',
      modelName: 'm',
      sizeBytes: 4,
      numbers: numbersKey({ cacheType: 'f16', yarn: null }),
      test,
    }
    const tab = openTab({
      deps: {
        createEngine: async (request) => {
          if (request.engine === 'wllama') requests.push(request)
          const backend = { type: 'cpu', threads: 1, why: 'Wrong numbers', selfTest: test } as const
          const info = { modelName: 'm', sizeBytes: 4, backend, gpuFailure }
          return ok(createAnsweringEngine({ answers: [[]], info }))
        },
        readMachine: async () => ({
          gpu: { type: 'usable', facts: GPU_FACTS },
          cores: 2,
          isCrossOriginIsolated: true,
        }),
      },
    })
    const { changeModelSettings, probeMachine } = tab.store.getState()
    const given = () => requests.map(({ gpuFailures }) => gpuFailures?.length)
    await tab.store.getState().openModelFiles([pickedOf('m')])
    await tab.store.getState().reloadModel()
    expect(given()).toEqual([0, 1])
    expect(requests[1]?.gpuFailures).toEqual([gpuFailure])
    const titles = () => tab.store.getState().notices.map(({ title }) => title)
    const news = ['m runs on the CPU: the GPU computed wrong numbers']
    expect(titles()).toEqual(news)
    for (const { id } of tab.store.getState().notices) tab.store.getState().dismissNotice(id)
    await tab.store.getState().reloadModel()
    expect(titles()).toEqual([])

    await probeMachine()
    const { load } = recommendedSettings({ name: 'm', trainedContextLength: 4096 })
    changeModelSettings({ load: { ...load, gpuLayers: 9 } })
    expect(selectBackendForecast(tab.store.getState())).toMatchObject({ reason: 'wrong-numbers' })
    // Other numbers: the failure says nothing of them.
    changeModelSettings({ load: { ...load, gpuLayers: 9, cacheType: 'q8_0' } })
    expect(selectBackendForecast(tab.store.getState())).toMatchObject({ type: 'webgpu' })

    await tab.store.getState().tryGpuAgain()
    expect(given()).toEqual([0, 1, 1, 0])
    expect(titles()).toEqual(news)
  })

  it('an engine that dies is let go, and one action loads it again', async () => {
    const error = { kind: 'device-lost', detail: 'gone' } as const
    const tab = await openReadyTab({ answers: [['Hel', { type: 'error', error }]] })
    await tab.store.getState().send('Hi')
    expect(statusOf(tab)).toMatchObject({
      type: 'failed',
      message: { title: 'The GPU stopped working for this page' },
    })
    expect(runningOf(tab)).toBeNull()
    expect(tab.engines[0]?.isUnloaded()).toBe(true)
    await tab.store.getState().reloadModel()
    expect(runningOf(tab)).toBe('Callground Nano')
    expect(tab.engines).toHaveLength(2)
  })
})
