import { isJsonObject, type JsonValue } from '../lib/json.ts'
import { JsonScanner } from './json-scanner.ts'

/**
 * The value of an arguments text that is known to be valid JSON.
 *
 * OpenAI's wire format puts the arguments object into a string; such a string is decoded to its object. Any other string
 * stays one: validation says that it is no object.
 */
export function decodeArguments(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text)
  if (typeof value !== 'string' || !isObjectText(value)) return value
  const inner: JsonValue = JSON.parse(value)
  return isJsonObject(inner) ? inner : value
}

/** Is this one JSON object and nothing else (and nested no deeper than we accept)? */
function isObjectText(text: string): boolean {
  const trimmed = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
  if (!trimmed.startsWith('{')) return false
  const scanner = new JsonScanner(1)
  let index = 0
  while (!scanner.isDone && index < trimmed.length) {
    index = scanner.run(trimmed, index)
    if (scanner.event === 'invalid') return false
  }
  return scanner.isDone && index === trimmed.length
}
