import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { CallIssue } from './call-issue.ts'
import { characterCount, namedValue, plural, shortValue } from './value-text.ts'

type Leaf = {
  readonly keyword: string
  readonly path: string
  readonly value: JsonValue
  /** The schema that holds the keyword. */
  readonly schema: JsonObject
}

type KindPathMessage = readonly [kind: CallIssue['kind'], path: string, message: string]

/** What is wrong with a value under one keyword, for the keywords that are about the value alone. */
export function leafMessage({ keyword, path, value, schema }: Leaf): KindPathMessage {
  const limit = Number(schema[keyword])
  const range = (text: string): KindPathMessage => ['range', path, text]
  switch (keyword) {
    case 'pattern':
      return [
        'pattern',
        path,
        `Expected text that matches /${textAt(schema, 'pattern')}/, got ${namedValue(value)}.`,
      ]
    case 'format':
      return [
        'format',
        path,
        `Expected ${formatWords(textAt(schema, 'format'))}, got ${namedValue(value)}.`,
      ]
    case 'minimum':
      return range(
        expectedNumber(
          schema['exclusiveMinimum'] === true ? 'more than' : 'at least',
          limit,
          value,
        ),
      )
    case 'maximum':
      return range(
        expectedNumber(schema['exclusiveMaximum'] === true ? 'less than' : 'at most', limit, value),
      )
    case 'exclusiveMinimum':
      return range(expectedNumber('more than', limit, value))
    case 'exclusiveMaximum':
      return range(expectedNumber('less than', limit, value))
    case 'multipleOf':
      return range(expectedNumber('a multiple of', limit, value))
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties': {
      const words = keyword.startsWith('min') ? 'at least' : 'at most'
      return range(`Expected ${words} ${plural(limit, nounFor(keyword))}, got ${sizeOf(value)}.`)
    }
    case 'contains':
    case 'minContains':
      return range('The list lacks an item that the schema asks for.')
    case 'maxContains':
      return range(`The list has more than ${plural(limit, 'item')} of a kind.`)
    case 'uniqueItems':
      return range('Expected every item only once.')
    case 'not':
      return ['schema', path, `The schema forbids ${namedValue(value)} here.`]
    default:
      return ['schema', path, `The value breaks the schema's ${JSON.stringify(keyword)}.`]
  }
}

function expectedNumber(words: string, limit: number, value: JsonValue): string {
  return `Expected ${words} ${limit}, got ${shortValue(value)}.`
}

function nounFor(keyword: string): string {
  if (keyword.endsWith('Length')) return 'character'
  return keyword.endsWith('Items') ? 'item' : 'argument'
}

function sizeOf(value: JsonValue): number {
  if (typeof value === 'string') return characterCount(value)
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}

const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date', 'a date such as 2026-01-31'],
  ['time', 'a time with its zone such as 14:30:00Z'],
  ['date-time', 'a date and time such as 2026-01-31T14:30:00Z'],
  ['duration', 'a duration such as PT15M'],
  ['uri', 'an address such as https://example.com/'],
  ['email', 'an email address'],
  ['hostname', 'a host name such as example.com'],
  ['ipv4', 'an IPv4 address such as 192.0.2.1'],
  ['ipv6', 'an IPv6 address such as 2001:db8::1'],
  ['uuid', 'a UUID'],
  ['regex', 'a regular expression'],
])

function formatWords(format: string): string {
  return FORMATS.get(format) ?? `the format ${JSON.stringify(format)}`
}

function textAt(schema: JsonObject, keyword: string): string {
  const text = schema[keyword]
  return typeof text === 'string' ? text : ''
}
