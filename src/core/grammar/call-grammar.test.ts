import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { FORMATS } from '../formats/all-formats.ts'
import type { ArgumentNotation, CallSyntax } from '../formats/call-syntax.ts'
import { hermes } from '../formats/hermes.ts'
import { parseOutput } from '../formats/parsed-output.ts'
import { xlam } from '../formats/xlam.ts'
import { spacedJson } from '../formats/spaced-json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { validateCall } from '../schema/validate-call.ts'
import type { Tool } from '../tools/tool.ts'
import { randomFrom, randomParameters, randomValue } from './__fixtures__/random-schema.ts'
import { createRecogniser } from './__fixtures__/recognise-gbnf.ts'
import { buildCallGrammar, type CallGrammar, type CallGrammarInput } from './call-grammar.ts'

function toolOf(parameters: JsonObject, name = 'f'): Tool {
  return { name, description: '', parameters, definition: { name, parameters } }
}

function grammarOf(tools: readonly Tool[], change: Partial<CallGrammarInput> = {}): CallGrammar {
  const grammar = buildCallGrammar({
    tools,
    rules: { choice: { type: 'required' }, parallel: false, strict: true },
    syntax: hermes.syntax,
    markers: hermes.controlTokens,
    reasoning: 'none',
    ...change,
  })
  if ('kind' in grammar) throw new Error(grammar.kind)
  return grammar
}

const callOf = (args: JsonValue) => hermes.render([{ name: 'f', arguments: args }])

/**
 * What the validator says: null where it makes no claim, that is where it left out a pattern that may take too long, or only warns
 * of a key that the tool does not know.
 */
function isValid(tool: Tool, args: JsonValue): boolean | null {
  const issues = validateCall({ name: 'f', arguments: args }, [tool])
  if (issues.some(({ severity }) => severity === 'error')) return false
  return issues.length === 0 ? true : null
}

describe('a grammar for the arguments', { timeout: 60_000 }, () => {
  const SCHEMAS = 200
  it(`accepts exactly what the validator accepts, on ${SCHEMAS} schemas`, () => {
    const counts = { accepted: 0, refused: 0, exact: 0 }
    for (let seed = 1; seed <= SCHEMAS; seed++) {
      const random = randomFrom(seed)
      const parameters = randomParameters(random, { isBounded: false })
      const tool = toolOf(parameters)
      const grammar = grammarOf([tool])
      const recogniser = createRecogniser(grammar.gbnf)
      const effects = new Set(grammar.unexpressed.map(({ effect }) => effect))
      if (effects.size === 0) counts.exact++
      for (let round = 0; round < 12; round++) {
        const value = randomValue(random, { schema: parameters, root: parameters })
        const valid = isValid(tool, value)
        if (valid === null) continue
        const accepted = recogniser.accepts(callOf(value))
        if (valid) counts.accepted++
        else counts.refused++
        if (valid === accepted) continue
        const isAllowed = accepted ? effects.has('looser') : effects.has('narrower')
        if (!isAllowed)
          throw new Error(
            `seed ${seed}: ${accepted ? 'accepts' : 'refuses'} ${spacedJson(value)}\n${JSON.stringify(parameters)}\n${JSON.stringify(validateCall({ name: 'f', arguments: value }, [tool]))}\n${JSON.stringify(grammar.unexpressed)}\n${grammar.gbnf}`,
          )
      }
    }
    expect(counts.accepted).toBeGreaterThan(SCHEMAS * 3)
    expect(counts.refused).toBeGreaterThan(SCHEMAS * 3)
    expect(counts.exact).toBeGreaterThan(SCHEMAS / 2)
  })
})

const WEATHER = toolOf(
  {
    type: 'object',
    properties: {
      location: { type: 'string' },
      unit: { enum: ['celsius', 'fahrenheit'] },
      days: { type: 'integer', minimum: 1, maximum: 14 },
      tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
    },
    required: ['location'],
  },
  'get_weather',
)
const TIME = toolOf({ type: 'object', properties: {} }, 'get_time')

function accepts(text: string, change: Partial<CallGrammarInput> = {}): boolean {
  return createRecogniser(grammarOf([WEATHER, TIME], change).gbnf).accepts(text)
}

function syntaxOf(notation: ArgumentNotation, change: Partial<CallSyntax>): CallSyntax {
  const call = { before: [], between: ['('], after: [')'] }
  return {
    trigger: '[',
    triggerAtStart: true,
    open: ['['],
    call,
    separator: [', '],
    close: [']'],
    notation,
    ...change,
  }
}

describe('the notations', () => {
  const PYTHON = syntaxOf({ type: 'python' }, {})
  const GEMMA = syntaxOf(
    { type: 'gemma' },
    {
      trigger: '<start_function_call>',
      triggerAtStart: false,
      open: [],
      call: {
        before: ['<start_function_call>call:'],
        between: ['{'],
        after: ['}<end_function_call>'],
      },
      separator: [''],
      close: [],
    },
  )
  const TAGGED = syntaxOf(
    {
      type: 'tagged',
      before: '<parameter=',
      between: '>\n',
      after: '\n</parameter>\n',
      separator: '',
    },
    {
      trigger: '<tool_call>',
      triggerAtStart: false,
      open: [],
      call: {
        before: ['<tool_call>\n<function='],
        between: ['>\n'],
        after: ['</function>\n</tool_call>'],
      },
      separator: ['\n'],
      close: [],
    },
  )

  it.each<[string, CallSyntax, string, boolean]>([
    ['python', PYTHON, '[get_weather(location="Oslo", days=3)]', true],
    ['python, other quotes and order', PYTHON, "[get_weather(days=14, location='It\\'s')]", true],
    ['python, lists', PYTHON, '[get_weather(location="a", tags=["x", \'y\'])]', true],
    ['python, no arguments', PYTHON, '[get_time()]', true],
    ['python, a number out of range', PYTHON, '[get_weather(location="Oslo", days=15)]', false],
    ['python, a key that is missing', PYTHON, '[get_weather(days=3)]', false],
    [
      'gemma',
      GEMMA,
      '<start_function_call>call:get_weather{location:<escape>Oslo<escape>,days:5}<end_function_call>',
      true,
    ],
    [
      'gemma, an enum',
      GEMMA,
      '<start_function_call>call:get_weather{unit:<escape>celsius<escape>,location:<escape>a<escape>}<end_function_call>',
      true,
    ],
    [
      'gemma, a string without its marks',
      GEMMA,
      '<start_function_call>call:get_weather{location:Oslo}<end_function_call>',
      false,
    ],
    [
      'tagged',
      TAGGED,
      '<tool_call>\n<function=get_weather>\n<parameter=location>\nOslo "<b>"\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>',
      true,
    ],
    [
      'tagged, lists in JSON',
      TAGGED,
      '<tool_call>\n<function=get_weather>\n<parameter=tags>\n["x"]\n</parameter>\n<parameter=location>\nOslo\n</parameter>\n</function>\n</tool_call>',
      true,
    ],
    [
      'tagged, a value out of range',
      TAGGED,
      '<tool_call>\n<function=get_weather>\n<parameter=location>\nOslo\n</parameter>\n<parameter=days>\n99\n</parameter>\n</function>\n</tool_call>',
      false,
    ],
  ])('%s', (...[, syntax, text, expected]) => {
    expect(accepts(text, { syntax })).toBe(expected)
  })

  it('an id may be anything that its own grammar says', () => {
    const syntax = syntaxOf(
      { type: 'json' },
      {
        call: {
          before: ['{"id": "', { gbnf: '[a-z0-9]{3} | "x"' }, '", "name": "'],
          between: ['", "arguments": '],
          after: ['}'],
        },
      },
    )
    expect(accepts('[{"id": "a1b", "name": "get_time", "arguments": {}}]', { syntax })).toBe(true)
    expect(accepts('[{"id": "a1", "name": "get_time", "arguments": {}}]', { syntax })).toBe(false)
  })
})

describe('the tool choice', () => {
  const CALL = '[{"name": "get_weather", "arguments": {"location": "Oslo"}}]'
  const OTHER = '[{"name": "get_time", "arguments": {}}]'
  const rules = (type: 'auto' | 'none' | 'required', change = {}) => ({
    syntax: xlam.syntax,
    markers: xlam.controlTokens,
    rules: { choice: { type }, parallel: true, strict: true, ...change },
  })

  it.each<[string, Partial<CallGrammarInput>, string, boolean]>([
    ['auto: text', rules('auto'), 'Oslo is cold [1].', true],
    ['auto: a call', rules('auto'), CALL, true],
    ['auto: text, then a call', rules('auto'), `Let me see.\n${CALL}`, true],
    ['auto: no call, as the family writes it', rules('auto'), '[]', true],
    [
      'auto: a call that does not fit',
      rules('auto'),
      '[{"name": "get_weather", "arguments": {}}]',
      false,
    ],
    [
      'auto: the same behind text',
      rules('auto'),
      'Hm. [{"name": "get_weather", "arguments": {}}]',
      false,
    ],
    ['auto: nothing', rules('auto'), '', true],
    ['none: text', rules('none'), 'It is cold in {Oslo} [1].', true],
    ['none: a call', rules('none'), CALL, false],
    ['none: a call behind text', rules('none'), `Well. ${CALL}`, false],
    ['required: text', rules('required'), 'Hello', false],
    ['required: two calls', rules('required'), `${CALL.slice(0, -1)}, ${OTHER.slice(1)}`, true],
    [
      'one call: two calls',
      rules('required', { parallel: false }),
      `${CALL.slice(0, -1)}, ${OTHER.slice(1)}`,
      false,
    ],
    [
      'named: another tool',
      rules('required', { choice: { type: 'tool', name: 'get_time' } }),
      CALL,
      false,
    ],
    [
      'named: the tool',
      rules('required', { choice: { type: 'tool', name: 'get_time' } }),
      OTHER,
      true,
    ],
    [
      'not strict: any object',
      rules('required', { strict: false }),
      '[{"name": "get_weather", "arguments": {"x": [1, {"y": null}]}}]',
      true,
    ],
    [
      'reasoning first',
      { ...rules('required'), reasoning: 'possible' },
      `<think>\n[{"name"\n</think>\n\n${CALL}`,
      true,
    ],
    [
      'reasoning that is open already',
      { ...rules('required'), reasoning: 'open' },
      `hm</think>${CALL}`,
      true,
    ],
    ['reasoning and nothing else', { ...rules('required'), reasoning: 'open' }, 'hm', false],
  ])('%s', (...[, change, text, expected]) => {
    expect(accepts(text, change)).toBe(expected)
  })

  it('says when there is nothing to call', () => {
    const input = { ...rules('required'), reasoning: 'none' } as const
    expect(buildCallGrammar({ ...input, tools: [] })).toEqual({ kind: 'no-tools' })
    const named = { ...input.rules, choice: { type: 'tool', name: 'gone' } } as const
    expect(buildCallGrammar({ ...input, rules: named, tools: [WEATHER] })).toEqual({
      kind: 'unknown-tool',
      name: 'gone',
    })
  })

  it('none lets nothing through that a parser takes for a call', () => {
    const pieces = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      '"name"',
      '"arguments"',
      ': ',
      '"x"',
      ', ',
      '<tool_call>',
      '</tool_call>',
      ' ',
      'a',
      '[TOOL_CALLS]',
      '```json\n',
      '```',
      '<|python_tag|>',
      '"parameters"',
    )
    for (const format of FORMATS) {
      const { gbnf } = grammarOf([WEATHER], {
        ...rules('none'),
        syntax: format.syntax,
        markers: format.controlTokens,
      })
      const recogniser = createRecogniser(gbnf)
      fc.assert(
        fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
          const text = parts.join('')
          const { calls } = parseOutput(format.createParser({ startsInReasoning: false }), text)
          if (recogniser.accepts(text)) expect([text, calls]).toEqual([text, []])
        }),
        { numRuns: 400 },
      )
    }
  })
})

describe('what a grammar cannot say', () => {
  it('is listed with its place and its effect', () => {
    const parameters: JsonObject = {
      type: 'object',
      properties: {
        a: { type: 'array', uniqueItems: true },
        b: { type: 'string', pattern: '(?=x)y' },
        c: { oneOf: [{ type: 'integer' }, { type: 'number' }] },
        d: { not: { type: 'null' } },
      },
    }
    const listed = grammarOf([toolOf(parameters)]).unexpressed.map(
      ({ path, keyword, effect }) => `${path} ${keyword} ${effect}`,
    )
    expect(listed).toEqual([
      '/properties/a uniqueItems looser',
      '/properties/b pattern looser',
      '/properties/c oneOf looser',
      '/properties/d not looser',
    ])
  })

  it('many keys are still in any order, and the required ones enforced', () => {
    const names = Array.from({ length: 12 }, (_, index) => `k${index}`)
    const tool = toolOf({
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { type: 'integer' }])),
      required: ['k0', 'k11'],
    })
    const { accepts: isAccepted } = createRecogniser(grammarOf([tool]).gbnf)
    expect(isAccepted(callOf({ k11: 1, k5: 2, k0: 3, k4: 4 }))).toBe(true)
    expect(isAccepted(callOf({ k11: 1, k5: 2 }))).toBe(false)
  })
})
