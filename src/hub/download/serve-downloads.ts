import { entryLock } from '../store/layout.ts'
import type { Download, DownloadTuning } from '../download-state.ts'
import { createConnectionBudget } from './connection-budget.ts'
import { createHeldDownload, type HeldDownload } from './held-download.ts'
import { browserNetwork } from './network.ts'
import {
  channelName,
  type Authorization,
  type Broadcast,
  type DownloadCommand,
  type FromDownloader,
  type ToDownloader,
} from './protocol.ts'
import { openFolder } from '../store/opfs.ts'

type Port = {
  postMessage(message: FromDownloader): void
  addEventListener(type: 'message', listener: (event: MessageEvent<ToDownloader>) => void): void
}

/**
 * All downloads, as one tab sees them.
 *
 * Each unfinished download is held by one tab, the one that has its lock, whether it runs or is paused. The others
 * show what that tab tells, pass commands on to it, and queue for the lock: when the tab dies, the next one goes on.
 */
export function serveDownloads(port: Port): void {
  port.addEventListener('message', function configure({ data }) {
    if (data.type !== 'configure') return
    startService(port, data.folder, data.tuning)
  })
}

type Entry = {
  /** What is shown; null until something is known. */
  shown: Download | null
  /** While this tab has the lock. */
  held: HeldDownload | null
  /** For when the lock is ours. */
  pending: DownloadCommand[]
}

function startService(port: Port, folder: string, tuning: DownloadTuning): void {
  const entries = new Map<string, Entry>()
  const channel = new BroadcastChannel(channelName(folder))
  const budget = createConnectionBudget(tuning.parallelRanges)
  const network = browserNetwork()
  let authorization: Authorization | null = null
  let onAuthorization: (() => void)[] = []

  const tell = (message: Broadcast) => channel.postMessage(message)

  function show(): void {
    const downloads = [...entries.values()].flatMap(({ shown }) => (shown ? [shown] : []))
    port.postMessage({ type: 'downloads', downloads })
  }

  function askAuthorization(): Promise<(url: string) => string | null> {
    return new Promise((resolve) => {
      onAuthorization.push(() => {
        const known = authorization
        resolve((url) => (known && new URL(url).origin === known.origin ? known.header : null))
      })
      port.postMessage({ type: 'authorization-wanted' })
    })
  }

  async function hold(id: string, entry: Entry): Promise<void> {
    const models = await openFolder(await navigator.storage.getDirectory(), folder)
    const held = createHeldDownload(
      { id, models, budget, network, tuning, askAuthorization },
      (download) => {
        entry.shown = download
        if (download === null) entries.delete(id)
        show()
        tell({ type: 'download', id, download: download && { ...download, isInOtherTab: true } })
      },
    )
    entry.held = held
    for (const command of entry.pending.splice(0)) held.command(command)
    try {
      await held.ended
    } finally {
      entry.held = null
    }
  }

  /** Comes to hold the download as soon as no other tab does. */
  function queueFor(id: string): Entry {
    const present = entries.get(id)
    if (present) return present
    const entry: Entry = { shown: null, held: null, pending: [] }
    entries.set(id, entry)
    void navigator.locks.request(entryLock(id), () => hold(id, entry))
    return entry
  }

  function command(id: string, order: DownloadCommand): void {
    const known = entries.get(id)
    if (known?.held) return known.held.command(order)
    if (known?.shown?.isInOtherTab) return tell({ type: 'command', id, command: order })
    if (known && !known.shown) {
      // Its lock is being asked for; until it is granted, another tab may have it.
      known.pending.push(order)
      return tell({ type: 'command', id, command: order })
    }
    if (order.type !== 'start') {
      // Over and no longer held: all that can be done is not to show it any more.
      if (order.type !== 'cancel' || !known) return
      entries.delete(id)
      return show()
    }
    // One that is done may have been removed from the store since.
    if (known?.shown) entries.delete(id)
    queueFor(id).pending.push(order)
    // If another tab has it after all, it is that one's to start.
    tell({ type: 'command', id, command: order })
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Broadcast>) => {
    if (data.type === 'hello') {
      for (const [id, { held, shown }] of entries) {
        if (held && shown) {
          tell({ type: 'download', id, download: { ...shown, isInOtherTab: true } })
        }
      }
      return
    }
    const { id } = data
    const known = entries.get(id)
    if (data.type === 'command') return known?.held?.command(data.command)
    if (known?.held) return
    if (data.download === null) entries.delete(id)
    else {
      const entry = queueFor(id)
      entry.shown = data.download
      // The tab that has it was told.
      entry.pending = []
    }
    show()
  })

  port.addEventListener('message', ({ data }) => {
    if (data.type === 'command') command(data.id, data.command)
    if (data.type === 'adopt') for (const id of data.ids) queueFor(id)
    if (data.type !== 'authorization') return
    authorization = data.authorization
    const waiting = onAuthorization
    onAuthorization = []
    for (const resolve of waiting) resolve()
  })
  tell({ type: 'hello' })
}
