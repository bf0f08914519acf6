import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import { JsonScanner } from './json-scanner.ts'

type TypeName = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'object' | 'array'

/** References nest no deeper in a schema that a person wrote. */
const MAX_REFERENCES = 20
/** Templates that print values with Python's `str` train models to write these. */
const PYTHON_WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['True', true],
  ['False', false],
  ['None', null],
])

/**
 * What an argument means that is written without quotes, so that only its tool's schema tells `5` from `"5"`.
 *
 * Where the schema wants a string, the text is the value, whatever it looks like. Where it wants something else, and
 * where nothing is known of it, the text is read as JSON (`True`, `False` and `None` too) if it is JSON, else it stays
 * text: validation then says what is wrong with it. Where strings and others are allowed, others come first.
 */
export function typedText(text: string, key: string, parameters: JsonObject | null): JsonValue {
  const types = allowedTypes(propertySchema(key, parameters), parameters, 0)
  const allows = (type: TypeName) => types === null || types.has(type)
  if (types !== null && types.size === 1 && allows('string')) return text
  const value = jsonOf(text)
  if (value === undefined) return text
  // A quoted string is one that the model quoted for itself, unless the quotes are its text.
  if (types !== null && allows('string') && !allows(typeOf(value))) return text
  if (types === null && typeof value === 'string') return text
  return value
}

/** The value of a JSON text, or of one of Python's words; undefined when it is neither, or nested deeper than we accept. */
export function jsonOf(text: string): JsonValue | undefined {
  const trimmed = text.trim()
  if (PYTHON_WORDS.has(trimmed)) return PYTHON_WORDS.get(trimmed)
  if (!/^(?:[-\d"[{]|true$|false$|null$)/.test(trimmed) || isTooDeep(trimmed)) return undefined
  try {
    return JSON.parse(trimmed)
  } catch {
    return undefined
  }
}

function isTooDeep(text: string): boolean {
  if (!/^[[{]/.test(text)) return false
  const scanner = new JsonScanner(1)
  let index = 0
  while (!scanner.isDone && index < text.length) {
    index = scanner.run(text, index)
    if (scanner.event === 'invalid') return true
  }
  return false
}

function typeOf(value: JsonValue): TypeName {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'boolean'
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number'
    default:
      return 'object'
  }
}

function propertySchema(key: string, parameters: JsonObject | null): JsonValue | undefined {
  const properties = parameters?.['properties']
  if (isJsonObject(properties) && Object.hasOwn(properties, key)) return properties[key]
  return parameters?.['additionalProperties']
}

/** The types that a schema allows; null when it does not say. */
function allowedTypes(
  schema: JsonValue | undefined,
  root: JsonObject | null,
  references: number,
): ReadonlySet<TypeName> | null {
  if (!isJsonObject(schema) || references > MAX_REFERENCES) return null
  const { type, enum: choices, const: constant, $ref, anyOf, oneOf, allOf } = schema
  if (typeof $ref === 'string') return allowedTypes(resolve($ref, root), root, references + 1)
  if (typeof type === 'string') return namesOf([type])
  if (Array.isArray(type)) return namesOf(type)
  if (Array.isArray(choices)) return namesOf(choices.map(typeOf))
  if (constant !== undefined) return namesOf([typeOf(constant)])
  const union = anyOf ?? oneOf
  if (Array.isArray(union)) {
    const branches = union.map((branch) => allowedTypes(branch, root, references + 1))
    if (branches.some((branch) => branch === null)) return null
    return new Set(branches.flatMap((branch) => [...(branch ?? [])]))
  }
  if (!Array.isArray(allOf)) return null
  const known = allOf.map((part) => allowedTypes(part, root, references + 1))
  return known.find((types) => types !== null) ?? null
}

const TYPE_NAMES: readonly string[] = [
  'string',
  'number',
  'integer',
  'boolean',
  'null',
  'object',
  'array',
] satisfies readonly TypeName[]

function namesOf(types: readonly JsonValue[]): ReadonlySet<TypeName> | null {
  const known = types.filter(isTypeName)
  if (known.includes('number')) known.push('integer')
  return known.length === 0 ? null : new Set(known)
}

function isTypeName(name: JsonValue): name is TypeName {
  return typeof name === 'string' && TYPE_NAMES.includes(name)
}

/** A reference inside the tool's own schema: `#/$defs/name`. */
function resolve(reference: string, root: JsonObject | null): JsonValue | undefined {
  if (!reference.startsWith('#/')) return undefined
  let value: JsonValue | undefined = root ?? undefined
  for (const segment of reference.slice(2).split('/')) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~')
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}
