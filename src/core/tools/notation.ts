import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import type { Tool, ToolNotation } from './tool.ts'

/** Where the parts of a definition stand in what was written. */
export type DefinitionParts = {
  readonly notation: ToolNotation
  /** The object with the name, and the keys that lead to it. */
  readonly inner: JsonObject
  readonly path: readonly string[]
  /** What the schema of the arguments is called there; null when there is none. */
  readonly parametersKey: string | null
}

const SCHEMA_KEYS: readonly (readonly [key: string, notation: ToolNotation])[] = [
  ['parameters', 'bare'],
  ['input_schema', 'anthropic'],
  ['inputSchema', 'mcp'],
]

export function definitionParts(value: JsonObject): DefinitionParts {
  const wrapped = value['function']
  const inner = isJsonObject(wrapped) ? wrapped : value
  const found = SCHEMA_KEYS.find(([key]) => Object.hasOwn(inner, key))
  return {
    notation: inner === value ? (found?.[1] ?? 'bare') : 'openai',
    inner,
    path: inner === value ? [] : ['function'],
    parametersKey: found?.[0] ?? null,
  }
}

/** The values that are definitions, with the path to each: one, an array, or a request body with `tools` or `functions`. */
export function listDefinitions(
  value: JsonValue,
): readonly { readonly path: readonly (string | number)[]; readonly value: JsonValue }[] {
  if (Array.isArray(value)) return value.map((item, index) => ({ path: [index], value: item }))
  if (isJsonObject(value) && !Object.hasOwn(value, 'name')) {
    for (const key of ['tools', 'functions']) {
      const list = value[key]
      if (Array.isArray(list))
        return list.map((item, index) => ({ path: [key, index], value: item }))
    }
  }
  return [{ path: [], value }]
}

const NO_PARAMETERS: JsonObject = { type: 'object', properties: {} }

/**
 * The bare definition: the author's keys in their order, the schema under `parameters`.
 *
 * Templates read `parameters` without asking, so a definition without any gets an empty one.
 */
export function bareDefinition({ inner, parametersKey }: DefinitionParts): JsonObject {
  const entries = Object.entries(inner).flatMap(([key, value]): readonly [string, JsonValue][] => {
    // What kind of tool it is belongs to the notation: OpenAI's Responses API and Anthropic write it beside the name.
    if (key === 'type' && (value === 'function' || value === 'custom')) return []
    return [key === parametersKey ? ['parameters', value ?? NO_PARAMETERS] : [key, value]]
  })
  if (parametersKey === null) entries.push(['parameters', NO_PARAMETERS])
  return Object.fromEntries(entries)
}

/** The definition as another API would have it. */
export function toNotation(tool: Tool, notation: ToolNotation): JsonObject {
  switch (notation) {
    case 'bare':
      return tool.definition
    case 'openai':
      return { type: 'function', function: tool.definition }
    case 'anthropic':
      return withSchemaAs('input_schema', tool.definition)
    case 'mcp':
      return withSchemaAs('inputSchema', tool.definition)
    default:
      return notation satisfies never
  }
}

function withSchemaAs(name: string, definition: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(definition).map(([key, value]) => [key === 'parameters' ? name : key, value]),
  )
}
