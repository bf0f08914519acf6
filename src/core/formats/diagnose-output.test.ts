import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../lib/json.ts'
import type { ToolCall } from '../tools/tool.ts'
import { TOOLS } from './__fixtures__/notation-outputs.ts'
import { FORMATS } from './all-formats.ts'
import { diagnoseOutput } from './diagnose-output.ts'
import type { FormatId } from './format.ts'
import { parseOutput } from './parsed-output.ts'

const ping = { name: 'ping_host', arguments: { host: 'example.com' } }
const every = (args: JsonObject) => ({ name: 'every_type', arguments: args })

function diagnose(format: FormatId, raw: string) {
  return diagnoseOutput({ raw, format, startsInReasoning: false }, TOOLS)
}

describe('a repair', () => {
  it.each<
    [
      string,
      [FormatId, string],
      { readonly steps: readonly string[]; readonly calls: readonly unknown[] },
    ]
  >([
    [
      'a trailing comma',
      ['xlam', '[{"name": "ping_host", "arguments": {"host": "example.com",}}]'],
      { steps: ['trailing comma removed'], calls: [ping] },
    ],
    [
      'single quotes',
      [
        'hermes',
        "<tool_call>\n{'name': 'ping_host', 'arguments': {'host': 'example.com'}}\n</tool_call>",
      ],
      { steps: Array(5).fill('single quotes made double'), calls: [ping] },
    ],
    [
      'an apostrophe in single quotes',
      [
        'hermes',
        `<tool_call>{"name": "every_type", "arguments": {"text": 'don't say "no"'}}</tool_call>`,
      ],
      { steps: ['single quotes made double'], calls: [every({ text: 'don\'t say "no"' })] },
    ],
    [
      'a missing brace',
      [
        'hermes',
        '<tool_call>\n{"name": "ping_host", "arguments": {"host": "example.com"}\n</tool_call>',
      ],
      { steps: ['missing } added'], calls: [ping] },
    ],
    [
      'a missing bracket at the end',
      ['xlam', '[{"name": "ping_host", "arguments": {"host": "example.com"'],
      { steps: ['missing }} added'], calls: [ping] },
    ],
    [
      "Python's words",
      [
        'hermes',
        '<tool_call>{"name": "every_type", "arguments": {"flag": True, "nothing": None}}</tool_call>',
      ],
      {
        steps: ['True written as true', 'None written as null'],
        calls: [every({ flag: true, nothing: null })],
      },
    ],
    [
      'keys without quotes',
      ['xlam', '[{"name": "ping_host", "arguments": {host: "example.com"}}]'],
      { steps: ['host put in quotes'], calls: [ping] },
    ],
    [
      'a raw line break',
      ['hermes', '<tool_call>{"name": "every_type", "arguments": {"text": "a\nb"}}</tool_call>'],
      { steps: ['line break or tab in a string written as \\n'], calls: [every({ text: 'a\nb' })] },
    ],
    [
      'smart quotes',
      [
        'hermes',
        '<tool_call>{“name”: “ping_host”, “arguments”: {“host”: “example.com”}}</tool_call>',
      ],
      { steps: Array(5).fill('quotes made straight'), calls: [ping] },
    ],
    [
      'a quote inside a string',
      [
        'hermes',
        '<tool_call>{"name": "every_type", "arguments": {"text": "say "hi" now"}}</tool_call>',
      ],
      {
        steps: ['quote inside a string escaped', 'quote inside a string escaped'],
        calls: [every({ text: 'say "hi" now' })],
      },
    ],
    [
      'a backslash',
      ['hermes', '<tool_call>{"name": "every_type", "arguments": {"text": "C:\\dir"}}</tool_call>'],
      { steps: ['backslash escaped'], calls: [every({ text: 'C:\\dir' })] },
    ],
    [
      'one brace too many',
      ['hermes', '<tool_call>{"name": "every_type", "arguments": {"count": 01}}}</tool_call>'],
      { steps: ['leading zero removed', 'surplus } removed'], calls: [every({ count: 1 })] },
    ],
    [
      'a call without arguments',
      ['hermes', '<tool_call>{"name": "ping_host"}</tool_call>'],
      { steps: ['empty arguments added'], calls: [{ name: 'ping_host', arguments: {} }] },
    ],
    [
      'a positional argument',
      ['pythonic', '[ping_host("example.com")]'],
      { steps: ['positional argument named host'], calls: [ping] },
    ],
    [
      'a bare word in Python',
      ['pythonic', '[ping_host(host=example.com)]'],
      { steps: ['example.com put in quotes'], calls: [ping] },
    ],
    [
      'a bare word in FunctionGemma',
      [
        'function-gemma',
        '<start_function_call>call:ping_host{host:example.com}<end_function_call>',
      ],
      { steps: ['example.com put in quotes'], calls: [ping] },
    ],
    [
      'a missing tag',
      [
        'qwen3-coder',
        '<tool_call>\n<function=ping_host>\n<parameter=host>\nexample.com\n</function>\n</tool_call>',
      ],
      { steps: ['missing </parameter> added'], calls: [ping] },
    ],
    [
      'text that says it is JSON',
      [
        'deepseek-dsml',
        '<｜DSML｜function_calls><｜DSML｜invoke name="ping_host"><｜DSML｜parameter name="host" string="false">example.com</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜function_calls>',
      ],
      { steps: ['marked as text'], calls: [ping] },
    ],
  ])('%s', (_name, [format, raw], { steps, calls }) => {
    const { repair } = diagnose(format, raw)
    expect(repair?.steps).toEqual(steps)
    expect(repair?.calls).toEqual(calls)
    expect(repair?.issues).toEqual([])
    checkDiff(raw, repair)
  })

  it('says what the schema has against the repaired call', () => {
    const raw = '<tool_call>{"name": "every_type", "arguments": {"count": "x",}}</tool_call>'
    expect(diagnose('hermes', raw).repair?.issues).toMatchObject([{ kind: 'type', path: '/count' }])
  })

  it('is not offered for a string that was cut off', () => {
    expect(diagnose('xlam', '[{"name": "ping_host", "arguments": {"host": "exam').repair).toBeNull()
  })
})

it.each<[FormatId, string, FormatId]>([
  ['hermes', '[{"name": "ping_host", "arguments": {"host": "example.com"}}]', 'xlam'],
  ['xlam', '[ping_host(host="example.com")]', 'pythonic'],
  [
    'hermes',
    '<tool_call>\n<function=ping_host>\n<parameter=host>\nexample.com\n</parameter>\n</function>\n</tool_call>',
    'qwen3-coder',
  ],
  [
    'qwen3-coder',
    '<tool_call>\n{"name": "ping_host", "arguments": {"host": "example.com"}}\n</tool_call>',
    'xlam',
  ],
  ['hermes', '<|tool_call_start|>[ping_host(host="example.com")]<|tool_call_end|>', 'lfm2'],
])('in %s, %s is a call in the format %s', (format, raw, other) => {
  const { otherFormat } = diagnose(format, raw)
  expect([otherFormat?.id, otherFormat?.calls]).toEqual([other, [ping]])
})

it.each(['None of the tools fits.', 'Use [1] or {"a": 1}, or f(a=1).'])(
  '%s is an answer',
  (raw) => {
    for (const { id } of FORMATS)
      expect(diagnose(id, raw)).toEqual({ otherFormat: null, repair: null })
  },
)

const anyCall = fc.constantFrom<ToolCall[]>(
  ping,
  every({ text: 'a "b"', count: 3 }),
  every({ list: [1, { a: null }] }),
)
const anyFormat = fc.constantFrom(...FORMATS)

it('a valid call is never repaired', () => {
  fc.assert(
    fc.property(anyFormat, fc.array(anyCall, { minLength: 1, maxLength: 3 }), (format, calls) => {
      expect(diagnose(format.id, format.render(calls))).toEqual({ otherFormat: null, repair: null })
    }),
  )
})

it('whatever breaks a call, what is proposed parses, loses no call and is what the diff says', () => {
  const damage = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 2 }),
    text: fc.constantFrom('', ',', "'", '"', '}', ']', '{', '\n', '\\', 'True', '“', '</'),
  })
  let repaired = 0
  fc.assert(
    fc.property(
      anyFormat,
      fc.array(anyCall, { minLength: 1, maxLength: 2 }),
      damage,
      (format, calls, { at, length, text }) => {
        const whole = format.render(calls)
        const start = at % whole.length
        const raw = whole.slice(0, start) + text + whole.slice(start + length)
        const { repair } = diagnose(format.id, raw)
        if (!repair) return
        repaired += 1
        const parser = format.createParser({ startsInReasoning: false, tools: TOOLS })
        const read = parseOutput(parser, repair.raw)
        expect(read.calls.every(({ state }) => state.type === 'complete')).toBe(true)
        expect(repair.calls.length).toBe(read.calls.length)
        checkDiff(raw, repair)
      },
    ),
    { numRuns: 400 },
  )
  expect(repaired).toBeGreaterThan(20)
})

function checkDiff(raw: string, repair: ReturnType<typeof diagnose>['repair']): void {
  const without = (type: string) =>
    repair?.diff.map((part) => (part.type === type ? '' : part.text)).join('')
  expect(without('added')).toBe(raw)
  expect(without('removed')).toBe(repair?.raw)
}
