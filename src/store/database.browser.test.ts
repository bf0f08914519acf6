import { deleteDB } from 'idb'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConversationId, NodeId } from '../core/chat/transcript.ts'
import type { ToolId } from '../core/tools/tool.ts'
import { createLocalKeyValues, createTabChannel, requestFrame } from './browser-deps.ts'
import { openIndexedDatabase, type Database } from './database.ts'
import type { ConversationRecord, NodeRecord, ToolRecord } from './saved-records.ts'

const NAME = 'callground-test'
const opened: Database[] = []

async function open(): Promise<Database> {
  const database = await openIndexedDatabase(NAME)
  opened.push(database)
  return database
}

afterEach(async () => {
  for (const database of opened.splice(0)) database.close()
  await deleteDB(NAME)
  localStorage.clear()
})

const tool: ToolRecord = {
  id: 't' as ToolId,
  text: '{',
  enabled: true,
  cannedResults: [],
  order: 0,
  revision: 1,
}
const conversation: ConversationRecord = {
  id: 'c' as ConversationId,
  title: 'Hi',
  updatedAtMs: 1,
  systemPrompt: '',
  leafId: 'n' as NodeId,
}
const node: NodeRecord = {
  id: 'n' as NodeId,
  conversationId: conversation.id,
  parentId: null,
  createdAtMs: 1,
  message: { type: 'user', text: 'Hi' },
}
const otherNode: NodeRecord = { ...node, id: 'o' as NodeId, conversationId: 'd' as ConversationId }

describe('the IndexedDB database', () => {
  it('keeps the handles of files, those of the last call', async () => {
    const root = await navigator.storage.getDirectory()
    const handle = await root.getFileHandle('handle-test', { create: true })
    const first = await open()
    expect(await first.readFileHandles('a')).toBeNull()
    await first.saveFileHandles('a', [handle])
    first.close()
    const second = await open()
    const [kept] = (await second.readFileHandles('a')) as readonly FileSystemFileHandle[]
    expect(await kept?.isSameEntry(handle)).toBe(true)
    await second.saveFileHandles('b', [handle, handle])
    expect(await second.readFileHandles('a')).toBeNull()
    expect(await second.readFileHandles('b')).toHaveLength(2)
    expect(await second.claimFirstVisit()).toBe(true)
    await root.removeEntry('handle-test')
  })

  it('keeps tools and conversations over connections', async () => {
    const first = await open()
    await first.updateTool(tool.id, () => ({ put: [tool], remove: false }))
    await first.saveConversation(conversation, [node])
    await first.saveConversation({ ...conversation, id: otherNode.conversationId }, [otherNode])
    first.close()
    const second = await open()
    expect(await second.readTools()).toEqual([tool])
    expect(await second.readConversations()).toHaveLength(2)
    expect(await second.readNodes(conversation.id)).toEqual([node])
  })

  it('hands what is stored to an update, and no other writer comes between', async () => {
    const [a, b] = await Promise.all([open(), open()])
    const raise = (stored: unknown) => {
      const revision = (stored as ToolRecord | undefined)?.revision ?? 0
      return { put: [{ ...tool, revision: revision + 1 }], remove: false }
    }
    await Promise.all([a, b, a, b].map((database) => database.updateTool(tool.id, raise)))
    expect(await a.readTools()).toEqual([{ ...tool, revision: 4 }])
    await a.updateTool(tool.id, () => ({ put: [], remove: true }))
    expect(await b.readTools()).toEqual([])
  })

  it('deletes a conversation with its nodes and no others', async () => {
    const database = await open()
    await database.saveConversation(conversation, [node])
    await database.saveConversation({ ...conversation, id: otherNode.conversationId }, [otherNode])
    await database.deleteConversation(conversation.id)
    expect(await database.readNodes(conversation.id)).toEqual([])
    expect(await database.readNodes(otherNode.conversationId)).toEqual([otherNode])
    expect(await database.readConversations()).toHaveLength(1)
  })

  it('gives the first visit to one of many', async () => {
    const databases = await Promise.all([open(), open(), open()])
    const claims = await Promise.all(databases.map((database) => database.claimFirstVisit()))
    expect(claims.filter(Boolean)).toHaveLength(1)
  })

  it('rejects when its connection is gone', async () => {
    const database = await open()
    database.close()
    await expect(database.saveConversation(conversation, [node])).rejects.toThrow()
  })
})

describe('what the browser gives to the store', () => {
  it('keeps small values and forgets them', () => {
    const keyValues = createLocalKeyValues()
    expect(keyValues.read('a')).toBeNull()
    expect(keyValues.write('a', '1')).toBe(true)
    expect(keyValues.read('a')).toBe('1')
    keyValues.write('a', null)
    expect(keyValues.read('a')).toBeNull()
  })

  it('says so when a value is too large to keep', () => {
    expect(createLocalKeyValues().write('a', 'x'.repeat(20_000_000))).toBe(false)
  })

  it('carries messages to other tabs, not to the own one', async () => {
    const [a, b] = [createTabChannel(NAME), createTabChannel(NAME)]
    const own: unknown[] = []
    const stopA = a.subscribe((message) => own.push(message))
    const received = new Promise<unknown>((resolve) => {
      const stopB = b.subscribe((message) => {
        stopB()
        resolve(message)
      })
    })
    a.post({ type: 'tools-saved' })
    expect(await received).toEqual({ type: 'tools-saved' })
    expect(own).toEqual([])
    stopA()
  })

  it('runs a frame once, even when no frame comes', async () => {
    let runs = 0
    await new Promise<void>((resolve) => {
      requestFrame(() => {
        runs++
        resolve()
      })
    })
    const cancel = requestFrame(() => runs++)
    cancel()
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(runs).toBe(1)
  })
})
