import type { JsonValue } from '../../core/lib/json.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'

/** Reads JSON that a user typed; the error is a sentence for them. */
export function readJson(text: string): Result<JsonValue, string> {
  if (text.trim() === '') return err('Type a JSON value: "text", 12, true, null, [ ] or { }.')
  try {
    // JSON.parse gives JSON values only.
    return ok(JSON.parse(text) as JsonValue)
  } catch (error) {
    return err(`Not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** JSON with line breaks and indents; other text as it is. */
export function prettyJson(text: string): string {
  const parsed = readJson(text)
  return parsed.ok ? JSON.stringify(parsed.value, null, 2) : text
}
