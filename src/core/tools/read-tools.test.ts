import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { JsonObject } from '../lib/json.ts'
import { KEYWORDS } from '../schema/keywords.ts'
import { toNotation } from './notation.ts'
import { checkDefinition } from './check-definition.ts'
import { findDuplicateNames, readTools as readToolsWith } from './read-tools.ts'
import type { ToolNotation } from './tool.ts'

const readTools = (text: string) => readToolsWith(text, checkDefinition)

const PARAMETERS: JsonObject = {
  type: 'object',
  properties: { location: { type: 'string' } },
  required: ['location'],
}
const BARE: JsonObject = { name: 'get_weather', description: 'Weather', parameters: PARAMETERS }

/** `text under the span: message`, with a `?` before a warning. */
function problemsOf(text: string): readonly string[] {
  return readTools(text).problems.map(
    ({ severity, span, message }) =>
      `${severity === 'warning' ? '?' : ''}${text.slice(span.start, span.end)} → ${message}`,
  )
}

function withParameters(parameters: unknown): string {
  return JSON.stringify({ name: 'f', description: 'd', parameters })
}

function withProperty(schema: unknown): string {
  return withParameters({ type: 'object', properties: { a: schema } })
}

it('finds the tools without the checker, and then only faults of the JSON itself', () => {
  const text = '{"name": "a b", "parameters": {"type": "strnig"}, "parameters": {"type": "objct"}}'
  const unchecked = readToolsWith(text, null)
  expect(unchecked.tools).toEqual(readTools(text).tools)
  expect(unchecked.problems.map(({ message }) => message)).toEqual([
    '"parameters" stands here twice: only the last one counts.',
  ])
})

describe('readTools: notations', () => {
  it.each<[ToolNotation, JsonObject]>([
    ['bare', BARE],
    ['openai', { type: 'function', function: BARE }],
    ['anthropic', { name: 'get_weather', description: 'Weather', input_schema: PARAMETERS }],
    ['mcp', { name: 'get_weather', description: 'Weather', inputSchema: PARAMETERS }],
    ['bare', { type: 'function', ...BARE }],
    [
      'anthropic',
      { type: 'custom', name: 'get_weather', description: 'Weather', input_schema: PARAMETERS },
    ],
  ])('reads %s', (notation, definition) => {
    const text = JSON.stringify(definition)
    expect(readTools(text)).toEqual({
      tools: [
        {
          tool: {
            name: 'get_weather',
            description: 'Weather',
            parameters: PARAMETERS,
            definition: BARE,
          },
          span: { start: 0, end: text.length },
          nameSpan: {
            start: text.indexOf('"get_weather"'),
            end: text.indexOf('"get_weather"') + 13,
          },
          notation,
        },
      ],
      problems: [],
      isEmpty: false,
    })
  })

  it.each([
    [
      'an array',
      `[${JSON.stringify(BARE)}, ${JSON.stringify({ type: 'function', function: BARE })}]`,
    ],
    ['tools', JSON.stringify({ model: 'm', tools: [BARE, { type: 'function', function: BARE }] })],
    ['functions', JSON.stringify({ functions: [BARE, { type: 'function', function: BARE }] })],
  ])('reads several from %s', (_, text) => {
    const { tools, problems } = readTools(text)
    expect(problems).toEqual([])
    expect(tools.map(({ tool, notation }) => [tool.definition, notation])).toEqual([
      [BARE, 'bare'],
      [BARE, 'openai'],
    ])
    expect(JSON.parse(text.slice(tools[0]?.span.start, tools[0]?.span.end))).toEqual(BARE)
  })

  it.each<ToolNotation>(['bare', 'openai', 'anthropic', 'mcp'])(
    '%s can be written and read back',
    (notation) => {
      const [read] = readTools(JSON.stringify(BARE)).tools
      const text = read ? JSON.stringify(toNotation(read.tool, notation)) : ''
      expect(readTools(text)).toMatchObject({
        tools: [{ tool: read?.tool, notation }],
        problems: [],
      })
    },
  )

  it('keeps the order and the further keys of the author', () => {
    const [read] = readTools(
      '{"input_schema": {"type":"object"}, "strict": true, "name": "f", "description": "d"}',
    ).tools
    expect(JSON.stringify(read?.tool.definition)).toBe(
      '{"parameters":{"type":"object"},"strict":true,"name":"f","description":"d"}',
    )
  })

  it('gives a tool without parameters empty ones', () => {
    const { tools, problems } = readTools('{"name": "now", "description": "The time"}')
    expect(tools[0]?.tool.definition['parameters']).toEqual({ type: 'object', properties: {} })
    expect(problems.map(({ severity }) => severity)).toEqual(['warning'])
  })

  it.each(['', '  \n'])('knows an empty text: %j', (text) => {
    expect(readTools(text)).toEqual({ tools: [], problems: [], isEmpty: true })
  })
})

describe('readTools: text that is no JSON', () => {
  it.each([
    ['a comma too many', '{"name": "f",}', [', → Remove the comma before }.']],
    ['in an array', '[1, ]', [', → Remove the comma before ].']],
    [
      'comments',
      '{ // hi\n"name": /* x */ "f"}',
      ['// hi → JSON has no comments.', '/* x */ → JSON has no comments.'],
    ],
    [
      'single quotes',
      "{'name': 'a b'}",
      [
        `'name' → JSON strings stand in double quotes (").`,
        `'a b' → JSON strings stand in double quotes (").`,
      ],
    ],
    ['bare keys', '{name: "f"}', ['name → Keys stand in double quotes: "name".']],
    [
      'Python words',
      '{"a": True, "b": None}',
      ['True → JSON has no True: write true.', 'None → JSON has no None: write null.'],
    ],
    [
      'typographic quotes',
      '{“name”: 1}',
      ['“name” → Typographic quotes: JSON needs straight ones (").'],
    ],
    ['a missing comma', '{"a": 1 "b": 2}', ['"b" → A comma is missing before this.']],
    ['an open text', '{"a": "x\n}', ['"x → The closing quote (") of this text is missing.']],
    ['an open object', '{"a": 1', ['1 → A closing } is missing.']],
    [
      'two definitions',
      '{"a":1} {"b":2}',
      ['{ → The definition is over before this. Several definitions stand in an array: [ … ].'],
    ],
    [
      'a space that is none',
      '{\u00a0"a": 1}',
      ['\u00a0 → An invisible character (U+00A0) stands here: delete it.'],
    ],
    ['plain words', 'hello', ['hello → Unknown word. Text stands in double quotes (").']],
    ['a nest', '['.repeat(5000), ['[ → This is nested too deeply.']],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected)
    expect(readTools(text).tools).toEqual([])
  })
})

describe('readTools: definitions', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'no object',
      '[5]',
      ['5 → A tool definition is an object: {"name": …, "description": …, "parameters": …}.'],
    ],
    ['no name', '{"description": "d", "parameters": {}}', ['{ → The tool has no "name".']],
    [
      'an empty name',
      '{"name": "", "description": "d", "parameters": {}}',
      ['"" → The name is empty.'],
    ],
    [
      'a name with spaces',
      '{"name": "get it", "description": "d", "parameters": {}}',
      ['"get it" → The name may have only letters, digits, _ and -.'],
    ],
    [
      'a name with a dot',
      '{"name": "a.b", "description": "d", "parameters": {}}',
      ['?"a.b" → Most APIs allow no dots in names: only letters, digits, _ and -.'],
    ],
    [
      'no description',
      '{"name": "f", "parameters": {}}',
      ['?"name" → Without a "description" the model only has the name to go by.'],
    ],
    [
      'no parameters',
      '{"name": "f", "description": "d"}',
      ['?"name" → There are no "parameters": the tool is taken to have no arguments.'],
    ],
    [
      'a misspelled key',
      '{"name": "f", "desciption": "d", "parameters": {}}',
      [
        '?"name" → Without a "description" the model only has the name to go by.',
        '?"desciption" → There is no "desciption". Did you mean "description"?',
      ],
    ],
    [
      'parameters that are no object',
      withParameters(['a']),
      ['"parameters" → The parameters must be a JSON Schema object, not ["a"].'],
    ],
    [
      'parameters of another type',
      withParameters({ type: 'array', items: {} }),
      ['"array" → Arguments are always an object: the type must be "object".'],
    ],
    [
      'parameters without their schema',
      withParameters({ city: { type: 'string' } }),
      [
        '"parameters" → These are parameters without their schema: wrap them as {"type": "object", "properties": { … }}.',
      ],
    ],
    [
      'parameters without a type',
      withParameters({ properties: {} }),
      ['?"parameters" → The schema of the parameters should begin with "type": "object".'],
    ],
    [
      'OpenAI without its type',
      `{"function": ${JSON.stringify(BARE)}}`,
      ['?"function" → In the OpenAI notation "type": "function" stands beside "function".'],
    ],
    [
      'a key that stands twice',
      '{"name": "e", "name": "f", "description": "d", "parameters": {}}',
      ['?"name" → "name" stands here twice: only the last one counts.'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected)
  })

  it.each<[string, unknown, readonly string[]]>([
    [
      'an unknown type',
      { type: 'strng' },
      ['"strng" → There is no type "strng". Did you mean "string"?'],
    ],
    [
      'a Python type',
      { type: 'float' },
      ['?"float" → "float" is no type of JSON Schema: it is "number".'],
    ],
    [
      'any type',
      { type: 'any' },
      ['?"any" → "any" is no type of JSON Schema: leave the type out.'],
    ],
    [
      'a type in capitals',
      { type: 'STRING' },
      ['?"STRING" → "STRING" is no type of JSON Schema: it is "string".'],
    ],
    [
      'required as a flag',
      { type: 'string', required: true },
      [
        'true → "required" is no flag of one property: list the names in a "required" beside "properties".',
      ],
    ],
    [
      'a type instead of a schema',
      'string',
      ['"string" → A schema is an object, not "string". Write {"type": "string"}.'],
    ],
    ['an empty enum', { enum: [] }, ['"enum" → An empty "enum" allows no value at all.']],
    [
      'an enum of another type',
      { type: 'string', enum: ['1', 2] },
      ['2 → 2 does not have the type that "type" asks for.'],
    ],
    ['an enum that repeats', { enum: ['a', 'a'] }, ['?"a" → "a" is listed twice.']],
    [
      'a default that does not fit',
      { type: 'integer', default: '5' },
      ['?"5" → The default does not fit its own schema. Expected an integer, got the string "5".'],
    ],
    [
      'a bad pattern',
      { type: 'string', pattern: '(' },
      ['"(" → This is no valid regular expression: Unterminated group.'],
    ],
    [
      'crossed limits',
      { type: 'integer', minimum: 5, maximum: 1 },
      ['1 → No value fits: "minimum" is 5 and "maximum" is 1.'],
    ],
    [
      'a limit that is no number',
      { type: 'integer', minimum: '1' },
      ['"1" → "minimum" must be a number.'],
    ],
    [
      'a reference to nowhere',
      { $ref: '#/$defs/City' },
      ['"#/$defs/City" → "#/$defs/City" leads nowhere in these parameters.'],
    ],
    [
      'a list of what?',
      { type: 'array' },
      ['?"array" → A list should say what its items are: add "items".'],
    ],
    [
      'properties as a list',
      { type: 'object', properties: ['a'] },
      ['"properties" → "properties" must be an object.'],
    ],
    [
      'required names that are not there',
      { type: 'object', properties: { city: { type: 'string' } }, required: ['City'] },
      ['"City" → There is no property "City" to require. Did you mean "city"?'],
    ],
    ['no type', { description: 'x' }, ['?"a" → "a" has no type: any value is allowed.']],
    [
      'a misspelled keyword',
      { type: 'string', enumm: [] },
      ['?"enumm" → JSON Schema has no "enumm". Did you mean "enum"?'],
    ],
    [
      'deep down',
      { type: 'array', items: { anyOf: [{ type: 'object', properties: { b: { type: 'nul' } } }] } },
      ['"nul" → There is no type "nul". Did you mean "null"?'],
    ],
    [
      'nothing',
      { type: ['string', 'null'], format: 'date', default: null, 'x-order': 1, examples: [1] },
      [],
    ],
  ])('in a schema: %s', (_, schema, expected) => {
    expect(problemsOf(withProperty(schema))).toEqual(expected)
  })
})

describe('findDuplicateNames', () => {
  it('marks the later tools of a name, within and across documents', () => {
    const one = readTools(JSON.stringify([BARE, BARE]))
    const two = readTools(JSON.stringify(BARE))
    const found = findDuplicateNames([one, readTools('{"name": "f"}'), two])
    expect(found.map((problems) => problems.map(({ span }) => span))).toEqual([
      [one.tools[1]?.nameSpan],
      [],
      [two.tools[0]?.nameSpan],
    ])
  })
})

describe('readTools on any text', () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...KEYWORDS.keys(),
      'name',
      'parameters',
      'function',
      'input_schema',
      'tools',
      '__proto__',
    ),
    fc.string({ maxLength: 3 }),
  )
  const definition = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('object', 'string', 'int', '#', '(', 'get_x'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 4 }),
    ),
  })).value

  function holds(text: string): void {
    const { tools, problems, isEmpty } = readTools(text)
    for (const { span } of [
      ...problems,
      ...tools,
      ...tools.map(({ nameSpan }) => ({ span: nameSpan })),
    ]) {
      expect(span.start).toBeGreaterThanOrEqual(0)
      expect(span.end).toBeLessThanOrEqual(text.length)
      expect(span.start).toBeLessThan(span.end)
    }
    let isJson = true
    try {
      JSON.parse(text)
    } catch {
      isJson = false
    }
    if (!isJson && !isEmpty) {
      expect(tools).toEqual([])
      expect(problems.length).toBeGreaterThan(0)
    }
  }

  it('never throws on JSON, and every span lies in the text', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(definition, definition, (value, parameters) => {
        holds(JSON.stringify(value))
        holds(JSON.stringify({ name: 'f', parameters }, null, 1))
      }),
      { numRuns: 500 },
    )
  })

  it('never throws on damaged text, and says why it is no JSON', { timeout: 30_000 }, () => {
    const whole = JSON.stringify({ type: 'function', function: BARE }, null, 2)
    const junk = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom(
        "'",
        ',',
        '{',
        ']',
        '//',
        '/*',
        '"',
        '\\',
        '\u00a0',
        '“',
        '\ud800',
        '\n',
        'True',
      ),
    )
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(12), junk, (at, cut, insert) => {
        holds(whole.slice(0, at) + insert + whole.slice(at + cut))
      }),
      { numRuns: 1000 },
    )
    fc.assert(fc.property(fc.string({ unit: 'binary' }), holds), { numRuns: 300 })
  })
})
