import type { JsonValue } from '../lib/json.ts'

const MAX_VALUE_LENGTH = 48
const MAX_LISTED = 12

/** A value as JSON, cut when it is long. */
export function shortValue(value: JsonValue): string {
  const text = JSON.stringify(value)
  const characters = Array.from(text.slice(0, 2 * MAX_VALUE_LENGTH))
  if (characters.length <= MAX_VALUE_LENGTH) return text
  return `${characters.slice(0, MAX_VALUE_LENGTH - 1).join('')}…`
}

/** A value with its type, as it stands in a sentence: `the string "5"`. */
export function namedValue(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `the array ${shortValue(value)}`
  return `the ${typeof value} ${shortValue(value)}`
}

/** `"a", "b" or "c"`; long lists end with how many there are besides. */
export function orList(items: readonly string[]): string {
  if (items.length > MAX_LISTED) {
    return `${items.slice(0, MAX_LISTED).join(', ')} or ${items.length - MAX_LISTED} more`
  }
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} or ${items.at(-1) ?? ''}`
}

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['number', 'a number'],
  ['integer', 'an integer'],
  ['boolean', 'true or false'],
  ['array', 'an array'],
  ['object', 'an object'],
  ['null', 'null'],
])

export function typeWords(type: string): string {
  return TYPE_WORDS.get(type) ?? type
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Length as JSON Schema counts it: in code points. */
export function characterCount(text: string): number {
  return Array.from(text).length
}
