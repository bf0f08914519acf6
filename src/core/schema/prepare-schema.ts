import { dereference, type Schema } from '@cfworker/json-schema'

import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import {
  type Draft,
  draftOf,
  foreignType,
  isNames,
  JSON_TYPES,
  KEYWORDS,
  shapeProblem,
} from './keywords.ts'
import { MAX_PATTERN_COST_BITS, patternCostBits, usablePattern } from './pattern.ts'

/** Steps are evaluations of one subschema on one value; a real call takes tens. */
const MAX_STEPS = 50_000

/** A schema that the validator can run: our own copy, cleared of what would make it throw or run away. */
export type PreparedSchema = {
  readonly schema: Schema | boolean
  readonly lookup: Record<string, Schema | boolean>
  readonly draft: Draft
  /** Patterns that were left out because they may take too long on a text this long. */
  readonly skippedPatterns: readonly string[]
}

/** Thrown out of the validator when a schema takes too many steps. */
export class StepLimitError extends Error {}

/**
 * Copies a schema for `@cfworker/json-schema`.
 *
 * The validator throws on malformed keywords, invalid patterns and references that resolve nowhere, writes into the schema,
 * and has no limit. Here malformed parts are left out, so that the rest still counts (the tool's own check reports them),
 * and every evaluation of a subschema is counted. May throw on schemas nested too deeply.
 */
export function prepareSchema(source: JsonValue, longestText: number): PreparedSchema {
  const draft = draftOf(source)
  const copier: Copier = { draft, longestText, steps: 0, skippedPatterns: new Set(), keepIds: true }
  let schema = copySchema(source, copier)
  let lookup: Record<string, Schema | boolean>
  try {
    lookup = dereference(schema)
  } catch {
    // An `$id` that is no URL, or used twice: without ids, references inside the definition still resolve.
    copier.keepIds = false
    schema = copySchema(source, copier)
    lookup = dereference(schema)
  }
  for (const target of Object.values(lookup)) dropBrokenReference(target, lookup)
  return { schema, lookup, draft, skippedPatterns: [...copier.skippedPatterns] }
}

type Copier = {
  readonly draft: Draft
  readonly longestText: number
  readonly skippedPatterns: Set<string>
  steps: number
  keepIds: boolean
}

const ID_KEYWORDS: readonly string[] = ['$id', 'id', '$anchor']

/** Formats that the validator asserts. Others are annotations, as the standard allows. */
export const KNOWN_FORMATS: readonly string[] = (
  'date time date-time duration uri uri-reference uri-template email hostname ipv4 ipv6 regex uuid ' +
  'json-pointer json-pointer-uri-fragment relative-json-pointer'
).split(' ')

function copySchema(source: JsonValue, copier: Copier): Schema | boolean {
  if (typeof source === 'boolean') return source
  if (!isJsonObject(source)) return true
  const entries: [string, unknown][] = []
  for (const [keyword, value] of Object.entries(source)) {
    if (keyword.startsWith('__absolute_') || keyword === '$recursiveAnchor') continue
    if (!copier.keepIds && ID_KEYWORDS.includes(keyword)) continue
    const copied = copyKeyword(keyword, value, copier)
    if (copied !== undefined) entries.push([keyword, copied])
  }
  const copy: Schema = Object.fromEntries(entries)
  // The validator reads every keyword of a schema each time it evaluates it: the one hook there is to count steps.
  const anchor = source['$recursiveAnchor'] === true
  Object.defineProperty(copy, '$recursiveAnchor', {
    enumerable: false,
    get: () => {
      if (++copier.steps > MAX_STEPS) throw new StepLimitError('too many steps')
      return anchor
    },
  })
  return copy
}

function copyKeyword(keyword: string, value: JsonValue, copier: Copier): unknown {
  const shape = KEYWORDS.get(keyword)
  // References may lead into a keyword that we do not know.
  if (!shape) return isJsonObject(value) ? copySchema(value, copier) : value
  if (shapeProblem(shape, value, copier.draft) !== null) return undefined
  switch (shape) {
    case 'schema':
      return copySchema(value, copier)
    case 'schema-or-schemas':
    case 'schemas':
      return Array.isArray(value)
        ? value.map((item) => copySchema(item, copier))
        : copySchema(value, copier)
    case 'schema-map':
      return mapObject(value, (key, schema) => [key, copySchema(schema, copier)])
    case 'pattern-map':
      return mapObject(value, (pattern, schema) => {
        const usable = copyPattern(pattern, copier)
        return usable === undefined ? null : [usable, copySchema(schema, copier)]
      })
    case 'dependencies':
      return mapObject(value, (key, item) => {
        if (isNames(item)) return [key, [...item]]
        return Array.isArray(item) ? null : [key, copySchema(item, copier)]
      })
    case 'names-map':
      return mapObject(value, (key, names) => (isNames(names) ? [key, [...names]] : null))
    case 'type':
      return copyType(value)
    case 'pattern':
      return typeof value === 'string' ? copyPattern(value, copier) : undefined
    case 'text':
      return keyword !== 'format' || KNOWN_FORMATS.some((format) => format === value)
        ? value
        : undefined
    default:
      return value
  }
}

function mapObject(
  value: JsonValue,
  change: (key: string, value: JsonValue) => readonly [string, unknown] | null,
): unknown {
  const source: JsonObject = isJsonObject(value) ? value : {}
  return Object.fromEntries(
    Object.entries(source).flatMap(([key, item]) => {
      const changed = change(key, item)
      return changed ? [changed] : []
    }),
  )
}

function copyType(value: JsonValue): string | string[] | undefined {
  const types = (Array.isArray(value) ? value : [value]).map((type) => standardType(String(type)))
  if (types.some((type) => type === null)) return undefined
  const known = types.filter((type) => type !== null)
  return Array.isArray(value) ? known : known[0]
}

/** The JSON Schema type for a name; null when it means any type or is unknown. */
export function standardType(name: string): string | null {
  return JSON_TYPES.includes(name) ? name : (foreignType(name) ?? null)
}

function copyPattern(source: string, copier: Copier): string | undefined {
  const pattern = usablePattern(source)
  if (pattern === null) return undefined
  if (patternCostBits(pattern, copier.longestText) <= MAX_PATTERN_COST_BITS) return pattern
  copier.skippedPatterns.add(source)
  return undefined
}

function dropBrokenReference(
  schema: Schema | boolean,
  lookup: Record<string, Schema | boolean>,
): void {
  if (typeof schema === 'boolean' || schema.$ref === undefined) return
  if (lookup[schema.__absolute_ref__ ?? schema.$ref] === undefined) delete schema.$ref
}
