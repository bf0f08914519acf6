import { describe, expect, it } from 'vitest'
import type { MlcModelFacts } from '../core/mlc/mlc-model.ts'
import { newBrowser, openReadyTab, openTab, settle } from './__fixtures__/harness.ts'
import { createScriptedHub } from './__fixtures__/scripted-hub.ts'
import { selectMlcRows } from './hub-views.ts'
import { selectModelSettings } from './selectors.ts'
import { recommendedSettings } from './recommended-settings.ts'

const BUILD = 'Qwen2.5-0.5B-Instruct-q4f16_1-MLC'
const FACTS: MlcModelFacts = {
  sizeBytes: 300_000_000,
  config: {
    architecture: 'qwen2',
    contextLength: 32768,
    layers: 24,
    stopTokenIds: [151645],
    tokenizerFile: 'tokenizer.json',
  },
  chatTemplate: '{{ messages }}',
  bosToken: '',
  eosToken: '<|im_end|>',
}

async function openWithHub() {
  const hub = createScriptedHub()
  hub.mlcFacts.set(BUILD, FACTS)
  const tab = await openReadyTab({ deps: { openHub: hub.open } })
  return { ...tab, hub, state: () => tab.store.getState() }
}

describe('an MLC model', () => {
  it('is fetched, loaded with its own context, and can be reloaded', async () => {
    const { state } = await openWithHub()
    await state().loadMlcBuild(BUILD)
    expect(state().modelStatus).toEqual({ type: 'ready' })
    expect(state().engineInfo).toMatchObject({ modelName: BUILD, contextLength: 4096 })
    expect(state().modelSource).toMatchObject({ type: 'mlc', model: { name: BUILD } })
    expect(state().modelHeader).toBeNull()
    expect(selectModelSettings(state()).load.contextLength).toBe(4096)
    await state().reloadModel()
    expect(state().modelSource).toMatchObject({ type: 'mlc' })
  })

  it('shows its bytes while it is fetched, and can be cancelled', async () => {
    const { state, hub } = await openWithHub()
    const release = hub.hold(BUILD)
    const loading = state().loadMlcBuild(BUILD)
    await settle()
    expect(state().modelStatus).toMatchObject({
      type: 'loading',
      name: BUILD,
      progress: { phase: 'download', doneBytes: 150_000_000, totalBytes: 300_000_000 },
    })
    state().cancelModelLoad()
    release()
    await loading
    expect(state().modelStatus).toEqual({ type: 'ready' })
    expect(state().engineInfo?.modelName).toBe('Callground Nano')
  })

  it('says which file is broken, and leaves the running model alone', async () => {
    const { state, hub } = await openWithHub()
    const url = 'https://huggingface.co/mlc-ai/x/resolve/main/params_shard_0.bin'
    hub.mlcFacts.set(BUILD, { kind: 'bad-file', url, detail: 'It has 5 bytes.' } as never)
    await state().loadMlcBuild(BUILD)
    expect(state().modelStatus).toMatchObject({
      type: 'failed',
      message: { title: 'params_shard_0.bin is not what it should be' },
    })
    expect(state().engineInfo?.modelName).toBe('Callground Nano')
  })

  it('is loaded from an address of one’s own, or says what is wrong with it', async () => {
    const { state, hub } = await openWithHub()
    hub.mlcFacts.set('mine-q4f16_1-MLC', FACTS)
    expect(await state().loadMlcAddress({ model: 'no model', library: '' })).toMatchObject({
      field: 'model',
    })
    const library = 'https://example.com/lib.wasm'
    expect(await state().loadMlcAddress({ model: 'me/mine-q4f16_1-MLC', library })).toBeNull()
    await settle()
    expect(state().modelSource).toMatchObject({ type: 'mlc', model: { libraryUrl: library } })
  })

  it('is what a reload comes back with when all of it is stored, and is never fetched by a start', async () => {
    const browser = newBrowser()
    const hub = createScriptedHub()
    hub.mlcFacts.set(BUILD, FACTS)
    const tab = await openReadyTab({ browser, deps: { openHub: hub.open } })
    await tab.store.getState().loadMlcBuild(BUILD)
    const { modelSource } = tab.store.getState()
    if (modelSource?.type !== 'mlc') throw new Error('not loaded')
    await tab.store.flush()
    const { modelUrl } = modelSource.model
    const stored = { modelUrl, name: BUILD, sizeBytes: 1, model: null }
    const comeBack = async () => {
      const next = openTab({ browser, deps: { openHub: hub.open } })
      await next.store.hydrate()
      await next.store.getState().loadLastModel()
      return next.store.getState()
    }

    hub.mlcModels.push({ ...stored, shards: { present: 2, total: 2 } })
    expect((await comeBack()).modelSource).toEqual(modelSource)
    hub.mlcModels.splice(0, 1, { ...stored, shards: { present: 1, total: 2 } })
    const { engineInfo, notices } = await comeBack()
    expect(engineInfo?.modelName).toBe('Callground Nano')
    expect(notices).toMatchObject([
      { title: `${BUILD} was not loaded again; the built-in model is` },
    ])
  })

  it('is listed with why it cannot run, and where it is stored', async () => {
    const { state, hub } = await openWithHub()
    hub.mlcModels.push({
      modelUrl: 'https://huggingface.co/mlc-ai/x/resolve/main/',
      name: BUILD,
      sizeBytes: 1,
      shards: { present: 2, total: 2 },
      model: null,
    })
    await state().readWebllm()
    const builds = selectMlcRows(state()).flatMap((row) => row.builds)
    expect(builds.find(({ id }) => id === BUILD)).toMatchObject({
      obstacle: 'No WebGPU',
      isHere: true,
    })
    await state().deleteMlcModel('https://huggingface.co/mlc-ai/x/resolve/main/')
    expect(state().mlcShelf).toEqual([])
  })

  it('needs 16-bit floats on the GPU for some builds only', async () => {
    const hub = createScriptedHub()
    const support = { type: 'usable', adapter: 'acme', hasShaderF16: false } as const
    const { store } = openTab({
      deps: { openHub: hub.open, readWebllmSupport: async () => support },
    })
    await store.getState().readWebllm()
    const builds = selectMlcRows(store.getState()).flatMap((row) => row.builds)
    for (const { needsShaderF16, obstacle } of builds) {
      expect(obstacle).toBe(needsShaderF16 ? 'Needs shader-f16' : null)
    }
  })

  it('is recommended the context that its memory is told for', () => {
    const traits = { trainedContextLength: 32768 }
    expect(recommendedSettings({ ...traits, name: BUILD }).load.contextLength).toBe(4096)
    expect(recommendedSettings({ ...traits, name: 'Qwen2.5 GGUF' }).load.contextLength).toBe(8192)
  })
})
