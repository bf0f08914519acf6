import { err, ok, type Result } from '../core/lib/result.ts'
import { quantizationsOf } from '../hub/catalog.ts'
import { findLocalModels } from '../hub/find-local-models.ts'
import type { ImportTarget, ModelStore, StoreError } from '../hub/model-store.ts'
import { createFrameBatch } from './frame-batch.ts'
import { localMessage, storageRefused, storeMessage } from './hub-message.ts'
import type { HubContext } from './hub-slice.ts'
import type { HubMessage, LocalChoice, StoreTask } from './hub-state.ts'

type Progress = { readonly doneBytes: number; readonly totalBytes: number }

const NO_PROGRESS: Progress = { doneBytes: 0, totalBytes: 0 }
/** What is imported has no id before it is there. */
const IMPORT = 'import'

/** The models that are stored in this browser. */
export function createHubShelf({ deps, get, set, notify, announce, hub }: HubContext) {
  /** What runs, by the model's id. */
  const running = new Map<string, AbortController>()
  const progress = new Map<string, Progress>()
  const frame = createFrameBatch(deps, showProgress)
  /** The latest reading wins: two may overlap. */
  let reading = {}

  async function refreshShelf(): Promise<void> {
    const mine = (reading = {})
    const shelf = await withStore(async (store) => {
      const [models, leftovers, quota] = await Promise.all([
        store.list(),
        store.leftovers(),
        store.quota(),
      ])
      return ok({ models, leftovers, quota })
    })
    if (reading !== mine) return
    if (shelf.ok) set({ shelf: { type: 'read', shelf: shelf.value } })
    // What was read before is better than nothing.
    else if (get().shelf.type !== 'read') set({ shelf: { type: 'failed', message: shelf.error } })
  }

  function showProgress(): void {
    const { storeTasks, importState } = get()
    const tasks = Object.entries(storeTasks).map(([id, task]) => [
      id,
      { ...task, ...progress.get(id) },
    ])
    set({ storeTasks: Object.fromEntries(tasks) as Readonly<Record<string, StoreTask>> })
    if (importState.type === 'running') {
      set({ importState: { ...importState, ...progress.get(IMPORT) } })
    }
  }

  function setProblem(id: string, message: HubMessage | null): void {
    const { [id]: _, ...others } = get().storeProblems
    set({ storeProblems: message ? { ...others, [id]: message } : others })
  }

  type Work<T> = (
    store: ModelStore,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ) => Promise<Result<T, StoreError>>

  /** Runs one piece of work on a model, which shows its progress and can be cancelled. Null unless it succeeded. */
  async function task<T>(
    id: string,
    kind: StoreTask['kind'],
    work: Work<T>,
  ): Promise<{ readonly value: T } | null> {
    if (running.has(id)) return null
    const controller = begin(id)
    setProblem(id, null)
    set({ storeTasks: { ...get().storeTasks, [id]: { kind, ...NO_PROGRESS } } })
    const result = await withStore((store) => work(store, noteProgress(id), controller.signal))
    end(id)
    const { [id]: _, ...others } = get().storeTasks
    set({ storeTasks: others })
    if (result.ok) return result
    if (!controller.signal.aborted) {
      setProblem(id, result.error)
      announce(result.error.title)
    }
    return null
  }

  function begin(id: string): AbortController {
    const controller = new AbortController()
    running.set(id, controller)
    return controller
  }

  function noteProgress(id: string) {
    return (now: Progress) => {
      progress.set(id, now)
      frame.schedule()
    }
  }

  function end(id: string): void {
    running.delete(id)
    progress.delete(id)
  }

  async function withStore<T>(
    work: (store: ModelStore) => Promise<Result<T, StoreError>>,
  ): Promise<Result<T, HubMessage>> {
    const access = await hub.open()
    if (!access.ok) return access
    try {
      const result = await work(access.value.models)
      return result.ok ? result : err(storeMessage(result.error))
    } catch (cause) {
      return err(storageRefused(cause))
    }
  }

  /** What the open repository says that the files of a quantization are. */
  function targetOf(quantizationId: string | null): ImportTarget | null {
    const { hubRepo } = get()
    if (quantizationId === null || hubRepo?.status.type !== 'open') return null
    const { details } = hubRepo.status
    const found = quantizationsOf(details).find(({ id }) => id === quantizationId)
    if (!found) return null
    const { id: repo, commit } = details
    return { repo, commit, quantization: found.label, files: found.files }
  }

  return {
    refreshShelf,
    async verifyModel(id: string): Promise<void> {
      const found = await task(id, 'verify', (store, onProgress, signal) =>
        store.verify(id, onProgress, signal),
      )
      if (!found) return
      announce(found.value.length === 0 ? 'Every byte is as it should be' : 'A file is damaged')
      await refreshShelf()
    },
    async deleteModel(id: string): Promise<void> {
      const removed = await task(id, 'delete', (store) => store.remove(id))
      // One that is done is still in the list of downloads.
      if (removed) get().cancelDownload(id)
      const { lastModel } = get()
      if (removed && lastModel?.type === 'stored' && lastModel.id === id) set({ lastModel: null })
      if (removed) announce('Deleted')
      await refreshShelf()
    },
    async exportModel(id: string, folder: FileSystemDirectoryHandle): Promise<void> {
      const done = await task(id, 'export', (store, onProgress, signal) =>
        store.exportTo({ id, folder }, onProgress, signal),
      )
      if (done) {
        const advice = 'Import them on another machine, or open them there as local files.'
        notify({ tone: 'info', title: `The files are in ${folder.name}`, advice })
      }
    },
    async storedFiles(id: string): Promise<readonly File[]> {
      const files = await withStore((store) => store.files(id))
      if (files.ok) return files.value
      setProblem(id, files.error)
      return []
    },
    async listLocalModels(files: readonly File[]): Promise<readonly LocalChoice[]> {
      const models = await findLocalModels(files)
      return models.map(({ problem, ...model }) => ({
        ...model,
        problem: problem && localMessage(problem),
      }))
    },
    filesToLoad: (id: string) => withStore((store) => store.files(id)),
    async touch(id: string): Promise<void> {
      await withStore(async (store) => ok(await store.touch(id)))
      if (get().shelf.type === 'read') await refreshShelf()
    },
    cancelStoreTask: (id: string) => running.get(id)?.abort(),
    async importModel(files: readonly File[], quantizationId: string | null): Promise<void> {
      if (running.has(IMPORT)) return
      const { signal } = begin(IMPORT)
      set({ importState: { type: 'running', ...NO_PROGRESS }, modelsTab: 'storage' })
      const checked = await deps.openLocalModel(files)
      const result = checked.ok
        ? await withStore((store) =>
            store.importFiles(
              { files, as: targetOf(quantizationId) },
              noteProgress(IMPORT),
              signal,
            ),
          )
        : err(localMessage(checked.error))
      end(IMPORT)
      const isOver = result.ok || signal.aborted
      set({ importState: isOver ? { type: 'idle' } : { type: 'failed', message: result.error } })
      if (result.ok) announce('Imported and verified')
      await refreshShelf()
    },
    cancelImport() {
      running.get(IMPORT)?.abort()
      if (get().importState.type === 'failed') set({ importState: { type: 'idle' } })
    },
    async deleteLeftover(id: string): Promise<void> {
      await task(id, 'delete', (store) => store.removeLeftover(id))
      await refreshShelf()
    },
    async keepStorage(): Promise<void> {
      const kept = await withStore(async (store) => ok(await store.persist()))
      if (!kept.ok || !kept.value) notify(NOT_KEPT)
      await refreshShelf()
    },
    stopTasks() {
      for (const controller of running.values()) controller.abort()
      frame.cancel()
    },
  }
}

const NOT_KEPT = {
  tone: 'info',
  title: 'The browser does not promise to keep the models',
  advice:
    'It decides by itself, often by whether the page is installed or bookmarked. It then evicts them only when the disk gets full.',
} as const
