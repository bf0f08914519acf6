import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { partsOf, eventsOf } from './__fixtures__/read-output.ts'
import { detectFormat, FORMATS, formatById } from './all-formats.ts'

const template = (name: string) =>
  readFileSync(new URL(`../template/__fixtures__/${name}`, import.meta.url), 'utf8')

describe('detectFormat', () => {
  it.each([
    ['xlam-qwen.jinja', 'xlam'],
    ['xlam-qwen-vllm.jinja', 'xlam'],
    ['xlam-llama.jinja', 'xlam'],
    ['hermes.jinja', 'hermes'],
    ['llama-3.2.jinja', 'llama-json'],
  ])('%s is %s', (name, id) => {
    const { format, certain } = detectFormat(template(name))
    expect([format.id, certain]).toEqual([id, true])
  })

  it('the template of the built-in model is xlam', () => {
    const { format, certain } = detectFormat(builtInTemplate())
    expect([format.id, certain]).toEqual(['xlam', true])
  })

  // Lines of the families' own templates that no other family's has.
  it.each([
    [
      '<tool_call>\\n<function=example_function_name>\\n<parameter=example_parameter_1>',
      'qwen3-coder',
    ],
    [
      'you MUST put it in the format of [func_name1(params_name1=params_value1, params_name2=params_value2...), func_name2(params)]',
      'pythonic',
    ],
    ["{{- '<|python_start|>' -}} {{- '<|python_end|>' -}}", 'llama4-pythonic'],
    ["List of tools: <|tool_list_start|>[' ~ ns.tools ~ ']<|tool_list_end|>", 'lfm2'],
    ['Python code between <code> and </code> tags', 'smollm3-python'],
    ["{{- '<start_function_call>call:' + function.name + '{' -}}", 'function-gemma'],
    ["{{ '\\n<tool_call>' + tc.name }} <arg_key>{{ k }}</arg_key>", 'glm'],
    ["{%- set toolcall_begin_token = '<minimax:tool_call>' -%}", 'minimax-m2'],
    ['{{ "<｜DSML｜function_calls>" }}', 'deepseek-dsml'],
  ])('%s is %s', (source, id) => {
    const { format, certain } = detectFormat(source)
    expect([format.id, certain]).toEqual([id, true])
  })

  it('SmolLM3, which can do either, speaks Hermes when it is given tools', () => {
    const source = '<tool_call>{"name": f}</tool_call> and <code>python</code>'
    expect(detectFormat(source).format.id).toBe('hermes')
  })

  it.each([null, '', "{% for message in messages %}{{ message.content }}{{ '[' }}{% endfor %}"])(
    '%j leaves it open',
    (source) => {
      expect(detectFormat(source)).toEqual({ format: formatById('xlam'), certain: false })
    },
  )
})

it.each(FORMATS)('the example of $id is a call of that format', (format) => {
  const events = eventsOf(format.id, [format.example])
  expect(partsOf(events, format.example)).toEqual([
    { call: 'get_weather', arguments: { location: 'London' } },
  ])
  expect(formatById(format.id)).toBe(format)
})

it.each(FORMATS)('no calls, rendered by $id, are no calls and no text', (format) => {
  expect(eventsOf(format.id, [format.render([])])).toEqual([])
})

/** The value of `tokenizer.chat_template`: a key, a 4-byte type, an 8-byte length, the text. */
function builtInTemplate(): string {
  const file = readFileSync('public/models/callground-nano.gguf')
  const key = 'tokenizer.chat_template'
  const lengthAt = file.indexOf(key) + key.length + 4
  const start = lengthAt + 8
  return file.toString('utf8', start, start + Number(file.readBigUInt64LE(lengthAt)))
}
