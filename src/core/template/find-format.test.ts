import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findFormatById } from '../formats/all-formats.ts'
import { EMPTY_OUTPUT, parseOutput, reduceOutput } from '../formats/parsed-output.ts'
import { findFormat } from './find-format.ts'

const fixture = (name: string) =>
  readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8')

/** A family that does not exist, with the given text for calls. */
const invented = (calls: string) => `
{%- if tools %}{{ '<sys>' + (tools | tojson) + '</sys>' }}{% endif %}
{%- for message in messages %}
    {{- '<turn:' + message.role + '>' + (message.content or '') }}
    {%- if message.reasoning_content %}{{ '<thinks>' + message.reasoning_content + '</thinks>' }}{% endif %}
    {%- if message.tool_calls %}${calls}{% endif %}
    {{- '<end>' }}
{%- endfor %}`

const INVENTED: readonly (readonly [string, string, object])[] = [
  [
    'an object in a tag for each call',
    `{% for call in message.tool_calls %}{{ '<act>\\n{"tool": "' + call.function.name + '", "args": ' + (call.function.arguments | tojson) + '}\\n</act>\\n' }}{% endfor %}`,
    { before: '<act>\n{"tool": "', keys: { name: 'tool', arguments: 'args' }, separator: '' },
  ],
  [
    'one array in a tag',
    `{{ '<acts>[' }}{% for call in message.tool_calls %}{{ '{"tool": "' + call.function.name + '", "args": ' + (call.function.arguments | tojson) + '}' + ('' if loop.last else ', ') }}{% endfor %}{{ ']</acts>' }}`,
    { open: '<acts>[', close: ']</acts>', separator: ', ' },
  ],
  [
    'the name before the arguments',
    `{{ '<|acts|>' }}{% for call in message.tool_calls %}{{ '<|act|>' + call.function.name + '<|with|>' + (call.function.arguments | tojson) + '<|done|>' }}{% endfor %}{{ '<|over|>' }}`,
    { open: '<|acts|>', before: '<|act|>', between: '<|with|>', after: '<|done|>', keys: null },
  ],
  [
    'an array and nothing around it',
    `{{ '[' }}{% for call in message.tool_calls %}{{ '{"fn": "' + call.function.name + '", "args": ' + (call.function.arguments | tojson) + '}' + ('' if loop.last else ', ') }}{% endfor %}{{ ']' }}`,
    { open: '[', close: ']', keys: { name: 'fn', arguments: 'args' } },
  ],
]

describe.each(INVENTED)('an unknown template with %s', (_name, calls, expected) => {
  const format = findFormat(invented(calls))

  it('shows its markers, which the id carries', () => {
    const markers: unknown = JSON.parse(format?.id.slice('found:'.length) ?? 'null')
    expect(markers).toMatchObject(expected)
    expect(findFormatById(format?.id ?? '')).toBe(format)
    expect(format?.description).toContain('begin with')
  })

  it('can be read, with text around', () => {
    const written = format?.render([
      { name: 'get_weather', arguments: { city: 'Oslo "Ø"' } },
      { name: 'get_time', arguments: {} },
    ])
    const raw = `Let me look.\n${written}\nDone.`
    const parser = format?.createParser({ startsInReasoning: false })
    const output = parser && parseOutput(parser, raw)
    expect(output?.calls.map(({ name, state }) => ({ name, state }))).toEqual([
      { name: 'get_weather', state: { type: 'complete', arguments: { city: 'Oslo "Ø"' } } },
      { name: 'get_time', state: { type: 'complete', arguments: {} } },
    ])
    const texts = output?.parts.flatMap((part) =>
      part.type === 'text' ? [raw.slice(part.span.start, part.span.end)] : [],
    )
    expect(texts).toEqual(['Let me look.', 'Done.'])
  })
})

describe('the templates of known families', () => {
  it.each([
    ['hermes.jinja'],
    ['llama-3.2.jinja'],
    ['xlam-qwen.jinja'],
    ['mistral.jinja'],
    ['mistral-args.jinja'],
    ['granite.jinja'],
    ['granite-4.jinja'],
    ['granite-code.jinja'],
    ['deepseek-v31.jinja'],
    ['phi-4-mini.jinja'],
    ['firefunction.jinja'],
    ['smollm2.jinja'],
    ['nemotron.jinja'],
    ['apriel.jinja'],
    ['command-r7b.jinja'],
  ])('%s is understood without its format', (name) => {
    expect(findFormat(fixture(name))).not.toBeNull()
  })
})

it('reasoning that the template prints is found', () => {
  const calls = `{{ '<act>' + message.tool_calls[0].function.name + ': ' + (message.tool_calls[0].function.arguments | tojson) + '</act>' }}`
  const format = findFormat(invented(calls))
  expect(format?.reasoning).toEqual([{ open: '<thinks>', close: '</thinks>' }])
})

it.each([
  ['no Jinja', '{% if %}'],
  ['no calls', '{% for message in messages %}{{ message.content }}{% endfor %}'],
  [
    'arguments that are no JSON',
    invented(
      `{% for call in message.tool_calls %}{{ call.function.name + '(' }}{% for key, value in call.function.arguments.items() %}{{ key + '=' + value }}{% endfor %}{{ ')' }}{% endfor %}`,
    ),
  ],
])('%s: nothing is found', (_name, source) => {
  expect(findFormat(source)).toBeNull()
})

it.each(['found:', 'found:{}', 'found:[1]', 'nothing', ''])('%j is no id', (id) => {
  expect(findFormatById(id)).toBeNull()
})

it('what was found reads any output alike, whatever the chunking', () => {
  const found = INVENTED.flatMap(([, calls]) => findFormat(invented(calls)) ?? [])
  const piece = fc.constantFrom(
    ...found.flatMap(({ controlTokens, example }) => [...controlTokens, example]),
    'text',
    ' ',
    '\n',
    '{',
    '}',
    '[',
    '"',
    'name<|with|>{"a": 1}',
  )
  const outputs = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.constantFrom(...found), outputs, (format, output) => {
      const read = (chunks: readonly string[]) => {
        const parser = format.createParser({ startsInReasoning: false })
        const events = [...chunks.flatMap((chunk) => parser.feed(chunk)), ...parser.end()]
        return events.reduce(reduceOutput, EMPTY_OUTPUT)
      }
      expect(read(output.split(''))).toEqual(read([output]))
    }),
  )
})
