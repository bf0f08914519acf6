import { isJsonObject, type JsonValue } from '../lib/json.ts'
import { usablePattern } from './pattern.ts'

/** Drafts of JSON Schema, by the names that the validator gives them. */
export type Draft = '4' | '7' | '2019-09' | '2020-12'

export function draftOf(schema: JsonValue): Draft {
  const uri = isJsonObject(schema) ? schema['$schema'] : undefined
  if (typeof uri !== 'string') return '2020-12'
  if (uri.includes('draft-04')) return '4'
  if (uri.includes('draft-06') || uri.includes('draft-07')) return '7'
  return uri.includes('2019-09') ? '2019-09' : '2020-12'
}

/** What the value of a keyword has to be. `any` is data, never looked into. */
export type KeywordShape =
  | 'any'
  | 'schema'
  | 'schema-or-schemas'
  | 'schemas'
  | 'schema-map'
  | 'pattern-map'
  | 'dependencies'
  | 'type'
  | 'values'
  | 'names'
  | 'names-map'
  | 'text'
  | 'pattern'
  | 'number'
  | 'positive-number'
  | 'bound'
  | 'count'
  | 'boolean'

const SHAPES: Record<KeywordShape, string> = {
  any: 'const default examples example $vocabulary',
  schema:
    'additionalProperties unevaluatedProperties additionalItems unevaluatedItems contains propertyNames not if then else',
  'schema-or-schemas': 'items',
  schemas: 'allOf anyOf oneOf prefixItems',
  'schema-map': 'properties $defs definitions dependentSchemas',
  'pattern-map': 'patternProperties',
  dependencies: 'dependencies',
  type: 'type',
  values: 'enum',
  names: 'required',
  'names-map': 'dependentRequired',
  text: '$schema $id id $anchor $ref $recursiveRef $dynamicRef $dynamicAnchor $comment title description format contentEncoding contentMediaType',
  pattern: 'pattern',
  number: 'minimum maximum',
  'positive-number': 'multipleOf',
  bound: 'exclusiveMinimum exclusiveMaximum',
  count:
    'minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains',
  boolean: 'uniqueItems $recursiveAnchor deprecated readOnly writeOnly nullable',
}

/** Every keyword that we know, with its shape. */
export const KEYWORDS: ReadonlyMap<string, KeywordShape> = new Map(
  Object.entries(SHAPES).flatMap(([shape, names]) =>
    names.split(' ').map((name) => [name, shape as KeywordShape] as const),
  ),
)

export const JSON_TYPES: readonly string[] = [
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
]

/** Type names of Python (as in the BFCL data) and of other languages, as JSON Schema calls them; null is "no type given". */
const FOREIGN_TYPES: ReadonlyMap<string, string | null> = new Map([
  ['dict', 'object'],
  ['str', 'string'],
  ['int', 'integer'],
  ['long', 'integer'],
  ['float', 'number'],
  ['double', 'number'],
  ['bool', 'boolean'],
  ['list', 'array'],
  ['tuple', 'array'],
  ['set', 'array'],
  ['none', 'null'],
  ['any', null],
])

/** What JSON Schema calls a type of another language; undefined when the name is unknown, null when it means any type. */
export function foreignType(name: string): string | null | undefined {
  const lower = name.toLowerCase()
  if (lower !== name && JSON_TYPES.includes(lower)) return lower
  return FOREIGN_TYPES.get(lower)
}

/** Why a keyword's value is no legal one, as the end of "must be …"; null when it is fine. One level deep. */
export function shapeProblem(shape: KeywordShape, value: JsonValue, draft: Draft): string | null {
  switch (shape) {
    case 'any':
      return null
    case 'schema':
      return isSchema(value) ? null : 'a schema: an object, true or false'
    case 'schema-or-schemas':
      return isSchema(value) || isSchemas(value) ? null : 'a schema: an object, true or false'
    case 'schemas':
      return isSchemas(value) && value.length > 0 ? null : 'a list of at least one schema'
    case 'schema-map':
    case 'pattern-map':
    case 'dependencies':
    case 'names-map':
      return isJsonObject(value) ? null : 'an object'
    case 'type':
      return isTypes(value) ? null : 'the name of a type or a list of such names'
    case 'values':
      return Array.isArray(value) ? null : 'a list of values'
    case 'names':
      return isNames(value) ? null : 'a list of names'
    case 'text':
      return typeof value === 'string' ? null : 'a string'
    case 'pattern':
      if (typeof value !== 'string') return 'a string'
      return usablePattern(value) === null ? 'a valid regular expression' : null
    case 'number':
      return typeof value === 'number' ? null : 'a number'
    case 'positive-number':
      return typeof value === 'number' && value > 0 ? null : 'a number above 0'
    case 'bound':
      if (draft === '4') return typeof value === 'boolean' ? null : 'true or false in draft 4'
      return typeof value === 'number' ? null : 'a number'
    case 'count':
      return Number.isSafeInteger(value) && Number(value) >= 0 ? null : 'a whole number, 0 or more'
    case 'boolean':
      return typeof value === 'boolean' ? null : 'true or false'
    default:
      return shape satisfies never
  }
}

export function isNames(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

function isSchema(value: JsonValue): boolean {
  return typeof value === 'boolean' || isJsonObject(value)
}

function isSchemas(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value) && value.every(isSchema)
}

function isTypes(value: JsonValue): boolean {
  return typeof value === 'string' || (isNames(value) && value.length > 0)
}
