import type { AnswerEnd, Message, Timings, ToolResult, Usage } from '../core/chat/message.ts'
import type { AnswerToken, TokenAlternative } from '../core/chat/token-info.ts'
import type { ConversationId, NodeId, TranscriptNode } from '../core/chat/transcript.ts'
import { isFormatId } from '../core/formats/format-ids.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../core/lib/json.ts'
import type { CannedResult, CannedResultId, ToolDocument, ToolId } from '../core/tools/tool.ts'
import { readCallRules } from '../core/tools/tool-choice.ts'

/** A tool document as it is stored. */
export type ToolRecord = ToolDocument & {
  /** Place in the list; ties and gaps are fine. */
  readonly order: number
  /** Goes up by one with each write, so that a tab notices that another one wrote. */
  readonly revision: number
}

export type ConversationRecord = {
  readonly id: ConversationId
  /** '' until the first message. */
  readonly title: string
  readonly updatedAtMs: number
  readonly systemPrompt: string
  readonly leafId: NodeId | null
}

export type NodeRecord = TranscriptNode & { readonly conversationId: ConversationId }

/** What can be read of stored records, and how many cannot: those stay where they are, untouched. */
export type Readable<T> = { readonly records: readonly T[]; readonly unreadable: number }

/** Reads each record by itself, so that a bad one never takes the others with it. */
export function readRecords<T>(
  stored: readonly unknown[],
  read: (value: unknown) => T | null,
): Readable<T> {
  const records = stored.map(read).filter((record) => record !== null)
  return { records, unreadable: stored.length - records.length }
}

export function readToolRecord(value: unknown): ToolRecord | null {
  const record = objectOf(value)
  if (!record) return null
  const { id, text, enabled, cannedResults, order, revision } = record
  if (!isFilledString(id) || typeof text !== 'string' || !Array.isArray(cannedResults)) return null
  return {
    id: id as ToolId,
    text,
    enabled: enabled !== false,
    cannedResults: cannedResults.map(readCannedResult).filter((canned) => canned !== null),
    order: finiteOr(order, Number.MAX_SAFE_INTEGER),
    revision: finiteOr(revision, 0),
  }
}

export function readConversationRecord(value: unknown): ConversationRecord | null {
  const record = objectOf(value)
  if (!record) return null
  const { id, title, updatedAtMs, systemPrompt, leafId } = record
  if (!isFilledString(id) || typeof title !== 'string') return null
  return {
    id: id as ConversationId,
    title,
    updatedAtMs: finiteOr(updatedAtMs, 0),
    systemPrompt: typeof systemPrompt === 'string' ? systemPrompt : '',
    leafId: isFilledString(leafId) ? (leafId as NodeId) : null,
  }
}

export function readNodeRecord(value: unknown): NodeRecord | null {
  const record = objectOf(value)
  if (!record) return null
  const { id, conversationId, parentId, createdAtMs } = record
  const message = readMessage(record['message'])
  if (!isFilledString(id) || !isFilledString(conversationId) || !message) return null
  if (parentId !== null && !isFilledString(parentId)) return null
  return {
    id: id as NodeId,
    conversationId: conversationId as ConversationId,
    parentId: parentId as NodeId | null,
    createdAtMs: finiteOr(createdAtMs, 0),
    message,
  }
}

function readMessage(value: unknown): Message | null {
  const message = objectOf(value)
  switch (message?.['type']) {
    case 'user': {
      const { text } = message
      return typeof text === 'string' ? { type: 'user', text } : null
    }
    case 'assistant':
      return readAnswer(message)
    case 'tool-results': {
      const { results } = message
      if (!Array.isArray(results)) return null
      const read = results.map(readToolResult)
      // Results belong to calls by their place: with one lost, the others would belong to the wrong calls.
      return read.every((result) => result !== null)
        ? { type: 'tool-results', results: read }
        : null
    }
    default:
      return null
  }
}

function readAnswer(message: Record<string, unknown>): Message | null {
  const { raw, format, prompt, modelName, startsInReasoning, origin } = message
  if (typeof raw !== 'string' || !isFormatId(format)) return null
  const end = readEnd(message['end'])
  const rules = readCallRules(message['rules'])
  if (!end) return null
  return {
    type: 'assistant',
    raw,
    format,
    startsInReasoning: startsInReasoning === true,
    prompt: typeof prompt === 'string' ? prompt : '',
    modelName: typeof modelName === 'string' ? modelName : '',
    end,
    usage: readUsage(message['usage']),
    timings: readTimings(message['timings']),
    origin: origin === 'edited' || origin === 'repaired' ? origin : 'model',
    ...readTokens(message['tokens']),
    ...(typeof message['forkedAt'] === 'number' && { forkedAt: message['forkedAt'] }),
    ...(rules && { rules }),
  }
}

/** All of them or none: they stand side by side. */
function readTokens(value: unknown): { readonly tokens?: readonly AnswerToken[] } {
  if (!Array.isArray(value)) return {}
  const tokens = value.map((entry) => {
    const token = readAlternative(entry)
    const { at, alternatives } = objectOf(entry) ?? {}
    if (!token || typeof at !== 'number' || !Array.isArray(alternatives)) return null
    const others = alternatives.map(readAlternative).filter((other) => other !== null)
    return { ...token, at, alternatives: others }
  })
  return tokens.every((token) => token !== null) ? { tokens } : {}
}

function readAlternative(value: unknown): TokenAlternative | null {
  const { id, text, logprob } = objectOf(value) ?? {}
  if (typeof text !== 'string' || typeof logprob !== 'number') return null
  return { id: typeof id === 'number' ? id : null, text, logprob }
}

function readEnd(value: unknown): AnswerEnd | null {
  const end = objectOf(value)
  switch (end?.['type']) {
    case 'streaming':
    // What was streaming when the page went away will not go on.
    case 'stopped':
      return { type: 'stopped' }
    case 'complete':
      return { type: 'complete' }
    case 'length':
      return { type: 'length', limit: end['limit'] === 'context' ? 'context' : 'max-tokens' }
    case 'failed':
      return { type: 'failed', message: typeof end['message'] === 'string' ? end['message'] : '' }
    default:
      return null
  }
}

function readUsage(value: unknown): Usage | null {
  const usage = objectOf(value)
  if (!usage) return null
  return {
    promptTokens: finiteOr(usage['promptTokens'], 0),
    cachedTokens: finiteOr(usage['cachedTokens'], 0),
    completionTokens: finiteOr(usage['completionTokens'], 0),
  }
}

function readTimings(value: unknown): Timings | null {
  const timings = objectOf(value)
  if (!timings) return null
  return {
    prefillMs: finiteOr(timings['prefillMs'], 0),
    decodeMs: finiteOr(timings['decodeMs'], 0),
    firstTokenMs: finiteOr(timings['firstTokenMs'], 0),
  }
}

function readToolResult(value: unknown): ToolResult | null {
  const result = objectOf(value)
  const call = objectOf(result?.['call'])
  if (!result || !call || typeof call['name'] !== 'string' || typeof result['content'] !== 'string')
    return null
  if (!isJson(call['arguments'])) return null
  return {
    call: { name: call['name'], arguments: call['arguments'] },
    content: result['content'],
    source: result['source'] === 'canned' ? 'canned' : 'typed',
  }
}

function readCannedResult(value: unknown): CannedResult | null {
  const canned = objectOf(value)
  if (!canned || !isFilledString(canned['id']) || typeof canned['content'] !== 'string') return null
  const when = canned['when']
  if (!isJson(when) || !isJsonObject(when)) return null
  return {
    id: canned['id'] as CannedResultId,
    when: when satisfies JsonObject,
    content: canned['content'],
  }
}

/** Structured clones are trees here: a cycle cannot be read from what JSON.stringify or we ourselves wrote. */
function isJson(value: unknown): value is JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  return isPlainObject(value) && Object.values(value).every(isJson)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return isPlainObject(value) ? value : null
}

function isFilledString(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function finiteOr(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback
}
