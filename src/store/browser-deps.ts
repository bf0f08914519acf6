import { openIndexedDatabase } from './database.ts'
import type { AppDeps, KeyValues, TabChannel } from './deps.ts'

type BrowserDeps = Omit<
  AppDeps,
  | 'createEngine'
  | 'openTokenizer'
  | 'loadMachinery'
  | 'openLocalModel'
  | 'fetchBuiltInModel'
  | 'openHub'
>

/** What the store needs of the browser; engine and hub are added by `main.tsx`, so that they can be loaded late. */
export function createBrowserDeps(): BrowserDeps {
  return {
    nowMs: () => Date.now(),
    newId: () => crypto.randomUUID(),
    requestFrame,
    setTimer(task, delayMs) {
      const timer = setTimeout(task, delayMs)
      return () => clearTimeout(timer)
    },
    openDatabase: () => openIndexedDatabase(),
    keyValues: createLocalKeyValues(),
    sessionValues: createKeyValues(() => sessionStorage),
    readDevice: async () => (await import('./read-device.ts')).readDevice(),
    readMachine: async () => (await import('./read-device.ts')).readMachine(),
    async readWebllmSupport() {
      const { adapterSource, readWebllmSupport } = await import('../engine/webllm-support.ts')
      return readWebllmSupport(adapterSource())
    },
    isSecurePage: location.protocol === 'https:',
    channel: createTabChannel('callground'),
    onPageHidden,
  }
}

/** A hidden page gets no frames; a tab in the background goes on with its answer all the same. */
const HIDDEN_FRAME_MS = 100

/**
 * Runs `task` before the next paint, or, when no frame comes because the page is hidden, a little later.
 *
 * The timer runs beside the frame: the page may be hidden between asking for a frame and getting it.
 */
export function requestFrame(task: () => void): () => void {
  const frame = requestAnimationFrame(run)
  const timer = setTimeout(run, HIDDEN_FRAME_MS)
  function cancel(): void {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
  function run(): void {
    cancel()
    task()
  }
  return cancel
}

/** Storage that never throws: it may be forbidden, even to be named, or full. */
function createKeyValues(storage: () => Storage): Pick<KeyValues, 'read' | 'write'> {
  return {
    read(key) {
      try {
        return storage().getItem(key)
      } catch {
        return null
      }
    },
    write(key, value) {
      try {
        if (value === null) storage().removeItem(key)
        else storage().setItem(key, value)
        return true
      } catch {
        return false
      }
    },
  }
}

export function createLocalKeyValues(): KeyValues {
  return {
    ...createKeyValues(() => localStorage),
    subscribe(listener) {
      const onStorage = ({ key, newValue }: StorageEvent) => {
        if (key !== null) listener(key, newValue)
      }
      addEventListener('storage', onStorage)
      return () => removeEventListener('storage', onStorage)
    },
  }
}

export function createTabChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => channel.postMessage(message),
    subscribe(listener) {
      const onMessage = ({ data }: MessageEvent<unknown>) => listener(data)
      channel.addEventListener('message', onMessage)
      return () => {
        channel.removeEventListener('message', onMessage)
        channel.close()
      }
    },
  }
}

/** `visibilitychange` is the last event that a phone is sure to send, `pagehide` the last one of a desktop. */
function onPageHidden(listener: () => void): () => void {
  const onVisibility = () => {
    if (document.visibilityState === 'hidden') listener()
  }
  document.addEventListener('visibilitychange', onVisibility)
  addEventListener('pagehide', listener)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    removeEventListener('pagehide', listener)
  }
}
