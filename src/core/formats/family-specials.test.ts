import { describe, expect, it } from 'vitest'
import { eventsOf, partsOf } from './__fixtures__/read-output.ts'
import type { ExpectedPart } from './__fixtures__/recorded-output.ts'
import { FORMATS } from './all-formats.ts'
import type { SyntaxPart } from './call-syntax.ts'
import type { FormatId } from './format.ts'

const CITY = '{"city": "Oslo"}'
const call = { call: 'get_weather', arguments: { city: 'Oslo' } } as const

type Special = readonly [
  format: FormatId,
  name: string,
  output: string,
  parts: readonly ExpectedPart[],
]

const SPECIALS: readonly Special[] = [
  ['mistral', 'the newer form', `[TOOL_CALLS]get_weather[ARGS]${CITY}`, [call]],
  [
    'mistral-args',
    'the older form',
    `[TOOL_CALLS] [{"name": "get_weather", "arguments": ${CITY}}]`,
    [call],
  ],
  ['mistral-args', 'a name without its marker', `[TOOL_CALLS]get_weather ${CITY}`, [call]],
  [
    'mistral-id',
    'a broken call that the next one ends',
    `[TOOL_CALLS]f[CALL_ID]a1b2c3d4e[ARGS]{"a" 1}[TOOL_CALLS]get_weather[CALL_ID]b1b2c3d4e[ARGS]${CITY}`,
    [expect.objectContaining({ invalid: 'f', span: 'f[CALL_ID]a1b2c3d4e[ARGS]{"a" 1}' }), call],
  ],
  [
    'mistral-args',
    'arguments that do not begin',
    '[TOOL_CALLS]get_weather[ARGS]city=Oslo',
    [
      {
        invalid: 'get_weather',
        kind: 'syntax',
        at: 'city=Oslo',
        expected: 'the arguments, "{"',
        found: '"city"',
        span: 'get_weather[ARGS]city=Oslo',
      },
    ],
  ],
  [
    'mistral-args',
    'cut off after the name',
    '[TOOL_CALLS]get_weather[ARGS]',
    [{ cutOff: 'get_weather' }],
  ],
  ['mistral-args', 'cut off in the name', '[TOOL_CALLS]get_we', [{ cutOff: null }]],
  [
    'mistral-args',
    'the token talked about',
    'Write `[TOOL_CALLS]` or [TOOL_CALLS], then a name.',
    ['Write `[TOOL_CALLS]` or [TOOL_CALLS], then a name.'],
  ],
  [
    'granite',
    'the marker as a tag',
    `<tool_call>[{"name": "get_weather", "arguments": ${CITY}}]`,
    [call],
  ],
  [
    'granite',
    'a response in its tag',
    '<think>Hm.</think>\n<response>Hello</response>',
    [{ reasoning: 'Hm.' }, 'Hello'],
  ],
  [
    'deepseek-v3',
    'the form of V3.1',
    `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>${CITY}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
    [call],
  ],
  [
    'deepseek-v3',
    'no end of the call',
    `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n\`\`\`json\n${CITY}\n\`\`\`<｜tool▁calls▁end｜>Ok`,
    [call, 'Ok'],
  ],
  [
    'deepseek-v31',
    'a head without a separator',
    `<｜tool▁call▁begin｜>get weather now<｜tool▁call▁end｜>`,
    [expect.objectContaining({ cutOff: null })],
  ],
  [
    'phi-4-mini',
    'the tokens of the tokenizer',
    `<|tool_call|>[{"name": "get_weather", "arguments": ${CITY}}]<|/tool_call|>`,
    [call],
  ],
  [
    'phi-4-mini',
    'the module of that name',
    'Use functools.reduce, of the module functools.',
    ['Use functools.reduce, of the module functools.'],
  ],
  [
    'gpt-oss',
    'thought, preamble, call',
    `<|channel|>analysis<|message|>Use a tool.<|end|><|start|>assistant<|channel|>commentary<|message|>One moment.<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather<|message|>${CITY}`,
    [{ reasoning: 'Use a tool.' }, 'One moment.', call],
  ],
  [
    'gpt-oss',
    'the recipient behind the role',
    ` to=functions.get_weather<|channel|>commentary json<|message|>${CITY}<|call|>`,
    [call],
  ],
  [
    'gpt-oss',
    'a thought that is not ended',
    `<|channel|>analysis<|message|>Hm.<|start|>assistant to=functions.get_weather<|channel|>commentary<|constrain|>json<|message|>${CITY}`,
    [{ reasoning: 'Hm.' }, call],
  ],
  [
    'gpt-oss',
    'the final answer',
    '<|channel|>analysis<|message|>Easy.<|end|><|start|>assistant<|channel|>final<|message|>It is 4.<|return|>',
    [{ reasoning: 'Easy.' }, 'It is 4.'],
  ],
  [
    'gpt-oss',
    'code for a built-in tool',
    '<|channel|>commentary to=python code<|message|>print(1)',
    [expect.objectContaining({ invalid: 'python', expected: 'the arguments, "{"' })],
  ],
  ['hammer', 'no call', '[]', []],
  [
    'functionary-v31',
    'a tag that is prose',
    'In C, write <function=x y> or </function>.',
    ['In C, write <function=x y> or </function>.'],
  ],
  ['functionary-v31', 'code', '<|python_tag|>import math', ['import math']],
  ['functionary-v32', 'text', 'all\nHello\nthere', ['Hello\nthere']],
  ['functionary-v32', 'the marker repeated', `>>>get_weather\n${CITY}`, [call]],
  ['functionary-v32', 'a word and a line break', 'Hello\nthere', ['Hello\nthere']],
  [
    'functionary-v32',
    'the prompt of an interpreter',
    'Type >>> x = 1 and\n>>> print(x)',
    ['Type >>> x = 1 and\n>>> print(x)'],
  ],
  [
    'command-r',
    'an action without a fence is prose',
    'Call to Action: act now. Action',
    ['Call to Action: act now. Action'],
  ],
  [
    'command-r7b',
    'thought, then the answer',
    '<|START_THINKING|>Easy.<|END_THINKING|><|START_RESPONSE|>It is 4.<|END_RESPONSE|>',
    [{ reasoning: 'Easy.' }, 'It is 4.'],
  ],
  [
    'apriel',
    'thought that the answer ends',
    'Here are my reasoning steps:\nHm.\n[BEGIN FINAL RESPONSE]\nIt is 4.\n[END FINAL RESPONSE]',
    [{ reasoning: 'Hm.' }, 'It is 4.'],
  ],
  [
    'kimi-k2',
    'an id without the prefix',
    `<|tool_calls_section_begin|><|tool_call_begin|>get_weather:3<|tool_call_argument_begin|>${CITY}<|tool_call_end|><|tool_calls_section_end|>`,
    [call],
  ],
]

describe.each(SPECIALS)('%s: %s', (...[format, , output, parts]) => {
  it('is read as recorded, in any chunks', () => {
    const events = eventsOf(format, [output])
    expect(partsOf(events, output)).toEqual(parts)
    expect(eventsOf(format, output.split(''))).toEqual(events)
  })
})

/** The patterns of ids, each with an id. */
const SAMPLES: Readonly<Record<string, string>> = { '[0-9]+': '7', '[a-zA-Z0-9]{9}': 'a1B2c3D4e' }

function written(parts: readonly SyntaxPart[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : SAMPLES[part.gbnf])).join('')
}

const JSON_FORMATS = FORMATS.filter(({ syntax }) => syntax.notation.type === 'json')

describe.each(JSON_FORMATS)('what the syntax of $id writes', ({ id, syntax }) => {
  const { before, between, after } = syntax.call
  const one = `${written(before)}get_weather${written(between)}${CITY}${written(after)}`

  it('is read back, and begins with the trigger', () => {
    const output = written(syntax.open) + one + written(syntax.close)
    expect(partsOf(eventsOf(id, [output]), output)).toEqual([call])
    const prefix = written(syntax.open) + written(before)
    expect(prefix.trimStart().startsWith(syntax.trigger)).toBe(true)
  })

  it('is read back with two calls', () => {
    if (syntax.separator === null) return
    const both = one + written(syntax.separator) + one
    const output = written(syntax.open) + both + written(syntax.close)
    expect(partsOf(eventsOf(id, [output]), output)).toEqual([call, call])
  })
})
