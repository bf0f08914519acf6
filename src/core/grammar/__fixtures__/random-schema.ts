import type { JsonObject, JsonValue } from '../../lib/json.ts'
import { isJsonObject } from '../../lib/json.ts'
import { resolveReference } from '../../schema/schema-views.ts'

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export type Random = () => number

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<T>(random: Random, options: readonly T[]): T {
  const found = options[Math.floor(random() * options.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

const upTo = (random: Random, most: number) => Math.floor(random() * (most + 1))
const some = <T>(random: Random, all: readonly T[]) => all.filter(() => random() < 0.5)
const sometimes = (random: Random, chance: number, part: JsonObject): JsonObject =>
  random() < chance ? part : {}

const PATTERNS = [
  '^[a-c]{1,3}$',
  '^a',
  'b$',
  'ab|c',
  '^(?:a|bc)*$',
  '^\\d{2}-\\d{2}$',
  '^[^a]+$',
  '^"\\\\?$',
]
const FORMATS = ['date', 'time', 'date-time', 'email', 'uuid', 'ipv4', 'hostname', 'uri']
const KEYS = ['a', 'b', 'c', 'd"e', 'é', 'f_1', 'g', 'h', 'i']

export type RandomSchemaOptions = {
  /** Every text is short, so that any answer comes to its end. */
  readonly isBounded: boolean
}

/** Parameters of a tool: an object schema out of everything that the grammar knows, recursion included. */
export function randomParameters(random: Random, options: RandomSchemaOptions): JsonObject {
  const maker = new SchemaMaker(random, options)
  const root = maker.object(options.isBounded ? 2 : 3)
  return options.isBounded ? root : { ...root, $defs: { leaf: maker.leaf(), node: maker.node() } }
}

class SchemaMaker {
  private readonly random: Random
  private readonly options: RandomSchemaOptions

  constructor(random: Random, options: RandomSchemaOptions) {
    this.random = random
    this.options = options
  }

  schema(depth: number): JsonValue {
    const { random } = this
    if (depth === 0 || random() < 0.4) return this.leaf()
    const kinds = this.options.isBounded
      ? ['object', 'list', 'anyOf']
      : ['object', 'list', 'list', 'anyOf', 'oneOf', 'allOf', 'ref', 'any', 'tuple']
    switch (pick(random, kinds)) {
      case 'object':
        return this.object(depth - 1)
      case 'list':
        return this.list(depth - 1)
      case 'tuple':
        return {
          type: 'array',
          prefixItems: [this.schema(depth - 1), this.schema(depth - 1)],
          ...sometimes(random, 0.6, {
            items: pick<JsonValue>(random, [false, { type: 'integer' }]),
          }),
          ...sometimes(random, 0.4, { minItems: upTo(random, 3) }),
        }
      case 'anyOf':
        return { anyOf: [this.schema(depth - 1), this.schema(depth - 1)] }
      case 'oneOf':
        return { oneOf: [this.schema(depth - 1), this.schema(depth - 1)] }
      case 'allOf':
        return { allOf: [this.object(depth - 1), this.object(depth - 1)] }
      case 'ref':
        return { $ref: pick(random, ['#/$defs/leaf', '#/$defs/node']) }
      default:
        return pick<JsonValue>(random, [{}, true, { description: 'anything' }])
    }
  }

  leaf(): JsonObject {
    const { random } = this
    switch (
      pick(random, [
        'string',
        'string',
        'pattern',
        'format',
        'integer',
        'number',
        'enum',
        'const',
        'boolean',
        'null',
        'types',
      ])
    ) {
      case 'string':
        return { type: 'string', ...this.lengths() }
      case 'pattern':
        return this.options.isBounded
          ? {
              type: 'string',
              pattern: pick(random, ['^[a-c]{1,3}$', '^\\d{2}-\\d{2}$', '^(?:a|bc){0,3}$']),
            }
          : {
              type: 'string',
              pattern: pick(random, PATTERNS),
              ...sometimes(random, 0.3, this.lengths()),
            }
      case 'format':
        return {
          type: 'string',
          format: pick(random, this.options.isBounded ? FORMATS.slice(0, 6) : FORMATS),
        }
      case 'integer':
        return {
          type: 'integer',
          ...this.bounds(false),
          ...sometimes(random, 0.2, { multipleOf: pick(random, [1, 2, 5, 7, 10]) }),
        }
      case 'number':
        return {
          type: 'number',
          ...this.bounds(true),
          ...sometimes(random, 0.2, { multipleOf: pick(random, [0.01, 0.5, 1]) }),
        }
      case 'enum':
        return {
          enum: ['x', 'y "z"', 3, true, null, ['q'], { k: 1 }]
            .filter(() => random() < 0.5)
            .concat('w'),
        }
      case 'const':
        return { const: pick<JsonValue>(random, ['fixed', 7, null, { a: [1] }]) }
      case 'types':
        return {
          type: ['string', 'integer', 'null', 'boolean']
            .filter(() => random() < 0.5)
            .concat('number'),
          ...sometimes(random, 1, this.lengths()),
        }
      default:
        return { type: pick(random, ['boolean', 'null']) }
    }
  }

  private lengths(): JsonObject {
    const least = upTo(this.random, 3)
    return {
      ...sometimes(this.random, 0.4, { minLength: least }),
      ...sometimes(this.random, this.options.isBounded ? 1 : 0.4, {
        maxLength: least + upTo(this.random, 4),
      }),
    }
  }

  private bounds(isDecimal: boolean): JsonObject {
    const { random } = this
    const scale = isDecimal ? pick(random, [1, 10, 100]) : 1
    const low = Math.round((random() - 0.5) * 200 * scale) / scale
    const high = Math.round((low + random() * 150) * scale) / scale
    return {
      ...sometimes(random, 0.5, { [pick(random, ['minimum', 'exclusiveMinimum'])]: low }),
      ...sometimes(random, 0.5, { [pick(random, ['maximum', 'exclusiveMaximum'])]: high }),
    }
  }

  private list(depth: number): JsonObject {
    const least = upTo(this.random, 2)
    return {
      type: 'array',
      items: this.schema(depth),
      ...sometimes(this.random, 0.5, { minItems: least }),
      ...sometimes(this.random, this.options.isBounded ? 1 : 0.5, {
        maxItems: least + upTo(this.random, 3),
      }),
      ...sometimes(this.random, this.options.isBounded ? 0 : 0.1, { uniqueItems: true }),
    }
  }

  object(depth: number): JsonObject {
    const { random, options } = this
    const names = options.isBounded ? KEYS.filter((key) => /^[ -~]+$/.test(key)) : KEYS
    const keys = some(random, names.slice(0, random() < 0.1 && !options.isBounded ? 9 : 5))
    return {
      type: 'object',
      properties: Object.fromEntries(keys.map((key) => [key, this.schema(depth)])),
      ...sometimes(random, 0.6, { required: some(random, keys) }),
      ...(options.isBounded
        ? { additionalProperties: false }
        : {
            ...sometimes(random, 0.5, {
              additionalProperties: pick<JsonValue>(random, [false, true, { type: 'integer' }]),
            }),
            ...sometimes(random, 0.15, { patternProperties: { '^x': { type: 'boolean' } } }),
            ...sometimes(random, 0.1, { minProperties: upTo(random, 2) }),
            ...sometimes(random, 0.1, { maxProperties: 1 + upTo(random, 3) }),
            ...sometimes(random, 0.1, { dependentRequired: { a: ['b'] } }),
          }),
    }
  }

  node(): JsonObject {
    return {
      type: 'object',
      properties: {
        value: this.leaf(),
        children: { type: 'array', items: { $ref: '#/$defs/node' } },
      },
      required: ['value'],
      additionalProperties: false,
    }
  }
}

const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'bc',
  'abca',
  'x',
  '"',
  '\\',
  '\n',
  'é',
  '12-34',
  '😀',
  'fixed',
  'w',
  '2024-02-29',
  '2023-02-29',
  '10:20:30Z',
  '2024-01-02T10:20:30+01:00',
  'a@b.co',
  'a..b@c',
  '1.2.3.256',
  '1.2.3.4',
  'https://x.org/a?b=c',
  '01234567-89ab-cdef-0123-456789abcdef',
]

/** A value that a schema may well allow, or anything. */
export function randomValue(
  random: Random,
  { schema, root }: { readonly schema: JsonValue; readonly root: JsonObject },
  depth = 4,
): JsonValue {
  if (!isJsonObject(schema) || random() < 0.06) return anyValue(random, depth)
  const inner = (next: JsonValue) => randomValue(random, { schema: next, root }, depth - 1)
  if (Array.isArray(schema['enum'])) return pick<JsonValue>(random, schema['enum'])
  if (schema['const'] !== undefined) return schema['const']
  if (typeof schema['$ref'] === 'string')
    return depth < 0 ? null : inner(resolveReference(root, schema['$ref']) ?? true)
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = schema[keyword]
    if (Array.isArray(branches)) return inner(pick<JsonValue>(random, branches))
  }
  if (Array.isArray(schema['allOf']))
    return Object.assign({}, ...schema['allOf'].map(inner)) as JsonObject
  const type = Array.isArray(schema['type'])
    ? pick<JsonValue>(random, schema['type'])
    : schema['type']
  switch (type) {
    case 'string':
      return textFor(random, schema)
    case 'integer':
      return numberFor(random, schema, 1)
    case 'number':
      return numberFor(random, schema, pick(random, [1, 10, 1000]))
    case 'boolean':
      return random() < 0.5
    case 'array':
      return depth < 0 ? [] : listFor(random, schema, inner)
    case 'object':
      return depth < -2 ? {} : objectFor(random, schema, inner)
    case 'null':
      return null
    default:
      return anyValue(random, depth)
  }
}

function textFor(random: Random, schema: JsonObject): string {
  const least = Number(schema['minLength'] ?? 0)
  const most = Number(schema['maxLength'] ?? least + 4)
  if (schema['pattern'] !== undefined || schema['format'] !== undefined || random() < 0.2)
    return pick(random, TEXTS)
  const length = least + upTo(random, Math.max(0, most - least)) + (random() < 0.1 ? 1 : 0)
  return Array.from({ length }, () => pick(random, ['a', 'b', 'é', '"', '\n', '😀', ' '])).join('')
}

function numberFor(random: Random, schema: JsonObject, scale: number): number {
  const low = Number(schema['minimum'] ?? schema['exclusiveMinimum'] ?? -120)
  const high = Number(schema['maximum'] ?? schema['exclusiveMaximum'] ?? Math.max(low, 0) + 120)
  const value = pick(random, [low, high, low + (high - low) * random(), low - 1, high + 1, 0])
  return Math.round(value * scale) / scale + 0
}

function listFor(
  random: Random,
  schema: JsonObject,
  inner: (schema: JsonValue) => JsonValue,
): JsonValue {
  const least = Number(schema['minItems'] ?? 0)
  const length = least + upTo(random, 2)
  const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : []
  return Array.from({ length }, (_, index) => inner(prefix[index] ?? schema['items'] ?? true))
}

function objectFor(
  random: Random,
  schema: JsonObject,
  inner: (schema: JsonValue) => JsonValue,
): JsonObject {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {}
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const keys = Object.keys(properties).filter(
    (key) => random() < 0.5 || (required.includes(key) && random() < 0.95),
  )
  if (random() < 0.2) keys.push(pick(random, ['x1', 'z', 'ab']))
  return Object.fromEntries(
    shuffled(random, keys).map((key) => [
      key,
      inner(properties[key] ?? pick<JsonValue>(random, [{ type: 'integer' }, { type: 'boolean' }])),
    ]),
  )
}

function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted((a, b) => a[0] - b[0])
    .map(([, item]) => item)
}

function anyValue(random: Random, depth: number): JsonValue {
  const leaves: readonly JsonValue[] = [null, true, 0, -3, 2.5, 17, pick(random, TEXTS)]
  if (depth <= 0 || random() < 0.7) return pick(random, leaves)
  return pick<() => JsonValue>(random, [
    () => [anyValue(random, depth - 1)],
    () => ({ [pick(random, KEYS)]: anyValue(random, depth - 1) }),
    () => [],
    () => ({}),
  ])()
}
