import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import { valueAt } from './json-pointer.ts'

const IN_PLACE_LISTS: readonly string[] = ['allOf', 'anyOf', 'oneOf']
const IN_PLACE: readonly string[] = ['if', 'then', 'else']

/** The schemas that may all apply to one value. */
export type SchemaViews = {
  readonly schemas: readonly JsonObject[]
  /** Something that we cannot look into applies as well: a foreign reference, or `true`. */
  readonly open: boolean
}

/** A schema and everything it applies to the same value: references, combinators and conditions, each once. */
export function viewsOf(root: JsonObject, starts: readonly JsonValue[]): SchemaViews {
  const schemas = new Set<JsonObject>()
  const waiting = [...starts]
  let open = false
  while (waiting.length > 0) {
    const schema = waiting.pop()
    if (schema === false || schema === undefined) continue
    if (!isJsonObject(schema)) {
      open = true
      continue
    }
    if (schemas.has(schema)) continue
    schemas.add(schema)
    const reference = schema['$ref'] ?? schema['$recursiveRef'] ?? schema['$dynamicRef']
    if (typeof reference === 'string') {
      const target = resolveReference(root, reference)
      if (target === undefined) open = true
      else waiting.push(target)
    }
    for (const keyword of IN_PLACE_LISTS) {
      const list = schema[keyword]
      if (Array.isArray(list)) waiting.push(...list)
    }
    for (const keyword of IN_PLACE) if (schema[keyword] !== undefined) waiting.push(schema[keyword])
    for (const dependent of Object.values(objectAt(schema, 'dependentSchemas')))
      waiting.push(dependent)
  }
  return { schemas: [...schemas], open }
}

/** What `#`, `#/json/pointer` or `#anchor` means in this schema; undefined when it leads nowhere or elsewhere. */
export function resolveReference(root: JsonObject, reference: string): JsonValue | undefined {
  if (!reference.startsWith('#')) return undefined
  const fragment = decodeFragment(reference.slice(1))
  if (fragment === '' || fragment.startsWith('/')) return valueAt(root, fragment)
  return findAnchor(root, fragment)
}

export function objectAt(schema: JsonObject, keyword: string): JsonObject {
  const value = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined
  return isJsonObject(value) ? value : {}
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    // A lone `%`: taken as it stands.
    return fragment
  }
}

function findAnchor(value: JsonValue, anchor: string): JsonObject | undefined {
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (Array.isArray(next)) waiting.push(...next)
    if (!isJsonObject(next)) continue
    if (next['$anchor'] === anchor || next['$dynamicAnchor'] === anchor) return next
    if (next['$id'] === `#${anchor}` || next['id'] === `#${anchor}`) return next
    waiting.push(...Object.values(next))
  }
  return undefined
}
