import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { Tool, ToolCall } from '../tools/tool.ts'
import {
  DATA_TYPES,
  ESCAPED,
  EVERY_TYPE,
  THEMES,
  TOOLS,
  type Themes,
} from './__fixtures__/notation-outputs.ts'
import { checkEvents } from './__fixtures__/check-events.ts'
import { eventsOf, partsOf } from './__fixtures__/read-output.ts'
import type { ExpectedPart } from './__fixtures__/recorded-output.ts'
import { FORMATS, formatById } from './all-formats.ts'
import { argumentText, withArgument } from './argument-text.ts'
import type { FormatId, ParseEvent, ToolCallFormat } from './format.ts'

const RUNS = { numRuns: 300 }
const OPTIONS = { startsInReasoning: false, tools: TOOLS }
const NOTATION_FORMATS = FORMATS.filter(({ syntax }) => syntax.notation.type !== 'json')

const ping = { call: 'ping_host', arguments: { host: 'example.com' } }

function themesOf(id: FormatId): Themes {
  const themes = THEMES[id]
  if (!themes) throw new Error(`No themes for ${id}`)
  return themes
}

function read(id: FormatId, output: string): readonly ExpectedPart[] {
  const events = eventsOf(id, [output], OPTIONS)
  expect(eventsOf(id, output.split(''), OPTIONS)).toEqual(events)
  checkPlaces(events, output)
  return partsOf(events, output)
}

describe.each(NOTATION_FORMATS.map(({ id }) => id))('%s', (id) => {
  const themes = themesOf(id)

  it('no call', () => {
    expect(read(id, themes.noCall)).toEqual([themes.noCall])
    expect(read(id, '')).toEqual([])
  })

  it('a single call', () => {
    expect(read(id, themes.single)).toEqual([ping])
  })

  it('parallel calls', () => {
    const second = { call: 'every_type', arguments: { count: 1 } }
    expect(read(id, themes.parallel)).toEqual([ping, second])
  })

  it('data types', () => {
    expect(read(id, themes.dataTypes)).toEqual([{ call: 'every_type', arguments: DATA_TYPES }])
  })

  it('empty arguments', () => {
    expect(read(id, themes.emptyArguments)).toEqual([{ call: 'ping_host', arguments: {} }])
  })

  it('surrounding text', () => {
    const output = `I will ping it.\n\n${themes.single}\n\nDone, I think.`
    expect(read(id, output)).toEqual(['I will ping it.', ping, 'Done, I think.'])
  })

  it('escaped strings', () => {
    const part = { call: 'every_type', arguments: { text: ESCAPED } }
    expect(read(id, themes.escapedStrings)).toEqual([part])
  })

  it.each(themes.malformed)('malformed: $output', ({ output, part, rest = [] }) => {
    const expected = { ...part, at: expect.stringMatching(startOf(part.at)) }
    expect(read(id, output)).toEqual([expect.objectContaining(expected), ...rest])
  })

  it('a call that the end of the output cuts off', () => {
    const [part, ...rest] = read(id, themes.cutOff)
    expect(rest).toEqual([])
    expect(part).toEqual({ cutOff: 'ping_host', argumentsText: expect.stringMatching(/ex$/) })
  })

  it('no call is read in reasoning', () => {
    const output = `<think>\nPerhaps ${themes.single}?\n</think>\n\n${themes.single}`
    expect(read(id, output)).toEqual([{ reasoning: `Perhaps ${themes.single}?` }, ping])
  })

  it('arguments are reported as they come', () => {
    const parser = formatById(id).createParser(OPTIONS)
    const events: ParseEvent[] = []
    for (const character of themes.cutOff) events.push(...parser.feed(character))
    const written = events.flatMap((event) =>
      event.type === 'call-arguments-delta' ? event.text : [],
    )
    expect(events.some(({ type }) => type === 'call-start')).toBe(true)
    expect(written.slice(-2)).toEqual(['e', 'x'])
    const { syntax } = formatById(id)
    const [entry] = argumentText(syntax.notation).entries(written.join(''), EVERY_TYPE.parameters)
    expect(entry).toMatchObject({ key: 'host', value: undefined, complete: false })
  })

  it('any chunking gives the same events', () => {
    fc.assert(
      fc.property(anyChunks(formatById(id)), fc.boolean(), ({ output, chunks }, inReasoning) => {
        const options = { startsInReasoning: inReasoning, tools: TOOLS }
        expect(eventsOf(id, chunks, options)).toEqual(eventsOf(id, [output], options))
      }),
      RUNS,
    )
  })

  it('events stand in order, on the characters they name, and end each call once', () => {
    fc.assert(
      fc.property(anyChunks(formatById(id)), ({ output, chunks }) => {
        checkPlaces(eventsOf(id, chunks, OPTIONS), output)
      }),
      RUNS,
    )
  })

  it('reads back the calls that it renders, alone and between prose', () => {
    const format = formatById(id)
    fc.assert(
      fc.property(
        fc.array(anyCall, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (all, isAlone) => {
          const tools = toolsFor(all)
          const output = isAlone ? format.render(all) : `So:\n${format.render(all)}\nThat is it.`
          const parts = partsOf(eventsOf(id, [output], { startsInReasoning: false, tools }), output)
          const calls = all.map((call) => ({ call: call.name, arguments: call.arguments }))
          expect(parts).toEqual(isAlone ? calls : ['So:', ...calls, 'That is it.'])
        },
      ),
      RUNS,
    )
  })

  it('an argument that is changed in place is what is read then, and nothing else changes', () => {
    const format = formatById(id)
    fc.assert(
      fc.property(anyCall, anyValue, fc.nat(), (call, value, pick) => {
        const keys = [...Object.keys(call.arguments as JsonObject), 'added']
        const key = keys[pick % keys.length] ?? 'added'
        const changed = { ...call, arguments: { ...(call.arguments as JsonObject), [key]: value } }
        const tools = toolsFor([changed])
        const parameters = tools[0]?.parameters ?? null
        const output = format.render([call])
        const events = eventsOf(id, [output], { startsInReasoning: false, tools: toolsFor([call]) })
        const end = events.find((event) => event.type === 'call-end')
        if (!end) throw new Error(`no call in ${output}`)
        const { start, end: stop } = end.argumentsSpan
        const edited = withArgument(
          format.syntax.notation,
          { text: output.slice(start, stop), args: end.arguments },
          { pointer: `/${key}`, parameters, value },
        )
        const result = output.slice(0, start) + String(edited) + output.slice(stop)
        expect(
          partsOf(eventsOf(id, [result], { startsInReasoning: false, tools }), result),
        ).toEqual([{ call: call.name, arguments: changed.arguments }])
      }),
      RUNS,
    )
  })

  it('entries of a whole call are its arguments, each where it stands', () => {
    const format = formatById(id)
    fc.assert(
      fc.property(anyCall, (call) => {
        const output = format.render([call])
        const tools = toolsFor([call])
        const end = eventsOf(id, [output], { startsInReasoning: false, tools }).find(
          (event) => event.type === 'call-end',
        )
        if (!end) throw new Error(`no call in ${output}`)
        const text = output.slice(end.argumentsSpan.start, end.argumentsSpan.end)
        const reading = argumentText(format.syntax.notation)
        const parameters = tools[0]?.parameters ?? null
        const entries = reading.entries(text, parameters)
        expect(Object.fromEntries(entries.map(({ key, value }) => [key, value]))).toEqual(
          call.arguments,
        )
        let last = 0
        for (const { key, keySpan, valueSpan, complete } of entries) {
          expect(complete).toBe(true)
          expect(keySpan.start).toBeGreaterThanOrEqual(last)
          expect(valueSpan.start).toBeGreaterThan(keySpan.start)
          expect(text.slice(keySpan.start, keySpan.end)).toContain(key)
          expect(reading.spanAt(text, { pointer: `/${key}`, parameters })).toEqual(valueSpan)
          last = valueSpan.end
        }
      }),
      RUNS,
    )
  })
})

it('LFM2 also reads a JSON list between its markers', () => {
  const output =
    '<|tool_call_start|>[{"name": "ping_host", "arguments": {"host": "example.com"}}, {"name": "every_type", "arguments": {}}]<|tool_call_end|>Ok'
  expect(read('lfm2', output)).toEqual([ping, { call: 'every_type', arguments: {} }, 'Ok'])
})

it('pythonic reads calls without brackets, at the beginning and after one another', () => {
  const output = 'ping_host(host="example.com"), every_type(count=1)\nping_host()\nDone.'
  expect(read('pythonic', output)).toEqual([
    ping,
    { call: 'every_type', arguments: { count: 1 } },
    { call: 'ping_host', arguments: {} },
    'Done.',
  ])
  expect(read('pythonic', 'print() is a function.')).toEqual(['print() is a function.'])
  expect(read('pythonic', 'Call me (a=1).')).toEqual(['Call me (a=1).'])
})

it('Olmo 3 writes calls line by line in a tag', () => {
  const output =
    '<function_calls>\nping_host(host="example.com")\nevery_type(count=1)\n</function_calls>'
  const second = { call: 'every_type', arguments: { count: 1 } }
  expect(read('pythonic', output)).toEqual([ping, second])
})

it('Qwen3-Coder: the outer tag may be missing, and a broken call does not hide the next', () => {
  const whole = '<function=ping_host>\n<parameter=host>\nexample.com\n</parameter>\n</function>'
  expect(read('qwen3-coder', whole)).toEqual([ping])
  const broken = '<tool_call>\n<function=every_type>\n<parameter=a>\nx\n</function>\n</tool_call>\n'
  const [first, second] = read('qwen3-coder', broken + themesOf('qwen3-coder').single)
  expect(first).toMatchObject({ invalid: 'every_type' })
  expect(second).toEqual(ping)
})

it('nothing that has been told is told again, wherever a call breaks off', () => {
  const call = { call: 'a', arguments: { a: '' } }
  expect(read('pythonic', '<|python_start|>[a(a="")]\0')).toEqual([call, '\0'])
  expect(read('qwen3-coder', '<function=f><function=')).toEqual([
    expect.objectContaining({ invalid: 'f', span: '<function=f>', at: '<function=' }),
    '<function=',
  ])
  const empty = { call: 'a', arguments: {} }
  expect(read('smollm3-python', '<code>f(a=<code>a()</code>')).toEqual([
    expect.objectContaining({ invalid: 'f', span: 'f(a=', at: '<code>a()</code>' }),
    empty,
  ])
  const twice = '<|python_start|>f(a=<<|python_start|>[a()]<|python_end|>'
  expect(read('llama4-pythonic', twice)).toEqual([
    expect.objectContaining({ invalid: 'f', span: 'f(a=<', at: twice.slice(20) }),
    empty,
  ])
})

it('without its tool, a value without quotes is JSON if it reads as JSON', () => {
  const output =
    '<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>5</arg_value>\n<arg_key>b</arg_key>\n<arg_value>five</arg_value>\n</tool_call>'
  const [part] = partsOf(eventsOf('glm', [output]), output)
  expect(part).toEqual({ call: 'f', arguments: { a: 5, b: 'five' } })
})

it('arguments nested without end are refused, not run over', () => {
  const deep = `[f(a=${'['.repeat(5000)}`
  expect(read('pythonic', deep)).toEqual([
    expect.objectContaining({ invalid: 'f', expected: 'at most 1000 levels of nesting' }),
  ])
})

const HOSTILE = [
  ...'<>()[]{}"\'\\=:,;`\n '.split(''),
  '"""',
  "'''",
  '<think>',
  '</think>',
  '<code>',
  '</code>',
  '<tool_call>',
  '</tool_call>',
  '</tool',
  '<function=',
  '<function=f>',
  '</function>',
  '<parameter=',
  '<parameter=a>',
  '</parameter>',
  '<arg_key>a</arg_key>',
  '<arg_value>',
  '</arg_value>',
  '<minimax:tool_call>',
  '</minimax:tool_call>',
  '<invoke name="',
  '<invoke name="f">',
  '</invoke>',
  '<parameter name="a">',
  '<｜DSML｜function_calls>',
  '<｜DSML｜invoke name="f">',
  '<｜DSML｜parameter name="a" string="false">',
  '</｜DSML｜parameter>',
  '</｜DSML｜invoke>',
  '<start_function_call>',
  'call:f{',
  '<escape>',
  '<end_function_call>',
  '<|python_start|>',
  '<|python_end|>',
  '<|tool_call_start|>',
  '<|tool_call_end|>',
  '[f(',
  'f(a=',
  'ping_host(',
  'f()',
  'True',
  '-1.5',
  '\\x4',
  '\\u00',
  '[{"name": "f", "arguments": {',
  'see [1] (a)',
  'text',
  '😀',
  '\ud83d',
]

function anyChunks(format: ToolCallFormat) {
  const whole = fc.array(anyCall, { maxLength: 2 }).map((calls) => format.render(calls))
  const recorded = fc.constantFrom(
    ...Object.values(THEMES).flatMap((themes) =>
      themes
        ? [
            themes.single,
            themes.parallel,
            themes.noCall,
            ...themes.malformed.map(({ output }) => output),
          ]
        : [],
    ),
  )
  const piece = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 2, arbitrary: whole },
    { weight: 1, arbitrary: recorded },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  )
  const output = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''))
  const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 })
  return fc.tuple(output, sizes).map(([text, all]) => ({ output: text, chunks: cut(text, all) }))
}

function cut(text: string, sizes: readonly number[]): readonly string[] {
  const chunks: string[] = []
  for (let start = 0, turn = 0; start < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    chunks.push(text.slice(start, start + size))
    start += size
  }
  return chunks
}

/** Text that holds no tag: a notation without escapes cannot say one. */
const anyText = fc.string({ unit: 'binary' }).filter((text) => !text.includes('<'))
const anyJson: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ maxDepth: 3 })
  .map((value): JsonValue => JSON.parse(JSON.stringify(value).replaceAll('<', '(')))
/** No string at the top that reads as another type: those are tried with a schema, where one decides. */
const anyValue: fc.Arbitrary<JsonValue> = fc.oneof(anyText, anyJson)
const anyKey = fc.stringMatching(/^[a-z][a-z_]{0,8}$/)
const anyCall: fc.Arbitrary<ToolCall> = fc.record({
  name: fc.stringMatching(/^[a-z][a-z_0-9]{0,12}$/),
  arguments: fc.dictionary(anyKey, anyValue, { maxKeys: 5 }),
})

/** Tools whose schemas say of each argument the type that it has. */
function toolsFor(calls: readonly ToolCall[]): readonly Tool[] {
  return calls.map(({ name }, index) => {
    const all = calls.filter((call, at) => call.name === name && at >= index)
    const entries = all.flatMap((call) => Object.entries(call.arguments as JsonObject))
    const properties = Object.fromEntries(
      entries.map(([key]) => [
        key,
        {
          type: [
            ...new Set(entries.filter(([other]) => other === key).map(([, v]) => typeName(v))),
          ],
        },
      ]),
    )
    return { name, description: '', parameters: { type: 'object', properties }, definition: {} }
  })
}

function typeName(value: JsonValue): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function startOf(text: string): RegExp {
  return new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`)
}

function checkPlaces(events: readonly ParseEvent[], output: string): void {
  checkEvents(events, output, {
    name({ name, nameSpan: { start, end } }, written) {
      // One in JSON may be written with escapes.
      if (!/["\\]/.test(output.slice(start - 1, end + 1))) expect(written).toBe(name)
    },
  })
}
