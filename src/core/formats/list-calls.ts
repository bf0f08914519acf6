import type { JsonValue } from '../lib/json.ts'
import type { ToolCall } from '../tools/tool.ts'
import type { CallSyntax, SyntaxPart } from './call-syntax.ts'
import { spacedJson } from './spaced-json.ts'

/** Calls as a JSON array of `{"name", "arguments"}` between two markers; nothing when there are none. */
export function listCalls(calls: readonly ToolCall[], open: string, close: string): string {
  return calls.length === 0 ? '' : open + spacedJson(calls.map(callObject)) + close
}

/** A call as a JSON object, spaced as models are trained to write it. */
export function callJson(call: ToolCall): string {
  return spacedJson(callObject(call))
}

/** The syntax of `listCalls`. */
export function listSyntax(
  trigger: string,
  open: readonly SyntaxPart[],
  close: readonly SyntaxPart[],
): CallSyntax {
  return {
    trigger,
    triggerAtStart: false,
    open,
    call: { before: ['{"name": "'], between: ['", "arguments": '], after: ['}'] },
    separator: [', '],
    close,
    notation: { type: 'json' },
  }
}

function callObject(call: ToolCall): JsonValue {
  return { name: call.name, arguments: call.arguments }
}
