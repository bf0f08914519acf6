import { isJsonObject, type JsonObject, type JsonValue } from '../../core/lib/json.ts'
import { readJson } from '../kit/read-json.ts'

/** How a parameter's value is typed in a form. */
export type ValueInput =
  | { readonly type: 'choice'; readonly options: readonly JsonValue[] }
  | { readonly type: 'number' }
  | { readonly type: 'text' }
  /** Anything else: JSON, or text when it is no JSON. */
  | { readonly type: 'json' }

export function valueInput(schema: JsonValue | undefined): ValueInput {
  if (!isJsonObject(schema)) return { type: 'json' }
  if (Array.isArray(schema['enum'])) return { type: 'choice', options: schema['enum'] }
  switch (schema['type']) {
    case 'boolean':
      return { type: 'choice', options: [true, false] }
    case 'number':
    case 'integer':
      return { type: 'number' }
    case 'string':
      return { type: 'text' }
    default:
      return { type: 'json' }
  }
}

/** The value that typed text stands for. What does not fit the type stays text, so that nothing typed is lost. */
export function typedValue(input: ValueInput, text: string): JsonValue {
  if (input.type === 'text') return text
  if (input.type === 'choice') {
    return input.options.find((option) => valueText(option) === text) ?? text
  }
  const parsed = readJson(text)
  if (!parsed.ok) return text
  return input.type === 'json' || typeof parsed.value === 'number' ? parsed.value : text
}

export function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What a new condition on this parameter begins with. */
export function initialValue(input: ValueInput): JsonValue {
  return input.type === 'choice' ? (input.options[0] ?? '') : ''
}

/** Replaces a key in place, so that the rows of the form keep their order. */
export function withKey(conditions: JsonObject, key: string, next: readonly [string, JsonValue]) {
  return Object.fromEntries(
    Object.entries(conditions).map((entry) => (entry[0] === key ? next : entry)),
  )
}

export function withoutKey(conditions: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(conditions).filter(([name]) => name !== key))
}
