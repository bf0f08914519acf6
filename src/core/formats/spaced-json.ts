import type { JsonValue } from '../lib/json.ts'

/** JSON as models are trained to write it: like Python's `json.dumps`, with a space after each comma and colon. */
export function spacedJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isArray(value)) return `[${value.map(spacedJson).join(', ')}]`
  const entries = Object.entries(value).map(
    ([key, entry]) => `${JSON.stringify(key)}: ${spacedJson(entry)}`,
  )
  return `{${entries.join(', ')}}`
}

/** `Array.isArray` does not narrow a readonly array. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
