import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { ConversationRecord, NodeRecord, ToolRecord } from './saved-records.ts'

/** What a tool update decided, given what was stored. */
export type ToolUpdate = { readonly put: readonly ToolRecord[]; readonly remove: boolean }

/**
 * Where tools and transcripts are kept. What is read is `unknown`: another version of the app, or a bug, may have
 * written it. Every method may reject (quota, a connection that was closed).
 */
export type Database = {
  readTools(): Promise<readonly unknown[]>
  readConversations(): Promise<readonly unknown[]>
  readNodes(conversationId: string): Promise<readonly unknown[]>
  /** Hands the stored record (or undefined) to `decide` and does what it says, with no other writer in between. */
  updateTool(id: string, decide: (stored: unknown) => ToolUpdate): Promise<void>
  /** Writes at once, without reading, so that it also works while the page goes away. */
  saveConversation(record: ConversationRecord, nodes: readonly NodeRecord[]): Promise<void>
  deleteConversation(id: string): Promise<void>
  /** True for exactly one caller, ever, over all tabs. */
  claimFirstVisit(): Promise<boolean>
  /** Replaces those that were kept before. Needs a browser that can clone handles. */
  saveFileHandles(id: string, handles: readonly FileSystemFileHandle[]): Promise<void>
  /** The handles that were kept last, when it was under this id. */
  readFileHandles(id: string): Promise<unknown>
  close(): void
}

type Schema = DBSchema & {
  readonly tools: { readonly key: string; readonly value: unknown }
  readonly conversations: { readonly key: string; readonly value: unknown }
  readonly nodes: {
    readonly key: string
    readonly value: unknown
    readonly indexes: { readonly conversationId: string }
  }
  readonly meta: { readonly key: string; readonly value: unknown }
}

const SCHEMA_VERSION = 1
/** In `meta`. */
const FILE_HANDLES = 'file-handles'

/** Opens (and on the first visit creates) the IndexedDB database `name`. Rejects where storage is forbidden. */
export async function openIndexedDatabase(name = 'callground'): Promise<Database> {
  const database = await openDB<Schema>(name, SCHEMA_VERSION, {
    upgrade(connection, oldVersion) {
      if (oldVersion < 1) createStores(connection)
    },
    // Another tab brought a newer version of the app: let go, or its upgrade would wait forever. Writes then fail,
    // and the user is told that what is new here is not saved.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase | null)?.close(),
  })
  return { ...readers(database), ...writers(database), close: () => database.close() }
}

function createStores(connection: IDBPDatabase<Schema>): void {
  connection.createObjectStore('tools', { keyPath: 'id' })
  connection.createObjectStore('conversations', { keyPath: 'id' })
  connection
    .createObjectStore('nodes', { keyPath: 'id' })
    .createIndex('conversationId', 'conversationId')
  connection.createObjectStore('meta')
}

function isKept(value: unknown): value is { readonly id: unknown; readonly handles: unknown } {
  return typeof value === 'object' && value !== null && 'id' in value && 'handles' in value
}

function readers(database: IDBPDatabase<Schema>) {
  return {
    readTools: () => database.getAll('tools'),
    readConversations: () => database.getAll('conversations'),
    readNodes: (conversationId) =>
      database.getAllFromIndex('nodes', 'conversationId', conversationId),
    async readFileHandles(id) {
      const kept = await database.get('meta', FILE_HANDLES)
      return isKept(kept) && kept.id === id ? kept.handles : null
    },
  } satisfies Partial<Database>
}

function writers(database: IDBPDatabase<Schema>) {
  return {
    async updateTool(id, decide) {
      const transaction = database.transaction('tools', 'readwrite')
      const stored = await transaction.store.get(id)
      const update = decide(stored)
      const requests = update.put.map((record) => transaction.store.put(record))
      await Promise.all([
        ...requests,
        update.remove ? transaction.store.delete(id) : undefined,
        transaction.done,
      ])
    },
    async saveConversation(record, nodes) {
      const transaction = database.transaction(['conversations', 'nodes'], 'readwrite')
      const requests = [
        transaction.objectStore('conversations').put(record),
        ...nodes.map((node) => transaction.objectStore('nodes').put(node)),
      ]
      // Without it, a transaction whose page is gone before its requests have answered is rolled back.
      transaction.commit()
      await Promise.all([...requests, transaction.done])
    },
    async deleteConversation(id) {
      const transaction = database.transaction(['conversations', 'nodes'], 'readwrite')
      const nodes = transaction.objectStore('nodes')
      const keys = await nodes.index('conversationId').getAllKeys(id)
      await Promise.all([
        transaction.objectStore('conversations').delete(id),
        ...keys.map((key) => nodes.delete(key)),
        transaction.done,
      ])
    },
    async claimFirstVisit() {
      const transaction = database.transaction('meta', 'readwrite')
      const claimed = await transaction.store.get('first-visit')
      if (claimed === undefined) await transaction.store.put(true, 'first-visit')
      await transaction.done
      return claimed === undefined
    },
    async saveFileHandles(id, handles) {
      await database.put('meta', { id, handles }, FILE_HANDLES)
    },
  } satisfies Partial<Database>
}
