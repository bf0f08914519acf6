import type { Database } from './database.ts'

/** What a memory database holds; two databases over the same contents behave as two tabs do. */
export type MemoryContents = {
  readonly tools: Map<string, unknown>
  readonly conversations: Map<string, unknown>
  readonly nodes: Map<string, unknown>
  visited: boolean
  fileHandles: { readonly id: string; readonly handles: unknown } | null
}

export function emptyContents(): MemoryContents {
  return {
    tools: new Map(),
    conversations: new Map(),
    nodes: new Map(),
    visited: false,
    fileHandles: null,
  }
}

/** For where the browser forbids storage: all works, and is gone with the page. */
export function createMemoryDatabase(contents: MemoryContents = emptyContents()): Database {
  const nodesOf = (conversationId: string) =>
    [...contents.nodes].filter(([, node]) => conversationOf(node) === conversationId)
  return {
    readTools: async () => [...contents.tools.values()],
    readConversations: async () => [...contents.conversations.values()],
    readNodes: async (conversationId) => nodesOf(conversationId).map(([, node]) => node),
    async updateTool(id, decide) {
      const update = decide(contents.tools.get(id))
      for (const record of update.put) contents.tools.set(record.id, structuredClone(record))
      if (update.remove) contents.tools.delete(id)
    },
    async saveConversation(record, nodes) {
      contents.conversations.set(record.id, structuredClone(record))
      for (const node of nodes) contents.nodes.set(node.id, structuredClone(node))
    },
    async deleteConversation(id) {
      contents.conversations.delete(id)
      for (const [key] of nodesOf(id)) contents.nodes.delete(key)
    },
    async claimFirstVisit() {
      const isFirst = !contents.visited
      contents.visited = true
      return isFirst
    },
    async saveFileHandles(id, handles) {
      contents.fileHandles = { id, handles }
    },
    readFileHandles: async (id) =>
      contents.fileHandles?.id === id ? contents.fileHandles.handles : null,
    close: () => undefined,
  }
}

function conversationOf(node: unknown): unknown {
  return typeof node === 'object' && node !== null && 'conversationId' in node
    ? node.conversationId
    : undefined
}
