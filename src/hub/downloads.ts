import {
  DEFAULT_TUNING,
  type Download,
  type DownloadRequest,
  type DownloadTuning,
} from './download-state.ts'
import {
  channelName,
  type Broadcast,
  type DownloadCommand,
  type FromDownloader,
  type ToDownloader,
} from './download/protocol.ts'
import { JOURNAL_NAME, modelId, MODELS_FOLDER } from './store/layout.ts'

export type DownloadsDeps = {
  /** Where the token belongs to: it is sent to this host alone. */
  readonly baseUrl: () => string
  /** Kept in memory: asked for whenever a download begins to run. */
  readonly token: () => string | null
  readonly folder?: string
  readonly tuning?: Partial<DownloadTuning>
}

/** Downloads of models into the model store. They go on in one tab, and are shown and steered in all. */
export type Downloads = {
  readonly list: () => readonly Download[]
  /** Called a few times a second while something moves. Returns how to unsubscribe. */
  readonly subscribe: (listener: (downloads: readonly Download[]) => void) => () => void
  /**
   * Starts a download, or goes on with one of the same content; what it has is kept, even if another mirror serves it.
   * Asks the browser not to evict what is stored. Returns the id, which is also the entry's in the model store.
   */
  readonly start: (request: DownloadRequest) => string
  readonly pause: (id: string) => void
  readonly resume: (id: string) => void
  /** After a failure. After a wrong hash or a change on the Hub the file is fetched anew. */
  readonly retry: (id: string) => void
  /** Discards what was downloaded. One that is done only leaves the list. */
  readonly cancel: (id: string) => void
  /** Stops the worker of this tab; another tab goes on. */
  readonly close: () => void
}

/**
 * Finds the downloads that were not finished and goes on with those that were running.
 *
 * All the work is done in a worker, which is started when there is something to do.
 */
export function createDownloads(deps: DownloadsDeps): Downloads {
  const { folder = MODELS_FOLDER } = deps
  const tuning = { ...DEFAULT_TUNING, ...deps.tuning }
  const listeners = new Set<(downloads: readonly Download[]) => void>()
  let downloads: readonly Download[] = []
  let worker: Worker | null = null
  let isClosed = false

  function publish(next: readonly Download[]): void {
    downloads = next
    for (const listener of listeners) listener(downloads)
  }

  function post(message: ToDownloader): void {
    worker?.postMessage(message)
  }

  function begin(): void {
    if (worker) return
    worker = new Worker(new URL('./download/download.worker.ts', import.meta.url), {
      type: 'module',
      name: 'downloads',
    })
    worker.addEventListener('message', ({ data }: MessageEvent<FromDownloader>) => {
      if (data.type === 'downloads') publish(data.downloads)
      else post({ type: 'authorization', authorization: authorization() })
    })
    worker.addEventListener('error', (event) => {
      crash(event.message || 'The part that downloads could not be started.')
    })
    post({ type: 'configure', folder, tuning })
  }

  function adopt(ids: readonly string[]): void {
    if (isClosed) return
    begin()
    post({ type: 'adopt', ids })
  }

  /** What was running can be started again: the next command starts a new worker. */
  function crash(detail: string): void {
    worker?.terminate()
    worker = null
    const error = { kind: 'crashed', detail } as const
    publish(
      downloads.map((download) =>
        download.isInOtherTab || download.state.type === 'done'
          ? download
          : { ...download, state: { type: 'failed', error } },
      ),
    )
  }

  function authorization() {
    const token = deps.token()
    if (token === null || token === '') return null
    return { origin: new URL(deps.baseUrl()).origin, header: `Bearer ${token}` }
  }

  function command(id: string, order: DownloadCommand): void {
    if (!worker) adopt(downloads.map((download) => download.id))
    post({ type: 'command', id, command: order })
  }

  async function look(): Promise<void> {
    const ids = await unfinished(folder)
    if (ids.length > 0) adopt(ids)
  }

  // Without a worker, nobody here would hear of what another tab begins.
  const channel = new BroadcastChannel(channelName(folder))
  channel.addEventListener('message', ({ data }: MessageEvent<Broadcast>) => {
    if (data.type === 'download' && data.download !== null && !worker) adopt([data.id])
  })
  void look()

  return {
    list: () => downloads,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start(request) {
      const id = modelId(request)
      void navigator.storage.persist()
      command(id, { type: 'start', request })
      return id
    },
    pause: (id) => command(id, { type: 'pause' }),
    resume: (id) => command(id, { type: 'resume' }),
    retry: (id) => command(id, { type: 'retry' }),
    cancel: (id) => command(id, { type: 'cancel' }),
    close() {
      isClosed = true
      channel.close()
      worker?.terminate()
      worker = null
    },
  }
}

/** The entries with a journal. */
async function unfinished(folder: string): Promise<readonly string[]> {
  const ids: string[] = []
  try {
    let models = await navigator.storage.getDirectory()
    for (const part of folder.split('/')) models = await models.getDirectoryHandle(part)
    for await (const entry of models.values()) {
      if (entry.kind === 'directory' && (await hasJournal(entry))) ids.push(entry.name)
    }
  } catch (cause) {
    // No folder of models, or no OPFS as in a private window of some browsers: nothing to go on with.
    if (!(cause instanceof DOMException)) throw cause
  }
  return ids
}

async function hasJournal(entry: FileSystemDirectoryHandle): Promise<boolean> {
  try {
    await entry.getFileHandle(JOURNAL_NAME)
    return true
  } catch {
    return false
  }
}
