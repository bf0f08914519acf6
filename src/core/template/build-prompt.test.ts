import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { AssistantMessage, Message, ToolResultsMessage } from '../chat/message.ts'
import { formatById } from '../formats/all-formats.ts'
import { readGgufHeader } from '../gguf/read-gguf-header.ts'
import type { JsonObject } from '../lib/json.ts'
import type { Tool } from '../tools/tool.ts'
import { arrayFormat } from './__fixtures__/array-format.ts'
import { buildPrompt, type PromptInput } from './build-prompt.ts'
import { preferredToolShape } from './template-probe.ts'

const fixture = (name: string) =>
  readFileSync(new URL(`./__fixtures__/${name}.jinja`, import.meta.url), 'utf8')

const XLAM_QWEN = fixture('xlam-qwen')
const XLAM_QWEN_VLLM = fixture('xlam-qwen-vllm')
const XLAM_LLAMA = fixture('xlam-llama')
const HERMES = fixture('hermes')
const LLAMA = fixture('llama-3.2')
const NANO = await chatTemplateOf('../../../public/models/callground-nano.gguf')

async function chatTemplateOf(path: string): Promise<string> {
  const bytes = readFileSync(new URL(path, import.meta.url))
  const header = await readGgufHeader(new File([bytes], 'model.gguf'))
  return (header.ok && header.value.chatTemplate) || ''
}

const DEFINITION: JsonObject = {
  name: 'get_weather',
  description: 'Weather at a place',
  parameters: {
    type: 'object',
    properties: { location: { type: 'string' }, unit: { type: 'string', enum: ['c', 'f'] } },
    required: ['location'],
  },
}
const TOOL: Tool = {
  name: 'get_weather',
  description: 'Weather at a place',
  parameters: DEFINITION['parameters'] as JsonObject,
  definition: DEFINITION,
}

/** The tool as Python's json.dumps(indent=4) prints it. */
const TOOL_INDENTED = `{
    "name": "get_weather",
    "description": "Weather at a place",
    "parameters": {
        "type": "object",
        "properties": {
            "location": {
                "type": "string"
            },
            "unit": {
                "type": "string",
                "enum": [
                    "c",
                    "f"
                ]
            }
        },
        "required": [
            "location"
        ]
    }
}`
const TOOL_LINE =
  '{"name": "get_weather", "description": "Weather at a place", "parameters": {"type": "object", "properties": {"location": {"type": "string"}, "unit": {"type": "string", "enum": ["c", "f"]}}, "required": ["location"]}}'

const XLAM_SYSTEM =
  'You are a helpful assistant that can use tools. You are developed by Salesforce xLAM team.'
const XLAM_SYSTEM_VLLM = 'You are a helpful assistant. You are developed by Salesforce xLAM team.'
/** With the space after "JSON array:" that the models were trained on. */
const XLAM_INSTRUCTION = [
  'You have access to a set of tools. When using tools, make calls in a single JSON array: ',
  '',
  '[{"name": "tool_call_name", "arguments": {"arg1": "value1", "arg2": "value2"}}, ... (additional parallel tool calls as needed)]',
  '',
  "If no tool is suitable, state that explicitly. If the user's input lacks required parameters, ask for clarification. Do not interpret or respond until tool results are returned. Once they are available, process them or make additional calls if needed. For tasks that don't require tools, such as casual conversation or general advice, respond directly in plain text. The available tools are:",
].join('\n')

const user = (text: string): Message => ({ type: 'user', text })

const assistant = (raw: string, startsInReasoning = false): AssistantMessage => ({
  type: 'assistant',
  raw,
  format: 'xlam',
  startsInReasoning,
  prompt: '',
  modelName: 'test',
  end: { type: 'complete' },
  usage: null,
  timings: null,
  origin: 'model',
})

const results = (...contents: readonly string[]): ToolResultsMessage => ({
  type: 'tool-results',
  results: contents.map((content) => ({
    call: { name: 'get_weather', arguments: {} },
    content,
    source: 'typed',
  })),
})

const INPUT: PromptInput = {
  messages: [user('Weather?')],
  systemPrompt: '',
  tools: [TOOL],
  toolShape: 'bare',
  format: arrayFormat,
  chatTemplate: XLAM_QWEN,
  keepInstruction: true,
  bosToken: '',
  eosToken: '<|im_end|>',
  nowMs: Date.UTC(2026, 10, 23),
}

function build(input: Partial<PromptInput>) {
  const built = buildPrompt({ ...INPUT, ...input })
  if (!built.ok) throw new Error(built.error.message)
  return built.value
}

const prompt = (input: Partial<PromptInput>) => build(input).prompt

const PARALLEL =
  '[{"name": "get_weather", "arguments": {"location": "London"}}, {"name": "get_weather", "arguments": {"location": "Łódź", "unit": "c"}}]'

it('a family that would write the results itself is stopped before them', () => {
  expect(build({ format: formatById('function-gemma') }).stop).toEqual([
    '<start_function_response>',
  ])
})

describe('the Qwen-based xLAM-2 template', () => {
  const turn = '<|im_end|><|im_start|>user\nWeather?<|im_end|><|im_start|>assistant\n'

  it('without a system message prints its default one and the instruction', () => {
    expect(build({})).toEqual({
      prompt: `<|im_start|>system\n${XLAM_SYSTEM}\n${XLAM_INSTRUCTION}\n\n${TOOL_INDENTED}\n\n${turn}`,
      templateUsed: 'model',
      fallbackReason: null,
      instruction: 'from-template',
      startsInReasoning: false,
      startsWithBos: false,
      stop: [],
    })
  })

  it('with a system message and "keep" has the instruction in its trained place', () => {
    expect(build({ systemPrompt: 'Be brief.' })).toMatchObject({
      prompt: `<|im_start|>system\nBe brief.\n${XLAM_INSTRUCTION}\n\n${TOOL_INDENTED}\n\n${turn}`,
      instruction: 'kept-by-us',
    })
  })

  it('with a system message and without "keep" is what the template alone prints', () => {
    expect(build({ systemPrompt: 'Be brief.', keepInstruction: false })).toMatchObject({
      prompt: `<|im_start|>system\nBe brief.\n${TOOL_INDENTED}\n\n${turn}`,
      instruction: 'dropped',
    })
  })

  it('without tools has neither instruction nor tools', () => {
    expect(build({ tools: [] })).toMatchObject({
      prompt: `<|im_start|>system\n${XLAM_SYSTEM}\n${turn}`,
      instruction: 'none',
    })
    expect(build({ tools: [], systemPrompt: 'Be brief.' })).toMatchObject({
      prompt: `<|im_start|>system\nBe brief.\n${turn}`,
      instruction: 'none',
    })
  })

  it('prints wrapped tools wrapped', () => {
    const wrapped = `{\n    "type": "function",\n    "function": ${TOOL_INDENTED.replaceAll('\n', '\n    ')}\n}`
    expect(prompt({ toolShape: 'wrapped', systemPrompt: 'Be brief.' })).toBe(
      `<|im_start|>system\nBe brief.\n${XLAM_INSTRUCTION}\n\n${wrapped}\n\n${turn}`,
    )
  })

  it('prints parallel calls and one turn for each result: objects anew, text as it is', () => {
    const messages = [
      user('Weather?'),
      assistant(PARALLEL),
      results('{"temp":12,\n "sky":["é"]}', 'No data'),
    ]
    expect(prompt({ messages, tools: [] })).toBe(
      `<|im_start|>system\n${XLAM_SYSTEM}\n<|im_end|><|im_start|>user\nWeather?<|im_end|>` +
        `<|im_start|>assistant\n${PARALLEL}<|im_end|>` +
        '<|im_start|>tool\n{"temp": 12, "sky": ["é"]}<|im_end|><|im_start|>tool\nNo data<|im_end|>' +
        '<|im_start|>assistant\n',
    )
  })

  it('prints arguments that were written as a string as an object', () => {
    const raw = '[{"name": "get_weather", "arguments": "{\\"location\\": \\"Rome\\"}"}]'
    expect(prompt({ messages: [user('a'), assistant(raw), user('b')], tools: [] })).toContain(
      '<|im_start|>assistant\n[{"name": "get_weather", "arguments": {"location": "Rome"}}]<|im_end|>',
    )
  })

  it('an older form that always prints the instruction is left alone', () => {
    const chatTemplate = XLAM_QWEN.replace('set explain = false', 'set explain = tools is not none')
    expect(build({ chatTemplate, systemPrompt: 'Be brief.' })).toMatchObject({
      prompt: `<|im_start|>system\nBe brief.\n${XLAM_INSTRUCTION}\n\n${TOOL_INDENTED}\n\n${turn}`,
      instruction: 'from-template',
    })
  })
})

describe('the other xLAM-2 templates', () => {
  it.each([
    {
      chatTemplate: XLAM_QWEN_VLLM,
      bosToken: '',
      head: '<|im_start|>system\n',
      end: '<|im_end|>\n',
      startUser: '<|im_start|>user\n',
      startAnswer: '<|im_start|>assistant\n',
    },
    {
      chatTemplate: XLAM_LLAMA,
      bosToken: '<|begin_of_text|>',
      head: '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n',
      end: '<|eot_id|>',
      startUser: '<|start_header_id|>user<|end_header_id|>\n\n',
      startAnswer: '<|start_header_id|>assistant<|end_header_id|>\n\n',
    },
  ])(
    'keep the instruction in its place too ($head)',
    ({ chatTemplate, bosToken, head, end, startUser, startAnswer }) => {
      const tail = `${TOOL_INDENTED}\n\n${end}${startUser}Weather?${end}${startAnswer}`
      const own = build({ chatTemplate, bosToken })
      expect(own.prompt).toBe(`${head}${XLAM_SYSTEM_VLLM}\n${XLAM_INSTRUCTION}\n\n${tail}`)
      const kept = build({ chatTemplate, bosToken, systemPrompt: 'Be brief.' })
      expect(kept.prompt).toBe(`${head}Be brief.\n${XLAM_INSTRUCTION}\n\n${tail}`)
      const dropped = build({
        chatTemplate,
        bosToken,
        systemPrompt: 'Be brief.',
        keepInstruction: false,
      })
      expect(dropped.prompt).toBe(`${head}Be brief.\n${tail}`)
      expect(
        [own, kept, dropped].map(({ instruction, startsWithBos }) => [instruction, startsWithBos]),
      ).toEqual([
        ['from-template', bosToken !== ''],
        ['kept-by-us', bosToken !== ''],
        ['dropped', bosToken !== ''],
      ])
    },
  )

  it('the Llama-based one prints calls as an array and results as ipython turns', () => {
    const messages = [user('Weather?'), assistant(PARALLEL), results('{"temp":12}', ' 7 ')]
    const text = prompt({ chatTemplate: XLAM_LLAMA, messages, tools: [] })
    expect(text.slice(text.indexOf('Weather?'))).toBe(
      `Weather?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n${PARALLEL}<|eot_id|>` +
        '<|start_header_id|>ipython<|end_header_id|>\n\n{"temp": 12}<|eot_id|>' +
        '<|start_header_id|>ipython<|end_header_id|>\n\n 7 <|eot_id|>' +
        '<|start_header_id|>assistant<|end_header_id|>\n\n',
    )
  })

  it('a template that puts its instruction before the default system message is understood too', () => {
    const chatTemplate =
      "{% if messages[0].role == 'system' %}<s>{{ messages[0].content }}{% else %}<s>{% if tools %}Call a tool as {json}.\n{% endif %}You help.{% endif %}{{ '\\n' }}{{ tools | tojson }}</s>{{ messages[-1].content }}"
    expect(build({ chatTemplate, systemPrompt: 'Be brief.' })).toMatchObject({
      prompt: `<s>Call a tool as {json}.\nBe brief.\n[${TOOL_LINE}]</s>Weather?`,
      instruction: 'kept-by-us',
    })
  })

  it('a system message that is printed twice gets the instruction inside its text', () => {
    const chatTemplate =
      "{% if messages[0].role == 'system' %}{% set s = messages[0].content %}{% else %}{% set s = 'Call a tool as {json}.' if tools else 'Hi.' %}{% endif %}<s>{{ s }}{% if s | length > 40 %}{{ s }}{% endif %}</s>{{ tools | tojson }}"
    expect(prompt({ chatTemplate, systemPrompt: 'Be as brief as you can.' })).toBe(
      `<s>${'Be as brief as you can.\nCall a tool as {json}.'.repeat(2)}</s>[${TOOL_LINE}]`,
    )
  })
})

describe('the Hermes and Qwen2.5 template', () => {
  const tools = (shape: string) =>
    '# Tools\n\nYou may call one or more functions to assist with the user query.\n\n' +
    `You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n${shape}\n</tools>\n\n` +
    'For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n' +
    '<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'
  const wrapped = `{"type": "function", "function": ${TOOL_LINE}}`

  it('keeps its own instruction beside a system message', () => {
    expect(
      build({ chatTemplate: HERMES, toolShape: 'wrapped', systemPrompt: 'Be brief.' }),
    ).toMatchObject({
      prompt: `<|im_start|>system\nBe brief.\n\n${tools(wrapped)}<|im_end|>\n<|im_start|>user\nWeather?<|im_end|>\n<|im_start|>assistant\n`,
      instruction: 'from-template',
    })
  })

  it('writes calls with their text, and results as the text that was typed: it cannot print objects', () => {
    const messages = [
      user('Weather?'),
      assistant(`One moment.\n${PARALLEL}`),
      results('{"temp":12}', 'No data'),
    ]
    const text = prompt({ chatTemplate: HERMES, messages, tools: [] })
    expect(text).toBe(
      '<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n' +
        '<|im_start|>user\nWeather?<|im_end|>\n<|im_start|>assistant\nOne moment.\n' +
        '<tool_call>\n{"name": "get_weather", "arguments": {"location": "London"}}\n</tool_call>\n' +
        '<tool_call>\n{"name": "get_weather", "arguments": {"location": "Łódź", "unit": "c"}}\n</tool_call><|im_end|>\n' +
        '<|im_start|>user\n<tool_response>\n{"temp":12}\n</tool_response>\n<tool_response>\nNo data\n</tool_response><|im_end|>\n' +
        '<|im_start|>assistant\n',
    )
  })
})

describe('the Llama 3.2 template', () => {
  const head =
    '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nEnvironment: ipython\nCutting Knowledge Date: December 2023\nToday Date: 23 Nov 2026\n\n'
  const llama = { chatTemplate: LLAMA, bosToken: '<|begin_of_text|>' }

  it('has the date, the BOS text and the tools in the first user turn', () => {
    expect(build({ ...llama, systemPrompt: 'Be brief.' })).toMatchObject({
      prompt:
        `${head}Be brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n` +
        'Given the following functions, please respond with a JSON for a function call with its proper arguments that best answers the given prompt.\n\n' +
        'Respond in the format {"name": function name, "parameters": dictionary of argument name and its value}. Do not use variables.\n\n' +
        `${TOOL_INDENTED}\n\nWeather?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n`,
      instruction: 'from-template',
      startsWithBos: true,
    })
  })

  it('refuses parallel calls, so the fallback is used and says why', () => {
    const messages = [user('Weather?'), assistant(PARALLEL), results('1', '{"temp": 2}')]
    expect(build({ ...llama, messages })).toEqual({
      prompt:
        `<|im_start|>system\nWrite calls as a JSON array.\n\nThe available tools are:\n\n${TOOL_LINE}<|im_end|>\n` +
        `<|im_start|>user\nWeather?<|im_end|>\n<|im_start|>assistant\n${JSON.stringify(JSON.parse(PARALLEL))}<|im_end|>\n` +
        '<|im_start|>tool\n1<|im_end|>\n<|im_start|>tool\n{"temp": 2}<|im_end|>\n<|im_start|>assistant\n',
      templateUsed: 'fallback',
      fallbackReason: {
        kind: 'template-refused',
        message: 'This model only supports single tool-calls at once!',
      },
      instruction: 'added-by-us',
      startsInReasoning: false,
      startsWithBos: false,
      stop: ['<|im_end|>', '<|im_start|>'],
    })
  })
})

describe('the built-in model', () => {
  it('writes a tool as one line and results as they are', () => {
    const call = '[{"name": "get_weather", "arguments": {"location": "Rome"}}]'
    const messages = [user('Weather?'), assistant(call), results('{"temp":12}')]
    expect(build({ chatTemplate: NANO, messages, systemPrompt: 'Be brief.' })).toMatchObject({
      prompt:
        '<|im_start|>system\nBe brief.\nget_weather(location: string, unit?: c|f) Weather at a place\n<|im_end|>\n' +
        `<|im_start|>user\nWeather?<|im_end|>\n<|im_start|>assistant\n${call}<|im_end|>\n` +
        '<|im_start|>tool\n{"temp": 12}<|im_end|>\n<|im_start|>assistant\n',
      instruction: 'from-template',
    })
  })
})

describe('a model without a usable template', () => {
  it('gets the fallback, with and without a system message and tools', () => {
    const fallback = { chatTemplate: null } as const
    const turn = '<|im_start|>user\nWeather?<|im_end|>\n<|im_start|>assistant\n'
    expect(build({ ...fallback, systemPrompt: 'Be brief.' })).toMatchObject({
      prompt: `<|im_start|>system\nBe brief.\n\nWrite calls as a JSON array.\n\nThe available tools are:\n\n${TOOL_LINE}<|im_end|>\n${turn}`,
      templateUsed: 'fallback',
      fallbackReason: { kind: 'no-template' },
    })
    expect(prompt({ ...fallback, systemPrompt: 'Be brief.', tools: [] })).toBe(
      `<|im_start|>system\nBe brief.<|im_end|>\n${turn}`,
    )
    expect(prompt({ ...fallback, tools: [] })).toBe(turn)
    expect(prompt({ ...fallback, tools: [TOOL, TOOL], toolShape: 'wrapped' })).toBe(
      `<|im_start|>system\nWrite calls as a JSON array.\n\nThe available tools are:\n\n{"type": "function", "function": ${TOOL_LINE}}\n{"type": "function", "function": ${TOOL_LINE}}<|im_end|>\n${turn}`,
    )
  })

  it('gets it for a template that is no Jinja or fails', () => {
    expect(build({ chatTemplate: '{% if %}' }).fallbackReason).toMatchObject({
      kind: 'template-syntax',
    })
    expect(build({ chatTemplate: '{{ none + 1 }}' }).fallbackReason).toMatchObject({
      kind: 'template-failed',
    })
  })

  it('gets tools in the system turn when its template knows none, and results as user turns', () => {
    const chatTemplate =
      "{% for message in messages %}<{{ message.role }}>{{ message['content'] + '' }}{% endfor %}<assistant>"
    const messages = [
      user('Weather?'),
      assistant(PARALLEL),
      results('1', '{"temp":2}'),
      assistant('Cold.'),
      user('Thanks'),
    ]
    expect(build({ chatTemplate, messages, systemPrompt: 'Be brief.' })).toMatchObject({
      prompt:
        `<system>Be brief.\n\nWrite calls as a JSON array.\n\nThe available tools are:\n\n${TOOL_LINE}<user>Weather?` +
        `<assistant>${JSON.stringify(JSON.parse(PARALLEL))}` +
        '<user>Result of get_weather:\n1\n\nResult of get_weather:\n{"temp":2}<assistant>Cold.<user>Thanks<assistant>',
      templateUsed: 'model',
      instruction: 'added-by-us',
    })
    expect(prompt({ chatTemplate, tools: [] })).toBe('<user>Weather?<assistant>')
  })
})

describe('messages of the transcript', () => {
  const dump = '{{ messages | tojson }}{{ tools }}'
  const read = (messages: readonly Message[], chatTemplate = dump): unknown =>
    JSON.parse(prompt({ messages, chatTemplate, tools: [] }))

  it('get calls with ids of nine characters, and results that point at them', () => {
    expect(
      read([user('a'), assistant(PARALLEL), results('1', '[2]'), assistant('Done.'), user('b')]),
    ).toEqual([
      { role: 'user', content: 'a' },
      {
        role: 'assistant',
        content: '',
        tool_calls: (JSON.parse(PARALLEL) as readonly unknown[]).map((call, index) => ({
          id: `call0000${index}`,
          type: 'function',
          function: call,
        })),
      },
      { role: 'tool', name: 'get_weather', tool_call_id: 'call00000', content: '1' },
      { role: 'tool', name: 'get_weather', tool_call_id: 'call00001', content: [2] },
      { role: 'assistant', content: 'Done.' },
      { role: 'user', content: 'b' },
    ])
  })

  it('keep what is no whole call as text, and drop reasoning unless the template prints it', () => {
    expect(read([assistant(' [{"name": "get_w')])).toEqual([
      { role: 'assistant', content: ' [{"name": "get_w' },
    ])
    expect(read([assistant('Hm.</think>\n\n[{"name": "get_w', true)])).toEqual([
      { role: 'assistant', content: '[{"name": "get_w' },
    ])
    const thought = assistant(' I look it up. </think>Let me see.', true)
    expect(read([user('a'), assistant('Well. {"name": "get_w'), user('b'), thought])).toMatchObject(
      [
        {},
        { role: 'assistant', content: 'Well. {"name": "get_w' },
        {},
        { role: 'assistant', content: 'Let me see.' },
      ],
    )
    expect(read([thought])).not.toHaveProperty('[0].reasoning_content')
    expect(read([thought], `${dump}{# reasoning_content #}`)).toMatchObject([
      { content: 'Let me see.', reasoning_content: 'I look it up.' },
    ])
  })

  it('are read in the format that they were written in', () => {
    const other = { ...arrayFormat, createParser: () => ({ feed: () => [], end: () => [] }) }
    const messages = [assistant(PARALLEL)]
    expect(
      prompt({
        messages,
        chatTemplate: dump,
        tools: [],
        format: other,
        formatOf: () => arrayFormat,
      }),
    ).toContain('tool_calls')
    expect(prompt({ messages, chatTemplate: dump, tools: [], format: other })).not.toContain(
      'tool_calls',
    )
  })

  it('keep a result as text when JSON would lose something of it', () => {
    const content = (text: string) =>
      prompt({ chatTemplate: NANO, messages: [user('a'), results(text)], tools: [] }).split(
        'tool\n',
      )[1]
    const end = '<|im_end|>\n<|im_start|>assistant\n'
    for (const text of [
      '{"id": 12345678901234567890}',
      '{"a": 1.0}',
      '{"a": 1e400}',
      '[1,]',
      '{"a":',
      '"x"',
      '12',
      '',
      ' null ',
    ]) {
      expect(content(text)).toBe(text + end)
    }
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    expect(content(deep)).toBe(deep + end)
    expect(content(`{"a":"1.0 [[ \\" {","b":-2.5}`)).toBe(`{"a": "1.0 [[ \\" {", "b": -2.5}${end}`)
  })
})

describe('startsInReasoning', () => {
  it('is true only when the prompt itself ends in an open think tag', () => {
    const chatTemplate = '{{ messages[0].content }}|<think>\n{% if closed %}</think>\n{% endif %}'
    expect(build({ chatTemplate, tools: [] }).startsInReasoning).toBe(true)
    expect(build({ chatTemplate, tools: [], variables: { closed: true } }).startsInReasoning).toBe(
      false,
    )
    expect(build({ messages: [user('<think>')] }).startsInReasoning).toBe(false)
  })
})

describe('preferredToolShape', () => {
  it('is bare for xLAM and the built-in model, wrapped for the others', () => {
    const shapes = [XLAM_QWEN, XLAM_QWEN_VLLM, XLAM_LLAMA, NANO, HERMES, LLAMA, '{% if %}', null]
    expect(shapes.map(preferredToolShape)).toEqual([
      'bare',
      'bare',
      'bare',
      'bare',
      'wrapped',
      'wrapped',
      'wrapped',
      'bare',
    ])
  })
})

describe('any text', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          '{{',
          '}}',
          '{%',
          '%}',
          '{#',
          '$&',
          '$1',
          "$'",
          '$`',
          '"',
          "'",
          '\\',
          '\n',
          'é😀',
          '\0',
          '<|im_end|>',
          '<think>',
          'a0instruction0mark',
          'a0system0marker0',
        ),
        { maxLength: 10 },
      )
      .map((parts) => parts.join('')),
  )

  it('stands in the prompt character for character', () => {
    fc.assert(
      fc.property(
        hostile,
        hostile,
        fc.constantFrom(NANO, null, HERMES),
        (text, system, chatTemplate) => {
          const built = build({ chatTemplate, systemPrompt: `S${system}`, messages: [user(text)] })
          expect(built.prompt).toContain(`<|im_start|>user\n${text}<|im_end|>`)
          expect(built.prompt).toContain(`<|im_start|>system\nS${system}\n`)
        },
      ),
    )
  })

  it('keeps the system text whole when the instruction is put back', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(XLAM_QWEN, XLAM_LLAMA), (text, chatTemplate) => {
        const built = build({ chatTemplate, systemPrompt: `S${text}E` })
        expect(built.instruction).toBe('kept-by-us')
        expect(built.prompt).toContain(`\nS${text}E\n${XLAM_INSTRUCTION}\n\n${TOOL_INDENTED}\n\n`)
      }),
    )
  })

  it('never throws', () => {
    const message = fc.oneof(
      hostile.map(user),
      fc.tuple(hostile, fc.boolean()).map(([raw, thinks]) => assistant(raw, thinks)),
      fc.constant(assistant(PARALLEL)),
      fc.array(hostile, { maxLength: 3 }).map((contents) => results(...contents)),
    )
    const templates = fc.constantFrom(XLAM_QWEN, XLAM_LLAMA, HERMES, LLAMA, NANO, null)
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        templates,
        hostile,
        (messages, chatTemplate, systemPrompt) => {
          expect(buildPrompt({ ...INPUT, messages, chatTemplate, systemPrompt }).ok).toBe(true)
        },
      ),
    )
  })
})
