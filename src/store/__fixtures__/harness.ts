import type { GgufHeader, GgufScalar } from '../../core/gguf/gguf-header.ts'
import type { ModelFiles } from '../../core/gguf/model-files.ts'
import { err, ok } from '../../core/lib/result.ts'
import type { Machine } from '../../engine/choose-backend.ts'
import {
  createAnsweringEngine,
  type AnswerScript,
  type AnsweringEngine,
} from '../../session/__fixtures__/answering-engine.ts'
import { machinery } from '../../session/machinery.ts'
import type { AppDeps, KeyValues, TabChannel } from '../deps.ts'
import { createMemoryDatabase, emptyContents, type MemoryContents } from '../memory-database.ts'
import type { PickedFile } from '../state.ts'
import { createAppStore, type AppStore } from '../store.ts'
import { createScriptedHub, SCRIPTED_DEVICE } from './scripted-hub.ts'

/** What the tabs of one browser share. */
export type Browser = {
  readonly contents: MemoryContents
  readonly values: Map<string, string>
  readonly channels: Set<(message: unknown) => void>
  readonly storageListeners: Set<(key: string, value: string | null) => void>
}

export function newBrowser(): Browser {
  return {
    contents: emptyContents(),
    values: new Map(),
    channels: new Set(),
    storageListeners: new Set(),
  }
}

export type Tab = {
  readonly store: AppStore
  readonly deps: AppDeps
  /** Every engine that was created, in order. */
  readonly engines: AnsweringEngine[]
  /** The page goes away: what cannot be written at once is lost. */
  readonly hide: () => void
  /** How often the state was set. */
  readonly setCount: () => number
}

export type TabOptions = {
  readonly browser?: Browser
  /** What the model answers, a script for each request. */
  readonly answers?: readonly AnswerScript[]
  readonly deps?: Partial<AppDeps>
}

/** A laptop whose browser has no WebGPU. */
const SCRIPTED_MACHINE: Machine = {
  gpu: { type: 'none', reason: 'no-webgpu', why: 'This browser has no WebGPU', facts: null },
  cores: 8,
  isCrossOriginIsolated: true,
}

let idCount = 0

/** The app's store over memory; model files are named after the model and as large as their content. */
export function openTab({
  browser = newBrowser(),
  answers = [['Hello.']],
  deps = {},
}: TabOptions = {}): Tab {
  const engines: AnsweringEngine[] = []
  const hideListeners = new Set<() => void>()
  let nowMs = 1_000
  const all: AppDeps = {
    createEngine: async (request) => {
      if (request.engine === 'remote')
        return err({ kind: 'unsupported', detail: 'No server here.' })
      const { name } = request.engine === 'wllama' ? request.files : request.model
      const { contextLength } = request.options
      const engine = createAnsweringEngine({ answers, info: { modelName: name, contextLength } })
      engines.push(engine)
      return ok(engine)
    },
    openTokenizer: async () => err({ kind: 'no-vocabulary' }),
    loadMachinery: async () => machinery,
    openLocalModel: async (files) => ok(modelFiles(files)),
    fetchBuiltInModel: async (onProgress) => {
      onProgress(4, 4)
      return ok(new File(['GGUF'], 'Callground Nano.gguf'))
    },
    openHub: createScriptedHub().open,
    readDevice: async () => SCRIPTED_DEVICE,
    readMachine: async () => SCRIPTED_MACHINE,
    readWebllmSupport: async () => ({ type: 'none', why: 'This browser has no WebGPU here.' }),
    isSecurePage: false,
    sessionValues: sessionValues(),
    // Moves on by more than any interval at which things are shown.
    nowMs: () => (nowMs += 60),
    newId: () => `id-${++idCount}`,
    requestFrame(task) {
      const timer = setTimeout(task, 0)
      return () => clearTimeout(timer)
    },
    setTimer(task, delayMs) {
      const timer = setTimeout(task, delayMs)
      return () => clearTimeout(timer)
    },
    openDatabase: async () => createMemoryDatabase(browser.contents),
    keyValues: keyValuesOf(browser),
    channel: channelOf(browser),
    onPageHidden(listener) {
      hideListeners.add(listener)
      return () => hideListeners.delete(listener)
    },
    ...deps,
  }
  const store = createAppStore(all)
  let sets = 0
  store.subscribe(() => sets++)
  return {
    store,
    deps: all,
    engines,
    setCount: () => sets,
    hide: () => {
      for (const listener of hideListeners) listener()
    },
  }
}

/** A tab with the built-in model running. */
export async function openReadyTab(options: TabOptions = {}): Promise<Tab> {
  const tab = openTab(options)
  await tab.store.hydrate()
  await tab.store.getState().loadBuiltInModel()
  return tab
}

/** Lets everything that is due happen: promises, frames, messages between tabs. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
}

/** As the user's file; `handle` is what leads back to it. */
export function picked(file: File, handle: FileSystemFileHandle | null = null): PickedFile {
  return { file, path: file.name, handle }
}

export function modelFiles(files: readonly File[]): ModelFiles {
  const sizeBytes = files.reduce((sum, { size }) => sum + size, 0)
  return {
    name: (files[0]?.name ?? '').replace(/\.gguf$/, ''),
    shards: files,
    sizeBytes,
    header: {
      contextLength: 4096,
      architecture: 'llama',
      metadata: new Map<string, GgufScalar>(),
      numberArrays: new Map(),
      tensors: [],
    } as unknown as GgufHeader,
  }
}

function keyValuesOf({ values, storageListeners }: Browser): KeyValues {
  let own: ((key: string, value: string | null) => void) | null = null
  return {
    read: (key) => values.get(key) ?? null,
    write(key, value) {
      if (value === null) values.delete(key)
      else values.set(key, value)
      for (const listener of storageListeners) if (listener !== own) listener(key, value)
      return true
    },
    subscribe(listener) {
      own = listener
      storageListeners.add(listener)
      return () => storageListeners.delete(listener)
    },
  }
}

function sessionValues(): AppDeps['sessionValues'] {
  const values = new Map<string, string>()
  return {
    read: (key) => values.get(key) ?? null,
    write(key, value) {
      if (value === null) values.delete(key)
      else values.set(key, value)
      return true
    },
  }
}

function channelOf({ channels }: Browser): TabChannel {
  let own: ((message: unknown) => void) | null = null
  return {
    post(message) {
      for (const listener of channels) if (listener !== own) setTimeout(() => listener(message), 0)
    },
    subscribe(listener) {
      own = listener
      channels.add(listener)
      return () => channels.delete(listener)
    },
  }
}
