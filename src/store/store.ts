import { createStore, type StoreApi } from 'zustand/vanilla'
import { createChatSlice } from './chat-slice.ts'
import { createCompareSlice } from './compare-slice.ts'
import { createMachineryFetcher } from './fetch-machinery.ts'
import type { StoreContext, StoredModelAccess } from './context.ts'
import type { AppDeps } from './deps.ts'
import { createHubSlice } from './hub-slice.ts'
import { createLayoutSlice } from './layout-slice.ts'
import { createModelSlice } from './model-slice.ts'
import { createNoticeBoard } from './notice-slice.ts'
import { createPersistence } from './persist.ts'
import { createReadAhead } from './read-ahead.ts'
import { createSettingsSlice } from './settings-slice.ts'
import type { AppState } from './state.ts'
import { createTokensSlice } from './tokens-slice.ts'
import { createToolsSlice } from './tools-slice.ts'

/** What a first visit begins with. */
const FIRST_PRESET = 'weather'

export type AppStore = StoreApi<AppState> & {
  /** Reads what was saved, once; `hydrated` is then true. Loads no model. */
  readonly hydrate: () => Promise<void>
  /** Shows the downloads that are under way, and goes on with those that this browser did not finish. */
  readonly followDownloads: () => Promise<void>
  /** Writes what is not saved yet. */
  readonly flush: () => Promise<void>
  /** Ends the running turn, and lets go of the model, the database and other tabs. */
  readonly dispose: () => void
}

/** The one store of the app. */
export function createAppStore(deps: AppDeps): AppStore {
  // The parts only read the state when they are used, so they can be made before the store.
  const base = {
    deps,
    get: () => store.getState(),
    set: (change: Partial<AppState>) => store.setState(change),
    subscribe: (listener: () => void) => store.subscribe(listener),
  }
  const { notify, offer, announce, slice: notices } = createNoticeBoard(base)
  const persistence = createPersistence({ ...base, notify })
  const fetchMachinery = createMachineryFetcher(base)
  const storedModels: StoredModelAccess = {
    files: (id) => hub.stored.files(id),
    touch: (id) => hub.stored.touch(id),
  }
  const model = createModelSlice({
    ...base,
    notify,
    offer,
    announce,
    fileHandles: persistence.fileHandles,
    fetchMachinery,
    storedModels,
    openMlcModel: (...args) => hub.openMlcModel(...args),
    hasMlcModel: (modelUrl) => hub.hasMlcModel(modelUrl),
  })
  const context: StoreContext = {
    ...base,
    notify,
    offer,
    announce,
    engines: model.engines,
    conversations: persistence.conversations,
  }
  const hub = createHubSlice({ ...context, runningFiles: model.runningFiles })
  const tokens = createTokensSlice({ ...context, runningFiles: model.runningFiles })
  const store = createStore<AppState>()(() => ({
    machinery: null,
    hydrated: false,
    liveOutput: null,
    readAheadStatus: { type: 'none' },
    ...notices,
    ...model.slice,
    ...createToolsSlice(context),
    ...createChatSlice(context),
    ...createSettingsSlice(context),
    ...createLayoutSlice(context),
    ...hub.slice,
    ...tokens.slice,
    ...createCompareSlice(context),
  }))
  const readAhead = createReadAhead(context)
  const unsubscribe = store.subscribe((state, previous) => {
    persistence.onChange(state, previous)
    readAhead.onChange(state, previous)
  })
  let hydration: Promise<void> | null = null

  async function hydrateOnce(): Promise<void> {
    const isFirstVisit = await persistence.hydrate()
    if (isFirstVisit) store.getState().applyPreset(FIRST_PRESET)
    store.setState({ hydrated: true })
    // For a saved conversation, whose calls are to be checked even if no model can be loaded.
    void fetchMachinery()
  }

  return {
    ...store,
    hydrate: () => (hydration ??= hydrateOnce()),
    followDownloads: hub.follow,
    flush: persistence.flush,
    dispose() {
      store.getState().stop()
      unsubscribe()
      readAhead.dispose()
      persistence.dispose()
      model.dispose()
      hub.dispose()
      tokens.dispose()
    },
  }
}
