import type { AssistantMessage } from '../core/chat/message.ts'
import type { ParsedCall } from '../core/formats/parsed-output.ts'
import type { JsonObject, JsonValue } from '../core/lib/json.ts'
import type { Machinery } from '../session/machinery.ts'

export type ArgumentChange = { readonly pointer: string; readonly value: JsonValue }

export type EditInput = {
  readonly machinery: Machinery
  /** The schema of the call's tool: some notations have no types of their own. */
  readonly parameters: JsonObject | null
}

/**
 * The answer with one argument of a call replaced where it stands in the output, or added when it is missing.
 *
 * Null when the call is not complete or the pointer leads nowhere.
 */
export function editArgument(
  { message, call }: { readonly message: AssistantMessage; readonly call: ParsedCall },
  change: ArgumentChange,
  { machinery, parameters }: EditInput,
): AssistantMessage | null {
  if (call.state.type !== 'complete' || !call.argumentsSpan) return null
  const { start, end } = call.argumentsSpan
  const text = message.raw.slice(start, end)
  const { notation } = machinery.formatById(message.format).syntax
  const args = call.state.arguments
  const edited = machinery.withArgument(notation, { text, args }, { ...change, parameters })
  if (edited === null) return null
  return changedAnswer(message, {
    raw: message.raw.slice(0, start) + edited + message.raw.slice(end),
    origin: 'edited',
  })
}

/** An answer with another text: what was measured of the old one does not belong to it. */
export function changedAnswer(
  message: AssistantMessage,
  change: Pick<AssistantMessage, 'raw' | 'origin'>,
): AssistantMessage {
  const { tokens: _, forkedAt: __, ...kept } = message
  return { ...kept, ...change, end: { type: 'complete' }, usage: null, timings: null }
}
