// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema
import { Validator, type Schema } from '@cfworker/json-schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import type { Tool } from '../tools/tool.ts'
import type { CallIssue } from './call-issue.ts'
import { KEYWORDS } from './keywords.ts'
import { valueAt } from './json-pointer.ts'
import { validateCall } from './validate-call.ts'

function toolOf(parameters: JsonObject, name = 'get_weather'): Tool {
  return { name, description: '', parameters, definition: { name, parameters } }
}

function objectOf(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'object', properties, ...more }
}

function check(parameters: JsonObject, args: JsonValue): readonly CallIssue[] {
  return validateCall({ name: 'get_weather', arguments: args }, [toolOf(parameters)])
}

/** `kind path suggestion?: message`, with a `?` before a warning. */
function lines(issues: readonly CallIssue[]): readonly string[] {
  return issues.map(
    ({ kind, severity, path, message, suggestion }) =>
      `${severity === 'warning' ? '?' : ''}${kind} ${path}${suggestion === undefined ? '' : ` (${suggestion})`}: ${message}`,
  )
}

const WEATHER = objectOf(
  {
    location: { type: 'string', minLength: 2 },
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
    days: { type: 'integer', minimum: 1, maximum: 7 },
  },
  { required: ['location'] },
)

describe('validateCall', () => {
  it.each<[string, JsonObject, JsonValue, readonly string[]]>([
    ['a good call', WEATHER, { location: 'Oslo', unit: 'celsius', days: 3 }, []],
    [
      'no object',
      WEATHER,
      [1, 2],
      ['not-an-object : The arguments must be an object, not the array [1,2].'],
    ],
    ['null', WEATHER, null, ['not-an-object : The arguments must be an object, not null.']],
    ['a missing argument', WEATHER, {}, ['missing /location: "location" is required but missing.']],
    [
      'a key in another case',
      WEATHER,
      { Location: 'Oslo' },
      [
        'missing /location: "location" is required but missing.',
        '?additional /Location (location): The tool does not know "Location".',
      ],
    ],
    [
      'a key that is not near',
      WEATHER,
      { location: 'Oslo', city: 'Oslo' },
      ['?additional /city: The tool does not know "city".'],
    ],
    [
      'a forbidden key',
      { ...WEATHER, additionalProperties: false },
      { location: 'Oslo', unitt: 'celsius' },
      ['additional /unitt (unit): "unitt" is not allowed here.'],
    ],
    [
      'unevaluated properties',
      objectOf({ a: {} }, { unevaluatedProperties: false }),
      { b: 1 },
      ['additional /b: "b" is not allowed here.'],
    ],
    ['open properties', objectOf({ a: {} }, { additionalProperties: true }), { b: 1 }, []],
    [
      'wrong types',
      WEATHER,
      { location: 7, days: '3' },
      [
        'type /location: Expected a string, got the number 7.',
        'type /days: Expected an integer, got the string "3".',
      ],
    ],
    [
      'a fraction',
      WEATHER,
      { location: 'Oslo', days: 1.5 },
      ['type /days: Expected an integer, got the number 1.5.'],
    ],
    [
      'several types',
      objectOf({ a: { type: ['integer', 'null'] } }),
      { a: true },
      ['type /a: Expected an integer or null, got true.'],
    ],
    [
      'an enum',
      WEATHER,
      { location: 'Oslo', unit: 'Celcius' },
      ['enum /unit (celsius): Expected "celsius" or "fahrenheit", got the string "Celcius".'],
    ],
    [
      'a number for an enum of text',
      objectOf({ a: { enum: ['5', '6'] } }),
      { a: 5 },
      ['enum /a (5): Expected "5" or "6", got the number 5.'],
    ],
    [
      'a const',
      objectOf({ a: { const: 1 } }),
      { a: 2 },
      ['enum /a: Expected 1, got the number 2.'],
    ],
    [
      'bounds',
      objectOf({ a: { minimum: 1 }, b: { exclusiveMaximum: 2 }, c: { multipleOf: 0.1 } }),
      { a: 0, b: 2, c: 0.25 },
      [
        'range /a: Expected at least 1, got 0.',
        'range /b: Expected less than 2, got 2.',
        'range /c: Expected a multiple of 0.1, got 0.25.',
      ],
    ],
    [
      'draft 4 bounds',
      {
        $schema: 'http://json-schema.org/draft-04/schema#',
        ...objectOf({ a: { minimum: 1, exclusiveMinimum: true } }),
      },
      { a: 1 },
      ['range /a: Expected more than 1, got 1.'],
    ],
    [
      'lengths, in code points',
      objectOf({ a: { minLength: 2 }, b: { maxItems: 1 }, c: { minProperties: 1 } }),
      { a: '😀', b: [1, 2], c: {} },
      [
        'range /a: Expected at least 2 characters, got 1.',
        'range /b: Expected at most 1 item, got 2.',
        'range /c: Expected at least 1 argument, got 0.',
      ],
    ],
    [
      'a pattern',
      objectOf({ a: { pattern: '^[A-Z]{3}$' } }),
      { a: 'usd' },
      ['pattern /a: Expected text that matches /^[A-Z]{3}$/, got the string "usd".'],
    ],
    [
      'a pattern with needless escapes',
      objectOf({ a: { pattern: '^\\d{3}\\-\\d{4}$' } }),
      { a: '5551234' },
      ['pattern /a: Expected text that matches /^\\d{3}-\\d{4}$/, got the string "5551234".'],
    ],
    [
      'a format',
      objectOf({ a: { format: 'date' }, b: { format: 'made-up' } }),
      { a: '2026-02-30', b: 'x' },
      ['format /a: Expected a date such as 2026-01-31, got the string "2026-02-30".'],
    ],
    [
      'nested places, with keys that need escaping',
      objectOf({
        'a/b ~é': {
          type: 'array',
          items: objectOf({ c: { type: 'string' } }, { required: ['d'] }),
        },
      }),
      { 'a/b ~é': [{ c: 1, d: 1 }, {}] },
      [
        'type /a~1b ~0é/0/c: Expected a string, got the number 1.',
        'missing /a~1b ~0é/1/d: "d" is required but missing.',
        '?additional /a~1b ~0é/0/d: The tool does not know "d".',
      ],
    ],
    [
      'anyOf of types is told as one',
      objectOf({ a: { anyOf: [{ type: 'string' }, { type: 'null' }] } }),
      { a: 5 },
      ['type /a: Expected a string or null, got the number 5.'],
    ],
    [
      'anyOf of constants is told as one',
      objectOf({ a: { anyOf: [{ const: 'x' }, { enum: ['y', 'z'] }] } }),
      { a: 'w' },
      ['enum /a: Expected "x", "y" or "z", got the string "w".'],
    ],
    [
      'oneOf: the branch with the right tag speaks',
      objectOf({
        shape: {
          oneOf: [
            objectOf(
              { kind: { const: 'circle' }, radius: { type: 'number' } },
              { required: ['kind', 'radius'] },
            ),
            objectOf(
              { kind: { const: 'square' }, side: { type: 'number' } },
              { required: ['kind', 'side'] },
            ),
          ],
        },
      }),
      { shape: { kind: 'square', side: 'big' } },
      ['type /shape/side: Expected a number, got the string "big".'],
    ],
    [
      'oneOf that fits twice',
      objectOf({ a: { oneOf: [{ type: 'number' }, { type: 'integer' }, { type: 'string' }] } }),
      { a: 5 },
      ['schema /a: The value fits more than one of the forms that exclude each other.'],
    ],
    [
      'references',
      objectOf({ a: { $ref: '#/$defs/Unit' } }, { $defs: { Unit: { enum: ['km', 'miles'] } } }),
      { a: 'mile' },
      ['enum /a (miles): Expected "km" or "miles", got the string "mile".'],
    ],
    [
      'a reference to itself, deeper',
      objectOf({ child: { $ref: '#' }, name: { type: 'string' } }),
      { child: { child: { name: 1, nam: 2 } } },
      [
        'type /child/child/name: Expected a string, got the number 1.',
        '?additional /child/child/nam: The tool does not know "nam".',
      ],
    ],
    [
      'a broken reference does not count',
      objectOf({ a: { $ref: '#/nowhere' }, b: { $ref: 'https://example.com/x' } }),
      { a: 1, b: 1 },
      [],
    ],
    [
      'allOf and conditions',
      objectOf(
        { a: {}, b: {} },
        { allOf: [{ required: ['a'] }], if: { required: ['a'] }, then: { required: ['b'] } },
      ),
      { a: 1 },
      ['missing /b: "b" is required but missing.'],
    ],
    [
      'dependent arguments',
      objectOf({ a: {}, b: {} }, { dependentRequired: { a: ['b'] } }),
      { a: 1 },
      ['missing /b: "b" is required together with "a".'],
    ],
    [
      'names',
      { propertyNames: { pattern: '^[a-z]+$' } },
      { A: 1 },
      ['additional /A: The name "A" is not allowed here.'],
    ],
    [
      'contains',
      objectOf({
        a: { contains: { type: 'string' } },
        b: { contains: { type: 'string' }, minContains: 2 },
      }),
      { a: [1, 2], b: ['x', 1] },
      [
        'range /a: The list lacks an item that the schema asks for.',
        'range /b: The list lacks an item that the schema asks for.',
      ],
    ],
    [
      'tuples',
      objectOf({ a: { prefixItems: [{ type: 'string' }], items: false } }),
      { a: ['x', 1] },
      ['range /a/1: The list has too many items: none is allowed here.'],
    ],
    [
      'not',
      objectOf({ a: { not: { const: 0 } } }),
      { a: 0 },
      ['schema /a: The schema forbids the number 0 here.'],
    ],
    [
      'a tool without parameters',
      objectOf({}),
      { a: 1 },
      ['?additional /a: The tool does not know "a".'],
    ],
    [
      'Python types',
      {
        type: 'dict',
        properties: {
          a: { type: 'float' },
          b: { type: 'tuple', items: { type: 'int' } },
          c: { type: 'any' },
          d: { type: 'STRING' },
        },
      },
      { a: 'x', b: [1.5], c: [], d: 4 },
      [
        'type /a: Expected a number, got the string "x".',
        'type /b/0: Expected an integer, got the number 1.5.',
        'type /d: Expected a string, got the number 4.',
      ],
    ],
    [
      'a long value is cut',
      objectOf({ a: { type: 'number' } }),
      { a: '🎉'.repeat(100) },
      [`type /a: Expected a number, got the string "${'🎉'.repeat(46)}….`],
    ],
  ])('%s', (...[, parameters, args, expected]) => {
    expect(lines(check(parameters, args))).toEqual(expected)
  })

  it.each([
    ['get_wether', 'get_weather'],
    ['GetWeather', 'get_weather'],
    ['get-weather', 'get_weather'],
    ['send_email', undefined],
  ])('an unknown tool %s suggests %s', (name, suggestion) => {
    const [issue, ...others] = validateCall({ name, arguments: {} }, [toolOf(WEATHER)])
    expect(others).toEqual([])
    expect(issue).toMatchObject({ kind: 'unknown-tool', severity: 'error', path: '' })
    expect(issue?.suggestion).toBe(suggestion)
  })

  it('says when there is no tool at all', () => {
    expect(validateCall({ name: 'f', arguments: {} }, [])[0]?.message).toContain(
      'no tool is switched on',
    )
  })

  it.each<[string, JsonObject, JsonValue]>([
    [
      'a pattern that backtracks for hours',
      objectOf({ a: { pattern: '^(a+)+$' } }),
      { a: `${'a'.repeat(60)}!` },
    ],
    ['a key pattern that does', { patternProperties: { '(x|x)*y': {} } }, { ['x'.repeat(60)]: 1 }],
    ['a reference that loops', { $ref: '#' }, { a: 1 }],
    ['a reference that loops and forks', { anyOf: [{ $ref: '#' }, { $ref: '#' }] }, { a: 1 }],
    [
      'a schema that doubles at each reference',
      {
        $ref: '#/$defs/d0',
        $defs: Object.fromEntries(
          Array.from({ length: 40 }, (_, n) => [
            `d${n}`,
            { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
          ]),
        ),
      },
      { a: 1 },
    ],
    [
      'arguments nested thousands deep',
      objectOf({ a: { $ref: '#' } }),
      JSON.parse('{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)) as JsonValue,
    ],
  ])('%s ends quickly, with a warning', (_, parameters, args) => {
    const start = performance.now()
    const issues = check(parameters, args)
    expect(performance.now() - start).toBeLessThan(2000)
    expect(issues.map(({ severity }) => severity)).toEqual(['warning'])
  })

  it('leaves the schema untouched, frozen or not', () => {
    const parameters = objectOf(
      { a: Object.freeze({ $ref: '#/$defs/A' }) },
      { $defs: { A: { type: 'string' } } },
    )
    const before = JSON.stringify(parameters)
    check(Object.freeze(parameters), { a: 1 })
    expect(Object.getOwnPropertyNames(parameters['$defs'])).toEqual(['A'])
    expect(JSON.stringify(parameters)).toBe(before)
  })
})

describe('validateCall on any schema', () => {
  const word = fc.constantFrom(
    'a',
    'b',
    'c',
    'type',
    '$ref',
    '__proto__',
    'constructor',
    'x y',
    'ü',
  )
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>
  const anything = fc.letrec<{ value: JsonValue; schema: JsonValue; hostile: JsonValue }>(
    (tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<JsonValue[]>(null, true, 0, 1, 2.5, 'a', 'b', 'ab', '2026-01-01'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 3 }),
      ),
      schema: fc.oneof(
        { depthSize: 'xsmall', maxDepth: 2 },
        fc.boolean(),
        fc.record(
          {
            type: fc.constantFrom(
              'string',
              'number',
              'integer',
              'boolean',
              'array',
              'object',
              'null',
            ),
            enum: fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
            const: tie('value'),
            minimum: fc.integer({ min: -2, max: 2 }),
            exclusiveMaximum: fc.integer({ min: -2, max: 3 }),
            multipleOf: fc.constantFrom(1, 2, 0.5),
            minLength: fc.nat(2),
            pattern: fc.constantFrom('^a', 'b$', '[0-9]'),
            format: fc.constantFrom('date', 'email'),
            maxItems: fc.nat(2),
            uniqueItems: fc.boolean(),
            properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), {
              maxKeys: 3,
            }),
            required: fc.uniqueArray(word, { maxLength: 2 }),
            additionalProperties: tie('schema'),
            propertyNames: tie('schema'),
            patternProperties: fc.dictionary(fc.constantFrom('^a', 'c'), tie('schema'), {
              maxKeys: 1,
            }),
            minProperties: fc.nat(2),
            dependentRequired: fc.dictionary(word, fc.array(word, { maxLength: 2 }), {
              maxKeys: 1,
            }),
            items: tie('schema'),
            prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
            contains: tie('schema'),
            minContains: fc.nat(2),
            anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
            oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
            allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
            not: tie('schema'),
            if: tie('schema'),
            then: tie('schema'),
            else: tie('schema'),
            $ref: fc.constantFrom('#/$defs/a', '#/$defs/b'),
            unevaluatedProperties: tie('schema'),
          },
          { requiredKeys: [] },
        ),
      ) as fc.Arbitrary<JsonValue>,
      hostile: fc.oneof(
        { depthSize: 'small' },
        json,
        fc.constantFrom<JsonValue[]>(
          '#',
          '#/properties/a',
          '(',
          '(a+)+$',
          'http://[',
          -1,
          '\ud800',
        ),
        fc.array(tie('hostile'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.constantFrom(...KEYWORDS.keys()), word), tie('hostile'), {
          maxKeys: 5,
        }),
      ) as fc.Arbitrary<JsonValue>,
    }),
  )

  const args = fc.dictionary(word, anything.value, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>

  it('never throws, and places every issue in the arguments', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(anything.hostile, fc.oneof(json, args), (hostile, value) => {
        const parameters =
          typeof hostile === 'object' && hostile !== null
            ? (hostile as JsonObject)
            : { not: hostile }
        for (const { path, kind } of check(parameters, value)) {
          const at = kind === 'missing' ? path.slice(0, path.lastIndexOf('/')) : path
          expect(valueAt(value, at)).toBeDefined()
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('agrees with the validator on what is valid', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(
        anything.schema,
        fc.tuple(anything.schema, anything.schema),
        args,
        (main, [a, b], value) => {
          const schema = {
            ...(isJsonObject(main) ? main : { not: main !== true }),
            $defs: { a, b },
          } as JsonObject
          const issues = check(schema, value)
          // Endless or doubling references: the validator alone would overflow or never end.
          if (issues.some(({ message }) => message.includes('not checked'))) return
          const oracle = new Validator(structuredClone(schema) as Schema, '2020-12', false)
          const isValid = oracle.validate(value).valid
          expect(issues.every(({ severity }) => severity === 'warning')).toBe(isValid)
        },
      ),
      { numRuns: 500 },
    )
  })
})
