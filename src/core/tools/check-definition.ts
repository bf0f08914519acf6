import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import { checkSchema } from '../schema/check-schema.ts'
import { KEYWORDS } from '../schema/keywords.ts'
import { nearest } from '../schema/nearest.ts'
import { standardType } from '../schema/prepare-schema.ts'
import { shortValue } from '../schema/value-text.ts'
import type { DefinitionParts } from './notation.ts'

/** Something wrong with a definition, placed by keys from its outermost object. `open` is the bracket that begins a value. */
export type DefinitionProblem = {
  readonly severity: 'error' | 'warning'
  readonly path: readonly (string | number)[]
  readonly at: 'value' | 'key' | 'open'
  readonly message: string
}

/** OpenAI's rule, which the other APIs share. */
const LEGAL_NAME = /^[a-zA-Z0-9_-]{1,64}$/

/** Some servers and the BFCL data name tools `group.tool`. */
const DOTTED_NAME = /^[a-zA-Z0-9_.-]{1,64}$/

/** Checks everything about a definition but its JSON: the name, the description and the schema of the parameters. */
export function checkDefinition(
  value: JsonObject,
  parts: DefinitionParts,
): readonly DefinitionProblem[] {
  return [
    ...checkWrapper(value, parts),
    ...checkName(parts),
    ...checkDescription(parts),
    ...checkKeys(parts),
    ...checkParameters(parts),
  ]
}

function checkWrapper(
  value: JsonObject,
  { notation }: DefinitionParts,
): readonly DefinitionProblem[] {
  if (notation === 'openai') {
    if (value['type'] === 'function') return []
    const message = 'In the OpenAI notation "type": "function" stands beside "function".'
    return [{ severity: 'warning', path: ['function'], at: 'key', message }]
  }
  if (value['function'] === undefined || value['name'] !== undefined) return []
  return [problem(['function'], '"function" must be an object with the definition.')]
}

function checkName({ inner, path }: DefinitionParts): readonly DefinitionProblem[] {
  const { name } = inner
  if (name === undefined) {
    const at = { path, at: 'open' } as const
    return [{ ...at, severity: 'error', message: 'The tool has no "name".' }]
  }
  const place = [...path, 'name']
  if (typeof name !== 'string') return [problem(place, 'The name must be text in double quotes.')]
  if (name === '') return [problem(place, 'The name is empty.')]
  if (LEGAL_NAME.test(name)) return []
  if (DOTTED_NAME.test(name)) {
    const message = 'Most APIs allow no dots in names: only letters, digits, _ and -.'
    return [{ severity: 'warning', path: place, at: 'value', message }]
  }
  const rule =
    name.length > 64 ? 'is longer than 64 characters' : 'may have only letters, digits, _ and -'
  return [problem(place, `The name ${rule}.`)]
}

function checkDescription({ inner, path }: DefinitionParts): readonly DefinitionProblem[] {
  const { name, description } = inner
  if (typeof description === 'string' && description.trim() !== '') return []
  if (description !== undefined && typeof description !== 'string') {
    return [problem([...path, 'description'], 'The description must be text in double quotes.')]
  }
  const message = 'Without a "description" the model only has the name to go by.'
  const place = description === undefined ? (name === undefined ? [] : ['name']) : ['description']
  return [{ severity: 'warning', path: [...path, ...place], at: 'key', message }]
}

const KNOWN_KEYS: readonly string[] = [
  'name',
  'description',
  'parameters',
  'input_schema',
  'inputSchema',
]

/** A key that is almost one that is missing. */
function checkKeys({ inner, path }: DefinitionParts): readonly DefinitionProblem[] {
  const missing = KNOWN_KEYS.filter((key) => !Object.hasOwn(inner, key))
  return Object.keys(inner).flatMap((key): readonly DefinitionProblem[] => {
    const near = KNOWN_KEYS.includes(key) ? undefined : nearest(key, missing)
    if (near === undefined) return []
    const message = `There is no ${JSON.stringify(key)}. Did you mean ${JSON.stringify(near)}?`
    return [{ severity: 'warning', path: [...path, key], at: 'key', message }]
  })
}

function checkParameters({
  inner,
  path,
  parametersKey,
}: DefinitionParts): readonly DefinitionProblem[] {
  const name = inner['name'] === undefined ? [] : ['name']
  if (parametersKey === null) {
    const message = 'There are no "parameters": the tool is taken to have no arguments.'
    return [{ severity: 'warning', path: [...path, ...name], at: 'key', message }]
  }
  const place = [...path, parametersKey]
  const parameters = inner[parametersKey]
  if (parameters === null) {
    const message =
      'null is taken to mean no arguments. Write {"type": "object", "properties": {}}.'
    return [{ severity: 'warning', path: place, at: 'value', message }]
  }
  if (!isJsonObject(parameters)) {
    return [
      problem(
        place,
        `The parameters must be a JSON Schema object, not ${shortValue(parameters ?? null)}.`,
      ),
    ]
  }
  const inSchema = checkSchema(parameters).map((found) => ({
    ...found,
    path: [...place, ...found.path],
  }))
  return [...checkRoot(parameters, place), ...inSchema]
}

function checkRoot(parameters: JsonObject, place: readonly string[]): readonly DefinitionProblem[] {
  const { type } = parameters
  if (type !== undefined) {
    if (isObjectType(type)) return []
    return [
      problem([...place, 'type'], 'Arguments are always an object: the type must be "object".'),
    ]
  }
  if (isListOfParameters(parameters)) {
    const message =
      'These are parameters without their schema: wrap them as {"type": "object", "properties": { … }}.'
    return [{ severity: 'error', path: place, at: 'key', message }]
  }
  if (['$ref', 'allOf', 'anyOf', 'oneOf'].some((keyword) => parameters[keyword] !== undefined))
    return []
  if (Object.keys(parameters).length === 0) return []
  const message = 'The schema of the parameters should begin with "type": "object".'
  return [{ severity: 'warning', path: place, at: 'key', message }]
}

function isObjectType(type: JsonValue): boolean {
  const types = Array.isArray(type) ? type : [type]
  // A name that is no type at all is told as such.
  return types.some(
    (name) => typeof name !== 'string' || (standardType(name) ?? 'object') === 'object',
  )
}

/** `{location: {type: "string"}}`, as some data sets write parameters. */
function isListOfParameters(parameters: JsonObject): boolean {
  const entries = Object.entries(parameters)
  return (
    entries.length > 0 && entries.every(([key, value]) => !KEYWORDS.has(key) && isJsonObject(value))
  )
}

function problem(path: readonly (string | number)[], message: string): DefinitionProblem {
  return { severity: 'error', path, at: 'value', message }
}
