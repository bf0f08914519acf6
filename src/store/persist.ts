import type { ConversationId } from '../core/chat/transcript.ts'
import { isJsonObject } from '../core/lib/json.ts'
import type { ConversationAccess, FileHandleAccess, NewNotice } from './context.ts'
import type { Database } from './database.ts'
import type { AppDeps } from './deps.ts'
import { createMemoryDatabase } from './memory-database.ts'
import { createChatSync } from './persist-chat.ts'
import { readForeignChange, readSavedSettings, writeChangedSettings } from './persist-settings.ts'
import { createToolSync } from './persist-tools.ts'
import type { AppState } from './state.ts'
import { forgetToolJournal, replayToolJournal, writeToolJournal } from './tool-journal.ts'

/** An answer that streams is saved at most this often. */
const STREAMING_DELAY_MS = 500
/** Typing is saved when it pauses this long. */
const DELAY_MS = 150

export type Persistence = {
  readonly conversations: ConversationAccess
  readonly fileHandles: FileHandleAccess
  /** Reads all that was saved into the state. True on the very first visit. */
  readonly hydrate: () => Promise<boolean>
  /** To be called on every change of the state. */
  readonly onChange: (state: AppState, previous: AppState) => void
  /** Writes what is not written yet. */
  readonly flush: () => Promise<void>
  readonly dispose: () => void
}

type FirstRead = { readonly unreadable: number; readonly firstVisit: boolean }

type PersistenceOptions = {
  readonly deps: AppDeps
  readonly get: () => AppState
  readonly set: (change: Partial<AppState>) => void
  readonly notify: (notice: NewNotice) => void
}

const NOT_WRITTEN = '' as ConversationId

/** Keeps tools, conversations and settings beyond a reload, and in step with other tabs. */
export function createPersistence({ deps, get, set, notify }: PersistenceOptions): Persistence {
  const tabId = deps.newId()
  const tools = createToolSync({ get, set, newId: deps.newId, onConflict: () => notify(CONFLICT) })
  const chat = createChatSync({ get, set, nowMs: deps.nowMs })
  let database: Database | null = null
  let queue: Promise<unknown> = Promise.resolve()
  let timer: { readonly cancel: () => void; readonly delayMs: number } | null = null
  let writtenSettings: AppState | null = null
  /** Deleted in another tab and not changed here since: saving it would undo that. */
  let deletedElsewhere: ConversationId | null = null
  const subscriptions: (() => void)[] = []

  /** One after the other, so that a write never overtakes the one before. */
  function enqueue<T>(task: (target: Database) => Promise<T>): Promise<T | null> {
    const run = async () => {
      if (!database) return null
      try {
        return await task(database)
      } catch {
        notify(NOT_SAVED)
        return null
      }
    }
    const result = queue.then(run)
    queue = result
    return result
  }

  async function saveChat(target: Database, state: AppState): Promise<void> {
    if (deletedElsewhere === state.conversationId) return
    if (await chat.save(target, state)) {
      deps.channel.post({ type: 'conversation-saved', conversationId: state.conversationId })
    }
  }

  async function saveTools(target: Database): Promise<void> {
    const saved = await tools.save(target)
    forgetToolJournal(deps.keyValues, tabId)
    if (saved) deps.channel.post({ type: 'tools-saved' })
  }

  function writeSettings(): void {
    const state = get()
    if (!writtenSettings) return
    const isKept = writeChangedSettings(deps.keyValues, state, writtenSettings)
    writtenSettings = state
    if (!isKept) notify(SETTINGS_NOT_SAVED)
  }

  async function flush(): Promise<void> {
    timer?.cancel()
    timer = null
    writeSettings()
    await Promise.all([enqueue((target) => saveChat(target, get())), enqueue(saveTools)])
  }

  function schedule(delayMs: number): void {
    if (timer && timer.delayMs <= delayMs) return
    timer?.cancel()
    timer = { delayMs, cancel: deps.setTimer(() => void flush(), delayMs) }
  }

  function onChange(state: AppState, previous: AppState): void {
    if (!state.hydrated) return
    if (state.conversationId !== previous.conversationId) {
      if (previous.hydrated) void enqueue((target) => saveChat(target, previous))
    } else if (
      state.transcript !== previous.transcript ||
      state.systemPrompt !== previous.systemPrompt
    ) {
      if (deletedElsewhere === state.conversationId && !isMerging) deletedElsewhere = null
    }
    const hasEnded = state.turn.type === 'idle' && previous.turn.type !== 'idle'
    if (hasEnded) schedule(0)
    else if (needsSaving(state, previous))
      schedule(state.turn.type === 'idle' ? DELAY_MS : STREAMING_DELAY_MS)
  }

  /** The page may be gone before an answer comes, so what needs one is noted where writing is immediate. */
  function onPageHidden(): void {
    if (!get().hydrated) return
    writeSettings()
    writeToolJournal(deps.keyValues, tabId, tools.changes())
    // Behind the queue it could come too late. It reads nothing, so it may overtake what waits there.
    if (database) saveChat(database, get()).catch(() => notify(NOT_SAVED))
    void flush()
  }

  let isMerging = false
  async function mergeConversation(target: Database): Promise<void> {
    isMerging = true
    try {
      await chat.merge(target)
    } finally {
      isMerging = false
    }
  }

  function onMessage(message: unknown): void {
    if (!isJsonObject(message)) return
    const id = message['conversationId']
    switch (message['type']) {
      case 'tools-saved':
        void enqueue(async (target) => void (await tools.load(target)))
        break
      case 'conversation-saved':
        void enqueue(async (target) => {
          await chat.loadList(target)
          if (id === get().conversationId) await mergeConversation(target)
        })
        break
      case 'conversation-deleted':
        void enqueue(async (target) => {
          await chat.loadList(target)
          if (id !== get().conversationId) return
          deletedElsewhere = get().conversationId
          chat.forget(deletedElsewhere)
          if (get().transcript.nodes.size > 0) notify(DELETED_ELSEWHERE)
        })
        break
      default:
      // A newer version of the app in the other tab may say more.
    }
  }

  async function openDatabase(): Promise<Database> {
    try {
      return await deps.openDatabase()
    } catch {
      notify(IN_MEMORY)
      return createMemoryDatabase()
    }
  }

  /** Storage that opens but cannot be read is treated like one that does not open. */
  async function readAll(conversationId: ConversationId | undefined): Promise<FirstRead> {
    try {
      const target = (database = await openDatabase())
      await replayToolJournal(deps.keyValues, target, deps.newId)
      return {
        firstVisit: await target.claimFirstVisit(),
        unreadable: await loadFrom(target, conversationId),
      }
    } catch {
      notify(IN_MEMORY)
      database?.close()
      const target = (database = createMemoryDatabase())
      return { firstVisit: await target.claimFirstVisit(), unreadable: 0 }
    }
  }

  async function loadFrom(target: Database, id: ConversationId | undefined): Promise<number> {
    const unreadable = (await tools.load(target)) + (await chat.loadList(target))
    const conversation = id === undefined ? null : await chat.read(target, id)
    if (!conversation) return unreadable
    const { record, transcript } = conversation
    chat.adopt(conversation)
    set({ conversationId: record.id, transcript, systemPrompt: record.systemPrompt })
    return unreadable + conversation.unreadable
  }

  async function hydrate(): Promise<boolean> {
    const { conversationId, ...settings } = readSavedSettings(deps.keyValues)
    set(settings)
    // Without its record, a conversation that another tab has only begun would be taken for this tab's.
    const { unreadable, firstVisit } = await readAll(conversationId)
    writtenSettings = { ...get(), conversationId: conversationId ?? NOT_WRITTEN }
    if (unreadable > 0) notify(unreadableNotice(unreadable))
    subscriptions.push(
      deps.channel.subscribe(onMessage),
      deps.onPageHidden(onPageHidden),
      deps.keyValues.subscribe((key, value) => {
        const change = readForeignChange(key, value)
        if (change && writtenSettings) {
          set(change)
          writtenSettings = { ...writtenSettings, ...change }
        }
      }),
    )
    return firstVisit
  }

  const conversations: ConversationAccess = {
    read: (id) =>
      enqueue(async (target) => {
        const conversation = await chat.read(target, id)
        if (!conversation) return null
        if (conversation.unreadable > 0) notify(unreadableNotice(conversation.unreadable))
        chat.adopt(conversation)
        return conversation
      }),
    remove: (id) =>
      enqueue(async (target) => {
        const restore = await chat.remove(target, id)
        deps.channel.post({ type: 'conversation-deleted', conversationId: id })
        return async () => {
          await enqueue(restore)
          deps.channel.post({ type: 'conversation-saved', conversationId: id })
        }
      }),
  }

  const fileHandles: FileHandleAccess = {
    keep: async (id, handles) => void (await enqueue((to) => to.saveFileHandles(id, handles))),
    read: (id) => enqueue((from) => from.readFileHandles(id)),
  }

  function dispose(): void {
    timer?.cancel()
    for (const unsubscribe of subscriptions.splice(0)) unsubscribe()
    database?.close()
    database = null
  }

  return { conversations, fileHandles, hydrate, onChange, flush, dispose }
}

const SAVED_KEYS = [
  'toolDocuments',
  'transcript',
  'systemPrompt',
  'conversationId',
  'theme',
  'automatic',
  'maxSteps',
  'settingsByModel',
  'paneSizes',
  'phonePane',
  'inspectorTab',
  'selectedToolId',
  'presetId',
  'composerText',
  'resultDrafts',
  'hubBaseUrl',
  'acceptedTerms',
  'lastModel',
] as const satisfies readonly (keyof AppState)[]

function needsSaving(state: AppState, previous: AppState): boolean {
  return (
    state.hydrated !== previous.hydrated || SAVED_KEYS.some((key) => state[key] !== previous[key])
  )
}

const CONFLICT: NewNotice = {
  tone: 'warning',
  title: 'A tool was changed in two tabs',
  advice: 'Both versions are kept, one after the other. Delete the one you do not need.',
}
const NOT_SAVED: NewNotice = {
  tone: 'error',
  title: 'The latest changes could not be saved',
  advice: 'The browser refused to store them. Free some disk space; the next change tries again.',
}
const SETTINGS_NOT_SAVED: NewNotice = {
  tone: 'warning',
  title: 'Settings are not kept',
  advice: 'The browser does not let this page store settings. They last until the page is closed.',
}
const DELETED_ELSEWHERE: NewNotice = {
  tone: 'warning',
  title: 'This conversation was deleted in another tab',
  advice: 'It is still shown here. Send a message and it is saved again, whole.',
}
const IN_MEMORY: NewNotice = {
  tone: 'warning',
  title: 'Nothing is saved in this window',
  advice:
    'The browser forbids storage here, as in some private windows. Tools and conversations last until the page is closed.',
}

function unreadableNotice(count: number): NewNotice {
  return {
    tone: 'warning',
    title:
      count === 1 ? 'A saved item could not be read' : `${count} saved items could not be read`,
    advice:
      'It was left untouched, and everything else is here. A newer version of Callground may have written it.',
  }
}
