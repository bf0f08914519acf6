import type { JsonValue } from '../lib/json.ts'

/** A definition as it stands in the editor: two spaces, keys in the order given. */
export function formatToolText(definition: JsonValue): string {
  return JSON.stringify(definition, null, 2)
}

/** The same JSON, laid out afresh; null when the text is no JSON, so that nothing is lost. */
export function prettifyToolText(text: string): string | null {
  try {
    return formatToolText(JSON.parse(text) as JsonValue)
  } catch {
    return null
  }
}
