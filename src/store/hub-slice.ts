import { err } from '../core/lib/result.ts'
import type { OpenMlcModel, StoreContext, StoredModelAccess } from './context.ts'
import type { HubAccess } from './hub-access.ts'
import type { HubActions } from './hub-actions.ts'
import type { HubMessage, HubSlice } from './hub-state.ts'
import type { ModelFiles } from '../core/gguf/model-files.ts'

export const HUB_URL = 'https://huggingface.co'

export type HubContext = StoreContext & {
  readonly hub: HubAccess
  readonly runningFiles: () => ModelFiles | null
}

/**
 * Everything about models that are not running: the Hub, downloads, and what is stored.
 *
 * A first visit needs none of it, so here are the first state and the way to the actions, which are fetched when the
 * first one is asked for.
 */
export function createHubSlice(context: Omit<HubContext, 'hub'>): {
  readonly slice: HubSlice
  readonly stored: StoredModelAccess
  readonly openMlcModel: OpenMlcModel
  /** Whether all of its weights are here. */
  readonly hasMlcModel: (modelUrl: string) => Promise<boolean>
  /** Watches the downloads of all tabs. */
  readonly follow: () => Promise<void>
  readonly dispose: () => void
} {
  const { get, set, notify } = context
  let fetching: Promise<HubActions> | null = null

  async function fetchActions(): Promise<HubActions> {
    const { createHubActions } = await import('./hub-actions.ts')
    return createHubActions(context)
  }

  async function actions(): Promise<HubActions | null> {
    try {
      return await (fetching ??= fetchActions())
    } catch {
      fetching = null
      notify({ tone: 'error', ...NOT_FETCHED })
      return null
    }
  }

  async function act(run: (actions: HubActions) => Promise<void> | void): Promise<void> {
    const fetched = await actions()
    if (fetched) await run(fetched)
  }

  const slice: HubSlice = {
    modelsTab: 'running',
    showModels(modelsTab) {
      set({ modelsTab, dialog: 'model', inspection: null })
      if (modelsTab === 'storage') void get().refreshShelf()
      if (modelsTab === 'storage' || modelsTab === 'webllm') void get().readWebllm()
    },
    hubBaseUrl: HUB_URL,
    setHubBaseUrl: async (text) => (await actions())?.setHubBaseUrl(text) ?? null,
    hubTokenHost: null,
    setHubToken: async (token) => (await actions())?.setHubToken(token) ?? null,
    hubQuery: '',
    hubSearch: { type: 'idle' },
    hubRepo: null,
    device: null,
    setHubQuery(hubQuery) {
      set({ hubQuery })
      void act((fetched) => fetched.searchWhileTyping(hubQuery))
    },
    submitHubQuery: (text) => act((fetched) => fetched.submitHubQuery(text)),
    loadMoreModels: () => act((fetched) => fetched.loadMoreModels()),
    openRepo: (reference) => act((fetched) => fetched.openRepo(reference)),
    closeRepo: () => void act((fetched) => fetched.closeRepo()),
    checkQuantization: (id) => act((fetched) => fetched.checkQuantization(id)),
    inspection: null,
    inspect: (target) => act((fetched) => fetched.inspect(target)),
    closeInspection: () => void act((fetched) => fetched.closeInspection()),
    acceptedTerms: {},
    downloads: [],
    startDownload: (quantizationId) => act((fetched) => fetched.startDownload(quantizationId)),
    pauseDownload: (id) => void act((fetched) => fetched.command((to) => to.pause(id))),
    resumeDownload: (id) => void act((fetched) => fetched.command((to) => to.resume(id))),
    retryDownload: (id) => void act((fetched) => fetched.command((to) => to.retry(id))),
    cancelDownload: (id) => void act((fetched) => fetched.command((to) => to.cancel(id))),
    recentEndpoints: [],
    endpointTest: { type: 'idle' },
    endpointKeyHost: null,
    testEndpoint: (address, key) => act((fetched) => fetched.testEndpoint(address, key)),
    forgetEndpointKey: () => void act((fetched) => fetched.forgetEndpointKey()),
    connectEndpoint: async (source) => {
      const fetched = await actions()
      return fetched ? fetched.connectEndpoint(source) : NOT_FETCHED
    },
    keyWantedBy: null,
    connectWithKey: async (key) => {
      const fetched = await actions()
      return fetched ? fetched.connectWithKey(key) : NOT_FETCHED
    },
    forgetEndpoint: (source) => void act((fetched) => fetched.forgetEndpoint(source)),
    webllmSupport: null,
    mlcShelf: null,
    readWebllm: () => act((fetched) => fetched.readWebllm()),
    acceptMlcTerms: (buildId) => void act((fetched) => fetched.acceptMlcTerms(buildId)),
    loadMlcBuild: (buildId) => act((fetched) => fetched.loadMlcBuild(buildId)),
    loadMlcAddress: async (address) => (await actions())?.loadMlcAddress(address) ?? null,
    deleteMlcModel: (modelUrl) => act((fetched) => fetched.deleteMlcModel(modelUrl)),
    shelf: { type: 'unread' },
    storedLooks: {},
    storeTasks: {},
    storeProblems: {},
    importState: { type: 'idle' },
    refreshShelf: () => act((fetched) => fetched.refreshShelf()),
    lookAtStored: () => act((fetched) => fetched.lookAtStored()),
    verifyModel: (id) => act((fetched) => fetched.verifyModel(id)),
    cancelStoreTask: (id) => void act((fetched) => fetched.cancelStoreTask(id)),
    deleteModel: (id) => act((fetched) => fetched.deleteModel(id)),
    exportModel: (id, folder) => act((fetched) => fetched.exportModel(id, folder)),
    storedFiles: async (id) => (await actions())?.storedFiles(id) ?? [],
    localChoices: null,
    offerModelFiles: (files, purpose) => act((fetched) => fetched.offerModelFiles(files, purpose)),
    chooseLocalModel: (choice) => act((fetched) => fetched.chooseLocalModel(choice)),
    importModel: (files, quantizationId) =>
      act((fetched) => fetched.importModel(files, quantizationId)),
    cancelImport: () => void act((fetched) => fetched.cancelImport()),
    deleteLeftover: (id) => act((fetched) => fetched.deleteLeftover(id)),
    keepStorage: () => act((fetched) => fetched.keepStorage()),
  }

  return {
    slice,
    stored: {
      files: async (id) => (await actions())?.filesToLoad(id) ?? err(NOT_FETCHED),
      touch: (id) => act((fetched) => fetched.touch(id)),
    },
    hasMlcModel: async (modelUrl) => (await actions())?.hasMlcModel(modelUrl) ?? false,
    openMlcModel: async (...args) => (await actions())?.openMlcModel(...args) ?? err(NOT_FETCHED),
    follow: () => act((fetched) => fetched.follow()),
    dispose() {
      void fetching?.then((fetched) => fetched.dispose())
    },
  }
}

const NOT_FETCHED: Pick<HubMessage, 'title' | 'advice'> = {
  title: 'The part of the app for models could not be fetched',
  advice: 'Check the connection and try again.',
}
