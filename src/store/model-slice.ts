import type { ModelFiles } from '../core/gguf/model-files.ts'
import { contextLimit } from '../core/gguf/yarn.ts'
import { chooseBackend } from '../engine/choose-backend.ts'
import type { Engine, EngineError, LoadOptions } from '../engine/engine.ts'
import type {
  EngineAccess,
  FileHandleAccess,
  LoadableModel,
  OpenMlcModel,
  StoreContext,
  StoredModelAccess,
} from './context.ts'
import { candidateOf, createCandidates, type Candidate } from './model-candidates.ts'
import { createFrameBatch } from './frame-batch.ts'
import { createLastModel } from './last-model.ts'
import { loadRemedies } from './load-remedies.ts'
import { settingsFor } from './recommended-settings.ts'
import {
  forgetGpuFailure,
  keepGpuFailure,
  keepReference,
  readGpuFailures,
} from './self-test-records.ts'
import type {
  LoadRemedy,
  ModelProgress,
  ModelSlice,
  ModelSource,
  ModelStatus,
  UserMessage,
} from './state.ts'
import { engineMessage, gpuDistrusted, NO_MODEL } from './user-message.ts'

/** Two models up to this size together may be in memory at a time: then the old one stays until the new one runs. */
const BOTH_LIMIT_BYTES = 2 * 2 ** 30

type Running = {
  readonly engine: Engine
  readonly model: LoadableModel
  readonly source: ModelSource
}

type Load = {
  readonly controller: AbortController
  readonly startedAtMs: number
  name: string
  progress: ModelProgress
  opened: ModelFiles | null
}

type ModelContext = Pick<StoreContext, 'deps' | 'get' | 'set' | 'notify' | 'offer' | 'announce'> & {
  readonly fileHandles: FileHandleAccess
  readonly fetchMachinery: () => Promise<boolean>
  readonly storedModels: StoredModelAccess
  readonly openMlcModel: OpenMlcModel
  readonly hasMlcModel: (modelUrl: string) => Promise<boolean>
  /** Calls `listener` after each change of the state. Returns what unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
}

/** The model part of the state, and the running engine for those who generate. */
export function createModelSlice(context: ModelContext): {
  readonly slice: ModelSlice
  readonly engines: EngineAccess
  readonly runningFiles: () => ModelFiles | null
  readonly dispose: () => void
} {
  const { deps, get, set, notify, announce, fetchMachinery, storedModels, subscribe } = context
  const candidates = createCandidates(context)
  const { builtIn, stored, local, mlc } = candidates
  const lastModel = createLastModel({ ...context, candidates, start })
  let running: Running | null = null
  /** The latest load: an older one that still runs has lost its right to change anything. */
  let load: Load | null = null
  let lastCandidate: Candidate | null = null
  /** Of the latest load, once its files were read. */
  let lastOpened: LoadableModel | null = null
  /** Unloaded to make room: loaded again when the new one fails. */
  let displaced: Candidate | null = null
  const waiters = new Set<() => void>()
  const progressFrame = createFrameBatch(deps, showProgress)

  function showProgress(): void {
    if (load) {
      const { name, progress, startedAtMs, opened } = load
      set({ modelStatus: { type: 'loading', name, progress, startedAtMs, opened } })
    }
  }

  function settle(modelStatus: ModelStatus): void {
    progressFrame.cancel()
    load = null
    set({ modelStatus })
    for (const wake of waiters) wake()
  }

  async function start(candidate: Candidate): Promise<void> {
    load?.controller.abort()
    const mine: Load = {
      controller: new AbortController(),
      startedAtMs: deps.nowMs(),
      name: candidate.name,
      progress: { phase: 'download', doneBytes: 0, totalBytes: null },
      opened: null,
    }
    load = mine
    lastCandidate = candidate
    lastOpened = null
    const { signal } = mine.controller
    const onProgress = (progress: ModelProgress) => {
      if (load !== mine) return
      mine.progress = progress
      progressFrame.schedule()
    }
    showProgress()

    const opened = await candidate.open(onProgress, signal)
    if (load !== mine) return
    if (!opened.ok) return fail(mine, opened.error)
    const model = opened.value
    lastCandidate = candidateOf(model, candidate.source)
    lastOpened = model
    mine.name = model.name
    mine.opened = model.files
    if (needsRoom(model)) {
      await makeRoom()
      if (load !== mine) return
    }
    onProgress({ phase: 'engine' })
    const [engine, isComplete] = await Promise.all([
      deps.createEngine(model.request(loadOptions(model)), onProgress, signal),
      fetchMachinery(),
    ])
    if (load !== mine || !isComplete) {
      if (engine.ok) await engine.value.unload()
      if (load === mine) fail(mine, engineMessage({ kind: 'network', detail: '' }))
      return
    }
    if (!engine.ok) {
      if (candidate.source.type === 'endpoint' && isRefused(engine.error)) {
        set({ keyWantedBy: candidate.source })
      }
      const wasOnGpu = await isForGpu(model)
      if (load !== mine) return
      return fail(mine, engineMessage(engine.error), remediesFor(engine.error, model, wasOnGpu))
    }
    take({ engine: engine.value, model, source: candidate.source })
  }

  function loadOptions({ name, trainedContextLength }: LoadableModel): LoadOptions {
    const { load: options } = settingsFor({ name, trainedContextLength }, get().settingsByModel)
    const most = contextLimit(trainedContextLength, options.yarn) ?? Number.POSITIVE_INFINITY
    return { ...options, contextLength: Math.min(options.contextLength, most) }
  }

  /** Whether the engine will have tried a GPU: it fails without saying. */
  async function isForGpu(model: LoadableModel): Promise<boolean> {
    if (!model.files) return false
    await slice.probeMachine()
    const { machine } = get()
    return (
      machine !== null && chooseBackend(loadOptions(model), model.files, machine).type === 'webgpu'
    )
  }

  function remediesFor(
    error: EngineError,
    model: LoadableModel,
    wasOnGpu: boolean,
  ): readonly LoadRemedy[] {
    if (!model.files) return []
    const { header } = model.files
    return loadRemedies({ error, header, gpuLayers: loadOptions(model).gpuLayers, wasOnGpu })
  }

  function take(next: Running): void {
    const old = running
    running = next
    displaced = null
    const { info, capabilities } = next.engine
    const { source } = next
    set({
      engineInfo: info,
      capabilities,
      modelSource: source,
      modelHeader: next.model.files?.header ?? null,
      ...(source.type === 'endpoint' && { keyWantedBy: null }),
    })
    lastModel.remember(source, next.model.name)
    if (source.type === 'stored') void storedModels.touch(source.id)
    if (info.selfTestReference) keepReference(deps.keyValues, info.selfTestReference)
    const isNews = !info.gpuFailure || keepGpuFailure(deps.keyValues, info.gpuFailure)
    set({ gpuFailures: readGpuFailures(deps.keyValues) })
    if (isNews && info.backend.type === 'cpu' && info.backend.selfTest) {
      notify({ tone: 'warning', ...gpuDistrusted(info.modelName, info.backend.selfTest) })
    }
    settle({ type: 'ready' })
    announce('Model ready')
    if (old) void unloadAfterTurn(old.engine)
  }

  /** An answer that is being written is written to its end; the next one is the new model's. */
  async function unloadAfterTurn(engine: Engine): Promise<void> {
    await new Promise<void>((resolve) => {
      const unsubscribe = subscribe(check)
      check()
      function check(): void {
        const { type } = get().turn
        if (type === 'prefill' || type === 'decode') return
        unsubscribe()
        resolve()
      }
    })
    await engine.unload()
  }

  /** A turn that only waits for the model goes on with the new one. */
  function stopTurnOnOldEngine(): void {
    const { turn, stop } = get()
    if (turn.type === 'prefill' || turn.type === 'decode') stop()
  }

  function needsRoom({ sizeBytes }: LoadableModel): boolean {
    return running !== null && running.model.sizeBytes + sizeBytes > BOTH_LIMIT_BYTES
  }

  async function makeRoom(): Promise<void> {
    if (!running) return
    stopTurnOnOldEngine()
    const { engine, model, source } = running
    displaced = candidateOf(model, source)
    letGo()
    await engine.unload()
  }

  function letGo(): void {
    running = null
    set({ engineInfo: null, capabilities: null, modelSource: null, modelHeader: null })
  }

  function fail(mine: Load, message: UserMessage, remedies: readonly LoadRemedy[] = []): void {
    if (mine.controller.signal.aborted) return cancelled()
    announce(message.title)
    if (displaced && !running) {
      notify({ tone: 'error', ...message })
      void restoreDisplaced(displaced)
    } else {
      settle({ type: 'failed', name: mine.name, message, remedies })
    }
  }

  function cancelled(): void {
    if (displaced && !running) void restoreDisplaced(displaced)
    else settle(restingStatus())
  }

  async function restoreDisplaced(candidate: Candidate): Promise<void> {
    displaced = null
    await start(candidate)
  }

  function restingStatus(): ModelStatus {
    return running ? { type: 'ready' } : { type: 'none' }
  }

  const engines: EngineAccess = {
    async acquire(signal) {
      for (;;) {
        if (signal.aborted) return { type: 'aborted' }
        if (running) return { type: 'engine', engine: running.engine }
        if (!load) return { type: 'none', message: failureOf(get().modelStatus) ?? NO_MODEL }
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiters.delete(wake)
            signal.removeEventListener('abort', wake)
            resolve()
          }
          waiters.add(wake)
          signal.addEventListener('abort', wake)
        })
      }
    },
    running: () => running?.engine ?? null,
    reportDeath(engine, error) {
      if (running?.engine !== engine) return
      const { model, source } = running
      lastCandidate = candidateOf(model, source)
      lastOpened = model
      const wasOnGpu = engine.info.backend.type === 'webgpu'
      letGo()
      void engine.unload()
      if (load) return
      const remedies = remediesFor(error, model, wasOnGpu)
      settle({ type: 'failed', name: model.name, message: engineMessage(error), remedies })
    },
  }

  const slice: ModelSlice = {
    modelStatus: { type: 'none' },
    engineInfo: null,
    capabilities: null,
    modelSource: null,
    modelHeader: null,
    machine: null,
    gpuFailures: [],
    lastModel: null,
    loadBuiltInModel: () => start(builtIn),
    // What is given may be a whole download or entry of the store: these fields are remembered.
    loadStoredModel: ({ id, repo, commit, quantization }) =>
      start(stored({ type: 'stored', id, repo, commit, quantization })),
    loadMlcModel: (model) => start(mlc(model)),
    loadEndpoint(source, request) {
      const name = source.model
      const model: LoadableModel = {
        name,
        sizeBytes: 0,
        files: null,
        trainedContextLength: null,
        request: () => request,
      }
      return start(candidateOf(model, source))
    },
    loadLastModel: lastModel.load,
    openModelFiles: (files) => start(local(lastModel.sourceOf(files), files)),
    reopenModelFiles: lastModel.reopen,
    reloadModel() {
      const candidate = running ? candidateOf(running.model, running.source) : lastCandidate
      return start(candidate ?? builtIn)
    },
    tryGpuAgain() {
      const { gpuFailure } = get().engineInfo ?? {}
      if (gpuFailure) forgetGpuFailure(deps.keyValues, gpuFailure)
      set({ gpuFailures: readGpuFailures(deps.keyValues) })
      return slice.reloadModel()
    },
    applyRemedy({ gpuLayers }) {
      const { modelStatus, settingsByModel } = get()
      if (modelStatus.type !== 'failed' || !lastCandidate) return start(builtIn)
      const { name } = modelStatus
      const settings = settingsFor(
        lastOpened ?? { name, trainedContextLength: null },
        settingsByModel,
      )
      const changed = { ...settingsByModel[name], load: { ...settings.load, gpuLayers } }
      set({ settingsByModel: { ...settingsByModel, [name]: changed } })
      return start(lastCandidate)
    },
    async probeMachine() {
      set({ machine: await deps.readMachine(), gpuFailures: readGpuFailures(deps.keyValues) })
    },
    cancelModelLoad() {
      if (!load) return
      load.controller.abort()
      load = null
      cancelled()
    },
    dismissModelFailure() {
      if (get().modelStatus.type === 'failed') set({ modelStatus: restingStatus() })
    },
  }

  function dispose(): void {
    load?.controller.abort()
    load = null
    progressFrame.cancel()
    void running?.engine.unload()
    running = null
  }

  return { slice, engines, runningFiles: () => running?.model.files ?? null, dispose }
}

function isRefused(error: EngineError): boolean {
  return error.kind === 'endpoint' && error.failure.type === 'unauthorized'
}

function failureOf(status: ModelStatus): UserMessage | null {
  return status.type === 'failed' ? status.message : null
}
