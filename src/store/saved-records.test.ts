import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  readConversationRecord,
  readNodeRecord,
  readRecords,
  readToolRecord,
} from './saved-records.ts'

const answer = {
  type: 'assistant',
  raw: '[{"name": "f"',
  format: 'hermes',
  startsInReasoning: true,
  prompt: 'p',
  modelName: 'm',
  end: { type: 'length', limit: 'context' },
  usage: { promptTokens: 1, cachedTokens: 2, completionTokens: 3 },
  timings: { prefillMs: 1, decodeMs: 2, firstTokenMs: 3 },
  origin: 'edited',
}
const node = { id: 'n', conversationId: 'c', parentId: null, createdAtMs: 5, message: answer }
const results = {
  type: 'tool-results',
  results: [{ call: { name: 'f', arguments: { a: [1, null] } }, content: '{}', source: 'canned' }],
}
const tool = {
  id: 't',
  text: '{',
  enabled: false,
  cannedResults: [{ id: 'x', when: { a: 1 }, content: 'y' }],
  order: 2,
  revision: 7,
}

describe('saved records', () => {
  it('reads back what was written', () => {
    expect(readNodeRecord(structuredClone(node))).toEqual(node)
    expect(
      readNodeRecord({ ...node, parentId: 'p', message: { type: 'user', text: 'hi' } }),
    ).toEqual({
      ...node,
      parentId: 'p',
      message: { type: 'user', text: 'hi' },
    })
    expect(readNodeRecord({ ...node, message: results })?.message).toEqual(results)
    expect(readToolRecord(structuredClone(tool))).toEqual(tool)
    const conversation = { id: 'c', title: 'T', updatedAtMs: 1, systemPrompt: 's', leafId: 'n' }
    expect(readConversationRecord(structuredClone(conversation))).toEqual(conversation)
  })

  it('takes an answer that was streaming for a stopped one', () => {
    const read = readNodeRecord({ ...node, message: { ...answer, end: { type: 'streaming' } } })
    expect(read?.message).toEqual({ ...answer, end: { type: 'stopped' } })
  })

  it.each([
    ['no object', 5],
    ['no id', { ...node, id: '' }],
    ['no conversation', { ...node, conversationId: 3 }],
    ['a strange parent', { ...node, parentId: 3 }],
    ['an unknown message', { ...node, message: { type: 'video' } }],
    ['an unknown format', { ...node, message: { ...answer, format: 'toml' } }],
    ['an unknown end', { ...node, message: { ...answer, end: { type: 'exploded' } } }],
    [
      'a result without content',
      { ...node, message: { type: 'tool-results', results: [{ call: { name: 'f' } }] } },
    ],
  ])('rejects a node with %s', (_, value) => {
    expect(readNodeRecord(value)).toBeNull()
  })

  it('counts what it cannot read and keeps the rest', () => {
    expect(readRecords([tool, null, { id: 't2' }], readToolRecord)).toEqual({
      records: [tool],
      unreadable: 2,
    })
  })

  it('never throws, whatever was stored', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true }), (value) => {
        for (const read of [readNodeRecord, readToolRecord, readConversationRecord]) read(value)
        readNodeRecord({ ...node, message: value })
        readNodeRecord({ ...node, message: { type: 'tool-results', results: [value] } })
        readToolRecord({ ...tool, cannedResults: [value] })
      }),
    )
  })
})
