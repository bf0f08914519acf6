import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../lib/json.ts'
import type { ToolCall } from '../tools/tool.ts'
import { checkEvents } from './__fixtures__/check-events.ts'
import { eventsOf, partsOf } from './__fixtures__/read-output.ts'
import type { ExpectedPart } from './__fixtures__/recorded-output.ts'
import { RECORDED_OUTPUTS } from './__fixtures__/recorded-outputs.ts'
import { FORMATS, formatById } from './all-formats.ts'
import type { FormatId, ParseEvent } from './format.ts'

const RUNS = { numRuns: 400 }

/** The others have their own properties. */
const JSON_FORMATS = FORMATS.filter(({ syntax }) => syntax.notation.type === 'json')

const HOSTILE = [
  ...new Set(FORMATS.flatMap(({ controlTokens }) => controlTokens)),
  'functools',
  'functools[',
  '>>>',
  '>>>all\n',
  'f\n{',
  'to=',
  '<function=',
  '<function=f>',
  '</function>',
  'Action:',
  'Action: ```json\n',
  '[ARGS]',
  ' to=functions.f',
  'Here is my response:',
  '<',
  '</',
  '<think>',
  '</think>',
  '<tool_call>',
  '</tool_call>',
  '<tool_',
  '<|python_tag|>',
  '<|py',
  '[',
  ']',
  '{',
  '}',
  '[{',
  '}]',
  '[]',
  '{}',
  '[[',
  '[TOOL_CALLS]',
  '[TOOL',
  '"',
  '\\',
  "'",
  ':',
  ',',
  ';',
  '`',
  '``',
  '```',
  '````',
  '```json\n',
  '```python\n',
  ' ',
  '\n',
  '\n\n',
  '\t',
  '\r\n',
  '\u0000',
  '\u00a0',
  '{"name": "f"',
  '"arguments": ',
  '"parameters":',
  '{"name":"f","arguments":{',
  '"a": 1',
  'true',
  '-1.',
  'tru',
  '😀',
  '\ud83d',
  '\ude00',
  '\\u12',
  'é',
  'text',
  ' see [1] ',
  '{"answer": 42}',
  '"id": 1, ',
  '"x": [',
  '</tool',
]

/** No `-0`, which JSON text does not keep, and no string that reads as an object. */
const anyJson: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ maxDepth: 4 })
  .map((value): JsonValue => JSON.parse(JSON.stringify(value)))
const anyArguments = fc
  .oneof(fc.dictionary(fc.string({ unit: 'binary' }), anyJson), anyJson)
  .filter((value) => typeof value !== 'string' || !value.includes('{'))
const simpleName = fc.stringMatching(/^[a-z_]{1,12}$/)
const anyName = fc.oneof(simpleName, fc.string({ unit: 'binary' }))
const anyCall: fc.Arbitrary<ToolCall> = fc.record({ name: anyName, arguments: anyArguments })
/** Where the name stands outside of the JSON it has no escapes, and only an object can follow. */
const plainCall: fc.Arbitrary<ToolCall> = fc.record({
  name: simpleName.filter((name) => name !== 'all'),
  arguments: fc.dictionary(fc.string({ unit: 'binary' }), anyJson),
})

function namesInJson(id: FormatId): boolean {
  return formatById(id).syntax.call.before.some(
    (part) => typeof part === 'string' && part.endsWith('name": "'),
  )
}

function callOf(id: FormatId): fc.Arbitrary<ToolCall> {
  return namesInJson(id) ? anyCall : plainCall
}

const anyPiece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.constantFrom(...RECORDED_OUTPUTS.map(({ output }) => output)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...JSON_FORMATS), fc.array(anyCall, { maxLength: 3 }))
      .map(([format, calls]) => format.render(calls)),
  },
)
const anyOutput = fc.array(anyPiece, { maxLength: 12 }).map((pieces) => pieces.join(''))

/** An output and one way to cut it; surrogate pairs are cut too. */
const anyChunks = fc
  .tuple(anyOutput, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }))
  .map(([output, sizes]) => {
    const chunks: string[] = []
    for (let start = 0, turn = 0; start < output.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1
      chunks.push(output.slice(start, start + size))
      start += size
    }
    return { output, chunks }
  })

describe.each(JSON_FORMATS.map(({ id }) => id))('%s', (format) => {
  it('any chunking gives the same events', () => {
    fc.assert(
      fc.property(anyChunks, fc.boolean(), ({ output, chunks }, startsInReasoning) => {
        const options = { startsInReasoning }
        expect(eventsOf(format, chunks, options)).toEqual(eventsOf(format, [output], options))
      }),
      RUNS,
    )
  })

  it('events stand in order, on the characters they name, and end each call once', () => {
    fc.assert(
      fc.property(anyChunks, fc.boolean(), ({ output, chunks }, startsInReasoning) => {
        checkEvents(eventsOf(format, chunks, { startsInReasoning }), output, {
          name: (event, written) => checkName(event, written, output),
          end: (event) => checkCallEnd(event, output),
        })
      }),
      RUNS,
    )
  })

  it('reads back the calls it renders', () => {
    fc.assert(
      fc.property(fc.array(callOf(format), { maxLength: 4 }), (calls) => {
        const output = formatById(format).render(calls)
        expect(partsOf(eventsOf(format, [output]), output)).toEqual(calls.map(callPart))
      }),
      RUNS,
    )
  })

  it('separates prose from the calls it stands between', () => {
    const word = fc.oneof(fc.stringMatching(/^[\w.!?é😀東]{1,8}$/u), fc.constantFrom(...WORDS))
    const prose = fc
      .array(word, { minLength: 1, maxLength: 8 })
      .map((words) => `So ${words.join(' ')} end`)
    const part = fc.oneof(prose, fc.array(callOf(format), { minLength: 1, maxLength: 2 }))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }).map(withoutNeighbours), (parts) => {
        const render = (calls: readonly ToolCall[]) => formatById(format).render(calls)
        const output = parts
          .map((each) => (typeof each === 'string' ? each : render(each)))
          .join('\n')
        const expected = parts.flatMap((each) =>
          typeof each === 'string' ? [each] : each.map(callPart),
        )
        expect(partsOf(eventsOf(format, [output]), output)).toEqual(expected)
      }),
      RUNS,
    )
  })

  it('leaves prose alone that only looks like markup', () => {
    const prose = fc
      .array(fc.constantFrom(...WORDS), { minLength: 1 })
      .map((words) => `So ${words.join(' ')} end`)
    fc.assert(
      fc.property(prose, (output) => {
        expect(eventsOf(format, [output])).toEqual([{ type: 'text-delta', at: 0, text: output }])
      }),
      RUNS,
    )
  })

  it('every prefix of a call is no text but a cut-off call, once its name has begun', () => {
    fc.assert(
      fc.property(callOf(format), fc.double({ min: 0, max: 1, noNaN: true }), (call, share) => {
        const whole = formatById(format).render([call])
        const from = namesInJson(format)
          ? whole.indexOf('name": "') + 'name"'.length
          : whole.indexOf('{') + 1
        const until = whole.lastIndexOf('}')
        const output = whole.slice(0, from + Math.floor((until - from) * share))
        const events = eventsOf(format, [output])
        expect(events.filter(({ type }) => type === 'text-delta')).toEqual([])
        expect(events.at(-1)?.type).toBe('call-cut-off')
      }),
      RUNS,
    )
  })
})

it('a call is announced as early as its arguments begin, and its characters as they come', () => {
  const parser = formatById('xlam').createParser({ startsInReasoning: false })
  const types = (text: string) =>
    parser.feed(text).map((event) => [event.type, 'text' in event ? event.text : ''])
  expect(types('Ok')).toEqual([['text-delta', 'Ok']])
  expect(types(' \n[{"name": "f"')).toEqual([])
  expect(types(', "arguments":')).toEqual([])
  expect(types(' {')).toEqual([
    ['call-start', ''],
    ['call-arguments-delta', '{'],
  ])
  expect(types('"a": [[{"b"')).toEqual([['call-arguments-delta', '"a": [[{"b"']])
  expect(types(': 1}]]')).toEqual([['call-arguments-delta', ': 1}]]']])
  expect(types('}}')).toEqual([
    ['call-arguments-delta', '}'],
    ['call-end', ''],
  ])
  expect(types(']\nDone')).toEqual([['text-delta', 'Done']])
})

/** Words that hold the characters of markup, but none. */
const WORDS = [
  'see',
  '[1]',
  '[1, [2]]',
  '["a", {"b": []}]',
  '{"answer": 42}',
  '{"id": {"name": "x"}}',
  '{',
  '}',
  ']',
  '[',
  '[x](y)',
  '<b>',
  '<',
  '<tool',
  '</think',
  '`a[0]`',
  'f(){}',
  'a;',
  'b,',
  '{}',
  '[]',
  '(x)',
  '{"a"',
  '[{"k": "v"}]',
  '"',
]

function withoutNeighbours(
  parts: readonly (string | ToolCall[])[],
): readonly (string | ToolCall[])[] {
  return parts.filter(
    (part, index) => typeof part !== 'string' || typeof parts[index - 1] !== 'string',
  )
}

function callPart(call: ToolCall): ExpectedPart {
  return { call: call.name, arguments: call.arguments }
}

/** A name stands in the JSON of its call, or is where the call begins. */
function checkName(
  { at, name, nameSpan }: Extract<ParseEvent, { type: 'call-start' }>,
  written: string,
  output: string,
): void {
  if (at === nameSpan.start) {
    expect(written).toBe(name)
  } else {
    expect(output[at]).toBe('{')
    expect(JSON.parse(`"${written}"`)).toBe(name)
  }
}

function checkCallEnd(event: Extract<ParseEvent, { type: 'call-end' }>, output: string): void {
  const { span, argumentsSpan } = event
  expect(argumentsSpan.start).toBeGreaterThan(span.start)
  expect(argumentsSpan.end).toBeLessThanOrEqual(span.end)
  if (argumentsSpan.end < span.end) {
    const object: Record<string, JsonValue> = JSON.parse(output.slice(span.start, span.end))
    expect(typeof object).toBe('object')
  }
  const written: JsonValue = JSON.parse(output.slice(argumentsSpan.start, argumentsSpan.end))
  if (typeof written !== 'string') expect(event.arguments).toEqual(written)
}
