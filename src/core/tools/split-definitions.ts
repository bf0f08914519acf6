import { isJsonObject, type JsonValue } from '../lib/json.ts'
import { formatToolText } from './format-tool-text.ts'

/**
 * One text per definition: for an array, or an object that holds one under `tools` or `functions`, as request bodies
 * do. Null when the text is no JSON or holds no definition: it is then kept as it is.
 */
export function splitDefinitions(text: string): readonly string[] | null {
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue
  } catch {
    return null
  }
  const definitions = listOf(value)
  return definitions.length > 0 ? definitions.map(formatToolText) : null
}

function listOf(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value
  if (!isJsonObject(value)) return []
  for (const list of [value['tools'], value['functions']]) {
    if (Array.isArray(list) && value['name'] === undefined) return list
  }
  return [value]
}
