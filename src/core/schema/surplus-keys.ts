import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import type { CallIssue } from './call-issue.ts'
import { childPointer } from './json-pointer.ts'
import { nearest } from './nearest.ts'
import { objectAt, viewsOf } from './schema-views.ts'

/**
 * Keys that no `properties` names although the schema says nothing about additional ones.
 *
 * JSON Schema allows them, but a tool does not know them: a model that writes `Location` for an optional `location` would
 * pass without a word. So they are warnings.
 */
export function surplusKeys(root: JsonObject, value: JsonValue): readonly CallIssue[] {
  return surplusAt({ root, starts: [root], path: '' }, value)
}

type Place = {
  readonly root: JsonObject
  readonly starts: readonly JsonValue[]
  readonly path: string
}

function surplusAt(place: Place, value: JsonValue): readonly CallIssue[] {
  const { schemas, open } = viewsOf(place.root, place.starts)
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      surplusAt(
        {
          ...place,
          starts: schemas.flatMap((schema) => itemSchemas(schema, index)),
          path: childPointer(place.path, index),
        },
        item,
      ),
    )
  }
  if (!isJsonObject(value)) return []
  const declared = schemas.flatMap((schema) => Object.keys(objectAt(schema, 'properties')))
  const closed =
    !open && schemas.some((schema) => schema['properties'] !== undefined) && !schemas.some(saysMore)
  return Object.entries(value).flatMap(([key, item]) => {
    const path = childPointer(place.path, key)
    if (declared.includes(key)) {
      const starts = schemas.flatMap((schema) => {
        const properties = objectAt(schema, 'properties')
        return Object.hasOwn(properties, key) ? [properties[key] ?? true] : []
      })
      return surplusAt({ ...place, starts, path }, item)
    }
    return closed
      ? [surplusIssue('warning', path, { key, declared, given: Object.keys(value) })]
      : []
  })
}

export type SurplusKey = {
  readonly key: string
  readonly declared: readonly string[]
  readonly given: readonly string[]
}

export function surplusIssue(
  severity: CallIssue['severity'],
  path: string,
  { key, declared, given }: SurplusKey,
): CallIssue {
  const suggestion = nearest(
    key,
    declared.filter((name) => !given.includes(name)),
  )
  return {
    kind: 'additional',
    severity,
    path,
    message:
      severity === 'error'
        ? `${JSON.stringify(key)} is not allowed here.`
        : `The tool does not know ${JSON.stringify(key)}.`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

function saysMore(schema: JsonObject): boolean {
  return ['additionalProperties', 'unevaluatedProperties', 'patternProperties'].some(
    (keyword) => schema[keyword] !== undefined,
  )
}

function itemSchemas(schema: JsonObject, index: number): readonly JsonValue[] {
  const { prefixItems, items } = schema
  if (Array.isArray(prefixItems) && index < prefixItems.length) return [prefixItems[index] ?? true]
  if (Array.isArray(items)) return [items[index] ?? true]
  return items === undefined ? [] : [items]
}
