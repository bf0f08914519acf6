import {
  EMPTY_TRANSCRIPT,
  type ConversationId,
  type NodeId,
  type Transcript,
  type TranscriptNode,
} from '../core/chat/transcript.ts'
import type { Database } from './database.ts'
import {
  readConversationRecord,
  readNodeRecord,
  readRecords,
  type ConversationRecord,
  type NodeRecord,
} from './saved-records.ts'
import type { AppState, ConversationSummary } from './state.ts'

export type SavedConversation = {
  readonly record: ConversationRecord
  readonly transcript: Transcript
  readonly unreadable: number
}

type ChatState = Pick<AppState, 'conversations' | 'conversationId' | 'transcript' | 'systemPrompt'>

const TITLE_LENGTH = 80

/** What of one conversation is in the database already. */
type Saved = {
  readonly nodes: Map<NodeId, TranscriptNode>
  record: ConversationRecord | null
  /** Nodes that were read: the tab that wrote them may still change them. */
  readonly foreign: Set<NodeId>
}

export type ChatSync = {
  readonly loadList: (database: Database) => Promise<number>
  readonly read: (database: Database, id: ConversationId) => Promise<SavedConversation | null>
  /** Notes that this conversation is now shown as it was read. */
  readonly adopt: (conversation: SavedConversation) => void
  /** Writes what is new in the state's conversation. True when something was written. */
  readonly save: (database: Database, state: ChatState) => Promise<boolean>
  /** Takes in what another tab added to the conversation that is shown. */
  readonly merge: (database: Database) => Promise<void>
  readonly remove: (
    database: Database,
    id: ConversationId,
  ) => Promise<(target: Database) => Promise<void>>
  /** Another tab deleted it: from the next change on it is saved again, whole. */
  readonly forget: (id: ConversationId) => void
}

export function createChatSync(options: {
  readonly get: () => ChatState
  readonly set: (change: Partial<ChatState>) => void
  readonly nowMs: () => number
}): ChatSync {
  const { get, set, nowMs } = options
  const records = new Map<ConversationId, ConversationRecord>()
  const savedById = new Map<ConversationId, Saved>()

  function savedOf(id: ConversationId): Saved {
    const known = savedById.get(id) ?? { nodes: new Map(), record: null, foreign: new Set() }
    savedById.set(id, known)
    return known
  }

  function showList(): void {
    set({ conversations: summariesOf([...records.values()]) })
  }

  async function loadList(database: Database): Promise<number> {
    const stored = readRecords(await database.readConversations(), readConversationRecord)
    records.clear()
    for (const record of stored.records) records.set(record.id, record)
    showList()
    return stored.unreadable
  }

  async function read(database: Database, id: ConversationId): Promise<SavedConversation | null> {
    const record = records.get(id)
    if (!record) return null
    const { records: nodes, unreadable } = readRecords(await database.readNodes(id), readNodeRecord)
    return { record, transcript: transcriptOf(nodes, record.leafId), unreadable }
  }

  function adopt({ record, transcript }: SavedConversation): void {
    const nodes = new Map(transcript.nodes)
    savedById.set(record.id, { nodes, record, foreign: new Set(nodes.keys()) })
  }

  async function save(database: Database, state: ChatState): Promise<boolean> {
    const known = savedOf(state.conversationId)
    const isEmpty = state.transcript.nodes.size === 0 && state.systemPrompt === ''
    if (isEmpty && !known.record) return false
    const news = [...state.transcript.nodes.values()].filter(
      (node) => known.nodes.get(node.id) !== node,
    )
    const record = recordOf(state, nowMs())
    if (news.length === 0 && known.record && sayTheSame(known.record, record)) return false
    const write = database.saveConversation(
      record,
      news.map((node): NodeRecord => ({ ...node, conversationId: record.id })),
    )
    // Noted before it is written: what changes meanwhile is then new again.
    const before = known.record
    for (const node of news) known.nodes.set(node.id, node)
    known.record = record
    try {
      await write
    } catch (cause) {
      for (const node of news) if (known.nodes.get(node.id) === node) known.nodes.delete(node.id)
      known.record = before
      throw cause
    }
    records.set(record.id, record)
    showList()
    return true
  }

  async function merge(database: Database): Promise<void> {
    const { conversationId } = get()
    const stored = readRecords(await database.readNodes(conversationId), readNodeRecord)
    if (get().conversationId !== conversationId) return
    const known = savedOf(conversationId)
    const { transcript } = get()
    const news = stored.records
      .filter(({ id }) => !transcript.nodes.has(id) || known.foreign.has(id))
      .map(nodeOf)
      .filter((node) => !isSameNode(transcript.nodes.get(node.id), node))
    if (news.length === 0) return
    const nodes = new Map(transcript.nodes)
    for (const node of news) {
      nodes.set(node.id, node)
      known.nodes.set(node.id, node)
      known.foreign.add(node.id)
    }
    set({ transcript: { ...transcript, nodes } })
  }

  async function remove(database: Database, id: ConversationId) {
    const record = records.get(id)
    const nodes = readRecords(await database.readNodes(id), readNodeRecord).records
    await database.deleteConversation(id)
    records.delete(id)
    savedById.delete(id)
    showList()
    return async (target: Database) => {
      if (!record) return
      await target.saveConversation(record, nodes)
      records.set(id, record)
      showList()
    }
  }

  function forget(id: ConversationId): void {
    records.delete(id)
    savedById.delete(id)
    showList()
  }

  return { loadList, read, adopt, save, merge, remove, forget }
}

/** The newest first; those without a message are not worth a line. */
function summariesOf(records: readonly ConversationRecord[]): readonly ConversationSummary[] {
  return records
    .filter(({ leafId }) => leafId !== null)
    .toSorted((a, b) => b.updatedAtMs - a.updatedAtMs)
    .map(({ id, title, updatedAtMs }) => ({ id, title, updatedAtMs }))
}

/** Nodes whose parent is lost are kept (they may come back), but the leaf has to be one that is there. */
function transcriptOf(records: readonly NodeRecord[], leafId: NodeId | null): Transcript {
  const nodes = new Map(records.map((record) => [record.id, nodeOf(record)]))
  if (nodes.size === 0) return EMPTY_TRANSCRIPT
  if (leafId !== null && nodes.has(leafId)) return { nodes, leafId }
  const newest = [...nodes.values()].reduce((a, b) => (b.createdAtMs > a.createdAtMs ? b : a))
  return { nodes, leafId: newest.id }
}

function nodeOf({ id, parentId, createdAtMs, message }: NodeRecord): TranscriptNode {
  return { id, parentId, createdAtMs, message }
}

function recordOf(state: ChatState, nowMs: number): ConversationRecord {
  const { nodes, leafId } = state.transcript
  return {
    id: state.conversationId,
    title: titleOf(state.transcript),
    updatedAtMs: nowMs,
    systemPrompt: state.systemPrompt,
    leafId: nodes.size === 0 ? null : leafId,
  }
}

function titleOf({ nodes }: Transcript): string {
  const first = [...nodes.values()].find(({ message }) => message.type === 'user')
  if (first?.message.type !== 'user') return ''
  const line = first.message.text.trim().replaceAll(/\s+/g, ' ')
  return line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH - 1)}…` : line
}

function sayTheSame(a: ConversationRecord, b: ConversationRecord): boolean {
  return a.title === b.title && a.systemPrompt === b.systemPrompt && a.leafId === b.leafId
}

function isSameNode(a: TranscriptNode | undefined, b: TranscriptNode): boolean {
  return a !== undefined && JSON.stringify(a.message) === JSON.stringify(b.message)
}
