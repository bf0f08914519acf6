import { isJsonObject, type JsonValue } from '../lib/json.ts'
import { formatToolText } from './format-tool-text.ts'
import { listDefinitions } from './notation.ts'

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
  if (!Array.isArray(value) && !isJsonObject(value)) return null
  const definitions = listDefinitions(value)
  return definitions.length > 0
    ? definitions.map((definition) => formatToolText(definition.value))
    : null
}
