import type { AssistantMessage } from '../core/chat/message.ts'
import type { ParsedCall } from '../core/formats/parsed-output.ts'
import { replaceAtPointer } from '../core/formats/partial-json.ts'
import { spacedJson } from '../core/formats/spaced-json.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../core/lib/json.ts'
import { valueAt } from '../core/schema/json-pointer.ts'

export type ArgumentChange = { readonly pointer: string; readonly value: JsonValue }

/**
 * The answer with one argument of a call replaced where it stands in the output, or added when it is missing.
 *
 * Null when the call is not complete or the pointer leads nowhere.
 */
export function editArgument(
  message: AssistantMessage,
  call: ParsedCall,
  change: ArgumentChange,
): AssistantMessage | null {
  if (call.state.type !== 'complete' || !call.argumentsSpan) return null
  const { start, end } = call.argumentsSpan
  const text = message.raw.slice(start, end)
  const edited =
    replaceAtPointer(text, change.pointer, spacedJson(change.value)) ??
    withAddedKey(text, call.state.arguments, change)
  if (edited === null) return null
  const { tokens: _, forkedAt: __, ...kept } = message
  return {
    ...kept,
    raw: message.raw.slice(0, start) + edited + message.raw.slice(end),
    end: { type: 'complete' },
    usage: null,
    timings: null,
    origin: 'edited',
  }
}

/** A missing argument has no place yet: the object that it belongs to is written anew. */
function withAddedKey(
  text: string,
  args: JsonValue,
  { pointer, value }: ArgumentChange,
): string | null {
  const at = pointer.lastIndexOf('/')
  if (at < 0) return null
  const parentPointer = pointer.slice(0, at)
  const key = pointer
    .slice(at + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
  const parent = valueAt(args, parentPointer)
  if (!isJsonObject(parent)) return null
  const grown: JsonObject = { ...parent, [key]: value }
  return replaceAtPointer(text, parentPointer, spacedJson(grown))
}
