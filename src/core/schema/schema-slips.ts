import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import { isNames } from './keywords.ts'
import { nearest } from './nearest.ts'
import { standardType } from './prepare-schema.ts'
import type { SchemaNode, SchemaProblem } from './schema-problem.ts'
import { objectAt } from './schema-views.ts'
import { validateValue } from './validate-value.ts'
import { shortValue } from './value-text.ts'

/** Keywords that are fine each by itself but not together. */
export function checkTogether(node: SchemaNode): readonly SchemaProblem[] {
  return [
    ...checkRequired(node),
    ...checkEnum(node),
    ...checkLimits(node),
    ...checkDefault(node),
    ...checkItems(node),
    ...checkProperties(node),
  ]
}

/** Keywords under which properties may be declared elsewhere. */
const DECLARED_ELSEWHERE: readonly string[] = [
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'patternProperties',
]

function checkRequired({ schema, path }: SchemaNode): readonly SchemaProblem[] {
  const required = schema['required']
  if (required === undefined || !isNames(required)) return []
  const declared = Object.keys(objectAt(schema, 'properties'))
  const isWhole = path.length === 0 || schema['properties'] !== undefined
  const isElsewhere = DECLARED_ELSEWHERE.some((keyword) => schema[keyword] !== undefined)
  return required.flatMap((name, index): readonly SchemaProblem[] => {
    const place = { path: [...path, 'required', index], at: 'value' } as const
    if (required.indexOf(name) < index) {
      return [
        { ...place, severity: 'warning', message: `${JSON.stringify(name)} is listed twice.` },
      ]
    }
    if (!isWhole || isElsewhere || declared.includes(name)) return []
    const near = nearest(name, declared)
    const hint = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
    const message = `There is no property ${JSON.stringify(name)} to require.${hint}`
    return [{ ...place, severity: 'error', message }]
  })
}

function checkEnum({ schema, path }: SchemaNode): readonly SchemaProblem[] {
  const values = schema['enum']
  if (!Array.isArray(values)) return []
  if (values.length === 0) {
    const message = 'An empty "enum" allows no value at all.'
    return [{ severity: 'error', path: [...path, 'enum'], at: 'value', message }]
  }
  const seen = new Set<string>()
  return values.flatMap((value, index): readonly SchemaProblem[] => {
    const place = { path: [...path, 'enum', index], at: 'value' } as const
    const text = JSON.stringify(value)
    if (seen.has(text)) {
      return [{ ...place, severity: 'warning', message: `${shortValue(value)} is listed twice.` }]
    }
    seen.add(text)
    if (fitsType(schema, value)) return []
    const message = `${shortValue(value)} does not have the type that "type" asks for.`
    return [{ ...place, severity: 'error', message }]
  })
}

function fitsType(schema: JsonObject, value: JsonValue): boolean {
  const type = schema['type']
  if (type === undefined) return true
  return validateValue({ type }, value).length === 0
}

const LIMITS: readonly (readonly [lower: string, upper: string])[] = [
  ['minimum', 'maximum'],
  ['exclusiveMinimum', 'exclusiveMaximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
  ['minContains', 'maxContains'],
]

function checkLimits({ schema, path }: SchemaNode): readonly SchemaProblem[] {
  return LIMITS.flatMap(([lower, upper]): readonly SchemaProblem[] => {
    const from = schema[lower]
    const to = schema[upper]
    if (typeof from !== 'number' || typeof to !== 'number') return []
    if (from < to || (from === to && !lower.startsWith('exclusive'))) return []
    const message = `No value fits: "${lower}" is ${from} and "${upper}" is ${to}.`
    return [{ severity: 'error', path: [...path, upper], at: 'value', message }]
  })
}

function checkDefault({ root, schema, path }: SchemaNode): readonly SchemaProblem[] {
  const value = Object.hasOwn(schema, 'default') ? schema['default'] : undefined
  if (value === undefined) return []
  // References of the property lead to definitions at the root.
  const around = ['$schema', '$defs', 'definitions'].flatMap((keyword) => {
    const item = root[keyword]
    return item === undefined ? [] : [[keyword, item] as const]
  })
  const issues = validateValue({ ...Object.fromEntries(around), ...schema }, value)
  const issue = issues.find(({ severity }) => severity === 'error')
  if (!issue) return []
  const message = `The default does not fit its own schema. ${issue.message}`
  return [{ severity: 'warning', path: [...path, 'default'], at: 'value', message }]
}

function checkItems({ schema, path }: SchemaNode): readonly SchemaProblem[] {
  const type = schema['type']
  if (typeof type !== 'string' || standardType(type) !== 'array') return []
  if (['items', 'prefixItems', '$ref', 'contains'].some((keyword) => schema[keyword] !== undefined))
    return []
  const message = 'A list should say what its items are: add "items".'
  return [{ severity: 'warning', path: [...path, 'type'], at: 'value', message }]
}

const SAYS_WHAT_IT_IS: readonly string[] =
  'type enum const $ref anyOf oneOf allOf not if properties items'.split(' ')

/** A property that accepts anything helps no model. */
function checkProperties({ schema, path }: SchemaNode): readonly SchemaProblem[] {
  return Object.entries(objectAt(schema, 'properties')).flatMap(([name, property]) => {
    if (
      !isJsonObject(property) ||
      SAYS_WHAT_IT_IS.some((keyword) => property[keyword] !== undefined)
    ) {
      return []
    }
    const message = `${JSON.stringify(name)} has no type: any value is allowed.`
    return [
      { severity: 'warning', path: [...path, 'properties', name], at: 'key', message } as const,
    ]
  })
}
