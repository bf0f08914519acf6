import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import {
  draftOf,
  foreignType,
  isNames,
  JSON_TYPES,
  KEYWORDS,
  type KeywordShape,
  shapeProblem,
} from './keywords.ts'
import { nearest } from './nearest.ts'
import { compileError } from './pattern.ts'
import type { SchemaNode, SchemaProblem } from './schema-problem.ts'
import { checkTogether } from './schema-slips.ts'
import { resolveReference } from './schema-views.ts'
import { orList, shortValue } from './value-text.ts'

/**
 * Checks that a tool's `parameters` are a JSON Schema that says what its author meant, at every depth.
 *
 * Errors are what no validator could honor; warnings are what JSON Schema allows but is probably a slip.
 */
export function checkSchema(root: JsonObject): readonly SchemaProblem[] {
  return checkNode({ root, draft: draftOf(root), schema: root, path: [] })
}

function checkNode(node: SchemaNode): readonly SchemaProblem[] {
  const own = Object.entries(node.schema).flatMap(([keyword, value]) =>
    checkKeyword(node, keyword, value),
  )
  return [...own, ...checkTogether(node)]
}

function checkKeyword(
  node: SchemaNode,
  keyword: string,
  value: JsonValue,
): readonly SchemaProblem[] {
  const path = [...node.path, keyword]
  const shape = KEYWORDS.get(keyword)
  if (!shape) return checkUnknown(keyword, path)
  if (shape === 'pattern' && typeof value === 'string') return checkPattern(value, path, 'value')
  const wanted = shapeProblem(shape, value, node.draft)
  if (wanted === null) return checkContent(node, shape, path)
  const message =
    keyword === 'required' && typeof value === 'boolean'
      ? '"required" is no flag of one property: list the names in a "required" beside "properties".'
      : `${JSON.stringify(keyword)} must be ${wanted}.`
  return [{ severity: 'error', path, at: 'value', message }]
}

/** What stands under a keyword whose own value has the right shape. */
function checkContent(
  node: SchemaNode,
  shape: KeywordShape,
  path: readonly (string | number)[],
): readonly SchemaProblem[] {
  const value = node.schema[path.at(-1) ?? ''] ?? null
  switch (shape) {
    case 'schema':
    case 'schema-or-schemas':
    case 'schemas':
      if (!Array.isArray(value)) return checkSub(node, path, value)
      return value.flatMap((item, index) => checkSub(node, [...path, index], item))
    case 'schema-map':
    case 'pattern-map':
    case 'dependencies':
      return Object.entries(isJsonObject(value) ? value : {}).flatMap(([key, item]) => {
        const inner = [...path, key]
        if (shape === 'dependencies' && isNames(item)) return []
        const badKey = shape === 'pattern-map' ? checkPattern(key, inner, 'key') : []
        return [...badKey, ...checkSub(node, inner, item)]
      })
    case 'names-map':
      return Object.entries(isJsonObject(value) ? value : {}).flatMap(([key, names]) =>
        isNames(names)
          ? []
          : [error([...path, key], `${JSON.stringify(key)} must have a list of names.`)],
      )
    case 'type':
      return checkTypes(path, value)
    case 'text':
      return path.at(-1) === '$ref' ? checkReference(node, path) : []
    default:
      return []
  }
}

function checkSub(
  node: SchemaNode,
  path: readonly (string | number)[],
  value: JsonValue,
): readonly SchemaProblem[] {
  if (typeof value === 'boolean') return []
  if (isJsonObject(value)) return checkNode({ ...node, schema: value, path })
  const isType =
    typeof value === 'string' && (JSON_TYPES.includes(value) || foreignType(value) !== undefined)
  const hint = isType ? ` Write {"type": ${JSON.stringify(value)}}.` : ''
  return [error(path, `A schema is an object, not ${shortValue(value)}.${hint}`)]
}

function checkTypes(
  path: readonly (string | number)[],
  value: JsonValue,
): readonly SchemaProblem[] {
  const list = Array.isArray(value) ? value : [value]
  return list.flatMap((type, index): readonly SchemaProblem[] => {
    if (typeof type !== 'string' || JSON_TYPES.includes(type)) return []
    const place = Array.isArray(value) ? [...path, index] : path
    const standard = foreignType(type)
    if (standard !== undefined) {
      const instead = standard === null ? 'leave the type out' : `it is ${JSON.stringify(standard)}`
      const message = `${JSON.stringify(type)} is no type of JSON Schema: ${instead}.`
      return [{ severity: 'warning', path: place, at: 'value', message }]
    }
    const near = nearest(type, JSON_TYPES)
    const hint = near
      ? `Did you mean ${JSON.stringify(near)}?`
      : `It can be ${orList(JSON_TYPES.map((name) => JSON.stringify(name)))}.`
    return [error(place, `There is no type ${JSON.stringify(type)}. ${hint}`)]
  })
}

function checkReference(
  { root, schema }: SchemaNode,
  path: readonly (string | number)[],
): readonly SchemaProblem[] {
  const reference = schema['$ref']
  if (typeof reference !== 'string') return []
  // With ids of its own, a schema may refer to itself in ways that only the validator follows.
  if (root['$id'] !== undefined || resolveReference(root, reference) !== undefined) return []
  const message = reference.startsWith('#')
    ? `${JSON.stringify(reference)} leads nowhere in these parameters.`
    : `${JSON.stringify(reference)} lies outside of these parameters: only references such as "#/$defs/Name" work.`
  return [error(path, message)]
}

function checkPattern(
  pattern: string,
  path: readonly (string | number)[],
  at: SchemaProblem['at'],
): readonly SchemaProblem[] {
  if (shapeProblem('pattern', pattern, '2020-12') === null) return []
  const why = compileError(pattern)?.replace(/^.*\/u?: /s, '') ?? ''
  return [{ severity: 'error', path, at, message: `This is no valid regular expression: ${why}.` }]
}

/** A keyword that is almost one of ours was meant to be it. */
function checkUnknown(
  keyword: string,
  path: readonly (string | number)[],
): readonly SchemaProblem[] {
  const near = keyword.startsWith('x-') ? undefined : nearest(keyword, [...KEYWORDS.keys()])
  if (near === undefined) return []
  const message = `JSON Schema has no ${JSON.stringify(keyword)}. Did you mean ${JSON.stringify(near)}?`
  return [{ severity: 'warning', path, at: 'key', message }]
}

function error(path: readonly (string | number)[], message: string): SchemaProblem {
  return { severity: 'error', path, at: 'value', message }
}
