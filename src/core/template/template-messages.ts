import type { AssistantMessage, Message, ToolResultsMessage } from '../chat/message.ts'
import { reasoningOf, type ToolCallFormat } from '../formats/format.ts'
import { parseOutput, type ParsedOutput } from '../formats/parsed-output.ts'
import { assertNever } from '../lib/assert-never.ts'
import type { JsonValue } from '../lib/json.ts'
import type { Span } from '../lib/span.ts'
import type { Tool, ToolCall } from '../tools/tool.ts'
import type { TemplateMessage } from './chat-template.ts'

/** Deeper JSON is handed over as text: templates print values recursively. */
const MAX_RESULT_DEPTH = 100

export type TemplateMessageOptions = {
  /** The format that an answer was written in. */
  readonly formatOf: (message: AssistantMessage) => ToolCallFormat
  /** For formats whose values only a tool's schema types. */
  readonly tools: readonly Tool[]
  /** The template prints `reasoning_content` itself; otherwise the reasoning of earlier answers is dropped. */
  readonly keepReasoning: boolean
  /** The template can print a JSON value as content; otherwise results stay text. */
  readonly jsonResults: boolean
}

/**
 * Turns the messages of a transcript into what chat templates read.
 *
 * Whole calls become `tool_calls`; what is no readable call stays in the content as it was written, so that the model
 * sees it. A call's id is nine alphanumeric characters (Mistral's templates insist), counted through the conversation.
 */
export function toTemplateMessages(
  messages: readonly Message[],
  options: TemplateMessageOptions,
): readonly TemplateMessage[] {
  const converted: TemplateMessage[] = []
  let openCallIds: readonly string[] = []
  let idCount = 0
  const nextId = () => `call${String(idCount++).padStart(5, '0')}`
  for (const [index, message] of messages.entries()) {
    const origin = { type: 'message', index } as const
    switch (message.type) {
      case 'user':
        openCallIds = []
        converted.push({ role: 'user', content: message.text, origin })
        break
      case 'assistant': {
        const answer = readAnswer(message, options)
        const calls = answer.calls.map((call) => ({
          id: nextId(),
          type: 'function' as const,
          function: call,
        }))
        openCallIds = calls.map(({ id }) => id)
        converted.push({
          origin,
          role: 'assistant',
          content: answer.content,
          ...(answer.reasoning && options.keepReasoning && { reasoning_content: answer.reasoning }),
          ...(calls.length > 0 && { tool_calls: calls }),
        })
        break
      }
      case 'tool-results':
        for (const [at, result] of message.results.entries()) {
          const tool = toolMessage(result, openCallIds[at] ?? nextId(), options)
          converted.push({ ...tool, origin: { type: 'result', index, result: at } })
        }
        break
      default:
        return assertNever(message)
    }
  }
  return converted
}

type Answer = {
  readonly content: string
  readonly reasoning: string
  readonly calls: readonly ToolCall[]
}

/** An answer is read once for each format: a prompt is made on every keystroke, of all answers before it. */
const answers = new WeakMap<
  AssistantMessage,
  { format: ToolCallFormat; tools: readonly Tool[]; answer: Answer }
>()

function readAnswer(message: AssistantMessage, options: TemplateMessageOptions): Answer {
  const format = options.formatOf(message)
  const known = answers.get(message)
  const { tools } = options
  if (known?.format === format && known.tools === tools) return known.answer
  const answer = parseAnswer(message, { format, tools })
  answers.set(message, { format, tools, answer })
  return answer
}

function parseAnswer(
  message: AssistantMessage,
  { format, tools }: { readonly format: ToolCallFormat; readonly tools: readonly Tool[] },
): Answer {
  const { raw, startsInReasoning } = message
  const parser = format.createParser({ startsInReasoning, tools })
  const output = parseOutput(parser, raw)
  const calls = completeCalls(output)
  const reasoning = textOf(output, 'reasoning', raw).trim()
  if (calls.length === 0 && output.calls.length > 0) {
    return { content: withoutReasoning(output, { raw, format }), reasoning, calls }
  }
  const content = output.parts
    .map((part) =>
      part.type === 'call'
        ? unreadableCall(output, part.index, raw)
        : part.type === 'text'
          ? slice(raw, part.span)
          : '',
    )
    .join('')
  // Beside calls the white space was only there to part the text from the markup, which the template writes anew.
  return { content: calls.length > 0 ? content.trim() : content, reasoning, calls }
}

function textOf(output: ParsedOutput, type: 'text' | 'reasoning', raw: string): string {
  return output.parts.map((part) => (part.type === type ? slice(raw, part.span) : '')).join('')
}

/** An answer without a whole call, as it was written: with the brackets and tags that no part covers. */
function withoutReasoning(
  output: ParsedOutput,
  { raw, format }: { readonly raw: string; readonly format: ToolCallFormat },
): string {
  const end = output.parts.reduce((at, part) => (part.type === 'reasoning' ? part.span.end : at), 0)
  if (end === 0) return raw
  const rest = raw.slice(end).trimStart()
  const close = reasoningOf(format).find((markers) => rest.startsWith(markers.close))?.close
  return close === undefined ? raw.slice(end) : rest.slice(close.length).trimStart()
}

function completeCalls(output: ParsedOutput): readonly ToolCall[] {
  return output.calls.flatMap(({ name, state }) =>
    name !== null && state.type === 'complete' ? [{ name, arguments: state.arguments }] : [],
  )
}

function unreadableCall(output: ParsedOutput, index: number, raw: string): string {
  const call = output.calls[index]
  return call && call.state.type !== 'complete' ? slice(raw, call.span) : ''
}

function toolMessage(
  { call, content }: ToolResultsMessage['results'][number],
  id: string,
  { jsonResults }: TemplateMessageOptions,
): TemplateMessage {
  return {
    role: 'tool',
    name: call.name,
    tool_call_id: id,
    content: jsonResults ? resultContent(content) : content,
  }
}

/** An object or array as JSON, when nothing of it gets lost on the way; everything else as the text that it is. */
function resultContent(text: string): JsonValue {
  const withoutStrings = text.replace(/"(?:[^"\\]|\\.)*"/gs, '""')
  if (!/^\s*[[{]/.test(text) || !keepsNumbers(withoutStrings) || isTooDeep(withoutStrings)) {
    return text
  }
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** False for an id of 20 digits, which a JavaScript number would silently change. */
function keepsNumbers(jsonWithoutStrings: string): boolean {
  const numbers = jsonWithoutStrings.match(/-?\d[\d.eE+-]*/g) ?? []
  return numbers.every((number) => String(Number(number)) === number)
}

function isTooDeep(jsonWithoutStrings: string): boolean {
  let depth = 0
  for (const bracket of jsonWithoutStrings.match(/[[\]{}]/g) ?? []) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    if (depth > MAX_RESULT_DEPTH) return true
  }
  return false
}

function slice(text: string, { start, end }: Span): string {
  return text.slice(start, end)
}
