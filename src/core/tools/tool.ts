import type { Branded } from '../lib/brand.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'

/**
 * A tool definition in the bare form, `{name, description, parameters}`.
 *
 * `definition` keeps the author's keys and their order, because the chat template prints it as it is.
 */
export type Tool = {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments object. */
  readonly parameters: JsonObject
  readonly definition: JsonObject
}

/** How a definition was written: `{type:"function", function:{…}}`, `{name, parameters}`, `{name, input_schema}` or `{name, inputSchema}`. */
export type ToolNotation = 'openai' | 'bare' | 'anthropic' | 'mcp'

/** How tools are handed to the chat template: as `definition`, or wrapped in `{type:"function", function: definition}`. */
export type ToolShape = 'bare' | 'wrapped'

export type ToolId = Branded<'ToolId'>
export type CannedResultId = Branded<'CannedResultId'>

/** A stored answer of a tool, fed back without running anything. */
export type CannedResult = {
  readonly id: CannedResultId
  /** Argument values that select this result; every key must be equal. `{}` matches every call. */
  readonly when: JsonObject
  /** JSON or plain text, as the user typed it. */
  readonly content: string
}

/** What the user edits: the exact text, valid or not, that holds one definition or an array of them. */
export type ToolDocument = {
  readonly id: ToolId
  readonly text: string
  readonly enabled: boolean
  readonly cannedResults: readonly CannedResult[]
}

/** A call as the model meant it. `arguments` is whatever JSON value stood there: validation says if it is wrong. */
export type ToolCall = { readonly name: string; readonly arguments: JsonValue }
