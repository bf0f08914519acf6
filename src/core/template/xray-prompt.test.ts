import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AssistantMessage, Message } from '../chat/message.ts'
import { formatById } from '../formats/all-formats.ts'
import type { JsonObject } from '../lib/json.ts'
import type { Tool } from '../tools/tool.ts'
import type { PromptInput } from './build-prompt.ts'
import { partKey } from './prompt-part.ts'
import { xrayPrompt } from './xray-prompt.ts'

const TEMPLATES = [
  'hermes',
  'llama-3.1',
  'llama-3.2',
  'mistral-v3',
  'qwen3',
  'xlam-llama',
  'xlam-qwen',
  'xlam-qwen-vllm',
] as const

const fixture = (name: string) =>
  readFileSync(new URL(`./__fixtures__/${name}.jinja`, import.meta.url), 'utf8')

function tool(name: string, description = `Does ${name}`): Tool {
  const parameters: JsonObject = {
    type: 'object',
    properties: { place: { type: 'string', description: 'Where' } },
  }
  const definition: JsonObject = { name, description, parameters }
  return { name, description, parameters, definition }
}

const user = (text: string): Message => ({ type: 'user', text })

const answer = (raw: string): AssistantMessage => ({
  type: 'assistant',
  raw,
  format: 'xlam',
  startsInReasoning: false,
  prompt: '',
  modelName: 'test',
  end: { type: 'complete' },
  usage: null,
  timings: null,
  origin: 'model',
})

const results = (...contents: readonly string[]): Message => ({
  type: 'tool-results',
  results: contents.map((content) => ({
    call: { name: 'first', arguments: {} },
    content,
    source: 'typed',
  })),
})

const INPUT: PromptInput = {
  messages: [user('Weather?')],
  systemPrompt: '',
  tools: [tool('first'), tool('second')],
  toolShape: 'wrapped',
  format: formatById('xlam'),
  formatOf: formatById,
  chatTemplate: null,
  keepInstruction: true,
  bosToken: '<s>',
  eosToken: '</s>',
  nowMs: 0,
}

function xray(input: Partial<PromptInput>) {
  const result = xrayPrompt({ ...INPUT, ...input })
  if (!result.ok) throw new Error(result.error.message)
  const { built, segments } = result.value
  const shown = segments.map(
    ({ part, start, end }) => [partKey(part), built.prompt.slice(start, end)] as const,
  )
  const textOf = (key: string) => shown.flatMap((entry) => (entry[0] === key ? [entry[1]] : []))
  return { ...result.value, shown, textOf }
}

const CALLS =
  '[{"name": "first", "arguments": {"place": "Rome"}}, {"name": "second", "arguments": {"place": "Łódź"}}]'
const CONVERSATION = [
  user('Weather?'),
  answer(CALLS),
  results('{"t": 1}', 'Rain'),
  answer('It rains.'),
  user('Thanks.'),
]

describe('the parts of a prompt', () => {
  it('are those of the Qwen-based xLAM-2 template, with the instruction put back in its place', () => {
    const { shown, certainty, missing, changed } = xray({
      chatTemplate: fixture('xlam-qwen'),
      systemPrompt: 'Be brief.',
      messages: CONVERSATION,
      tools: [tool('first')],
      toolShape: 'bare',
    })
    expect(shown.map(([key]) => key)).toEqual([
      'system',
      'instruction',
      'tool:0',
      'system',
      'message:0',
      'message:1',
      'call:1:0',
      'call:1:1',
      'message:1',
      'result:2:0',
      'result:2:1',
      'message:3',
      'message:4',
      'generation',
    ])
    expect(shown[0]?.[1]).toBe('<|im_start|>system\nBe brief.')
    expect(shown[1]?.[1]).toMatch(/^\nYou have access.*The available tools are:\n\n$/s)
    expect(shown[2]?.[1]).toMatch(/^\{\n {4}"name": "first".*\}\n\n$/s)
    expect(shown.slice(3)).toEqual([
      ['system', '<|im_end|>'],
      ['message:0', '<|im_start|>user\nWeather?<|im_end|>'],
      ['message:1', '<|im_start|>assistant\n['],
      ['call:1:0', '{"name": "first", "arguments": {"place": "Rome"}}'],
      ['call:1:1', ', {"name": "second", "arguments": {"place": "Łódź"}}'],
      ['message:1', ']<|im_end|>'],
      ['result:2:0', '<|im_start|>tool\n{"t": 1}<|im_end|>'],
      ['result:2:1', '<|im_start|>tool\nRain<|im_end|>'],
      ['message:3', '<|im_start|>assistant\nIt rains.<|im_end|>'],
      ['message:4', '<|im_start|>user\nThanks.<|im_end|>'],
      ['generation', '<|im_start|>assistant\n'],
    ])
    expect({ certainty, missing, changed }).toEqual({
      certainty: 'exact',
      missing: [],
      changed: [],
    })
  })

  it('keep tools apart that are printed as one JSON array', () => {
    const { shown } = xray({ chatTemplate: fixture('mistral-v3') })
    expect(shown.map(([key]) => key)).toEqual([
      'template',
      'instruction',
      'tool:0',
      'instruction',
      'tool:1',
      'instruction',
      'message:0',
    ])
    expect(shown[3]).toEqual(['instruction', ', '])
    expect(shown[4]?.[1]).toMatch(/^\{"type": "function", "function": \{"name": "second".*\}\}$/)
  })

  it('keep the first user turn apart from the tools that Llama prints in it', () => {
    const { textOf } = xray({ chatTemplate: fixture('llama-3.2'), systemPrompt: 'Be brief.' })
    expect(textOf('message:0')).toEqual([
      '<|start_header_id|>user<|end_header_id|>\n\n',
      'Weather?<|eot_id|>',
    ])
    expect(textOf('instruction')[0]).toBe('Environment: ipython\n')
    expect(textOf('instruction')[1]).toMatch(/^Given the following functions.*variables\.\n\n$/s)
  })

  it('follow messages that the template takes by their index', () => {
    const chatTemplate =
      "{% for i in range(messages | length) %}{% set message = messages[i] %}{% set next = messages[i + 1] %}<{{ message.role }}>{{ message.content }}</>{% endfor %}{{ '<assistant>' if add_generation_prompt }}"
    const { shown } = xray({ chatTemplate, messages: [user('a'), user('b')], tools: [] })
    expect(shown).toEqual([
      ['message:0', '<user>a</>'],
      ['message:1', '<user>b</>'],
      ['generation', '<assistant>'],
    ])
  })

  it('go through macros, blocks that are kept in a variable, and rounds that a loop leaves out', () => {
    const chatTemplate =
      '{% macro turn(m) %}<{{ m.role }}>{{ m.content | trim }}</>{% endmacro %}{% for m in messages %}{% if loop.index0 == 1 %}{% continue %}{% endif %}{% set t %}{{ turn(m) }}{% endset %}{{ t }}{% endfor %}!'
    const messages = [user('a'), user('gone'), user(' b ')]
    const { shown, missing } = xray({ chatTemplate, messages, tools: [] })
    expect(shown).toEqual([
      ['message:0', '<user>a</>'],
      ['message:2', '<user>b</>!'],
    ])
    expect(missing.map(partKey)).toEqual(['message:1'])
  })

  it('of a template without tools include the text that Callground adds to it', () => {
    const chatTemplate = '{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}'
    const { shown, textOf } = xray({ chatTemplate, systemPrompt: 'Be brief.' })
    expect(shown.map(([key]) => key)).toEqual([
      'system',
      'instruction',
      'tool:0',
      'tool:1',
      'system',
      'message:0',
    ])
    expect(textOf('tool:1')[0]).toMatch(/^\{"type".*"second".*\}$/)
  })
})

describe('a template that hides where its text comes from', () => {
  const loop = (content: string) =>
    `{% for m in messages %}<{{ m.role }}>{{ ${content} }}</>{% endfor %}`

  it('in another case is still taken apart, and the change is told', () => {
    const { shown, certainty, changed } = xray({
      chatTemplate: loop('m.content | upper'),
      messages: [user('Hi'), user('LOUD')],
      tools: [],
    })
    expect(shown).toEqual([
      ['message:0', '<user>HI</>'],
      ['message:1', '<user>LOUD</>'],
    ])
    expect([certainty, changed.map(partKey)]).toEqual(['exact', ['message:0']])
  })

  it('that depends on the length of a text is known by its statements', () => {
    const { shown, certainty } = xray({
      chatTemplate: loop('m.content ~ (m.content | length)'),
      messages: [user('Hi'), user('Ho')],
      tools: [],
    })
    expect(certainty).toBe('statements')
    expect(shown).toEqual([
      ['message:0', '<user>Hi2</>'],
      ['message:1', '<user>Ho2</>'],
    ])
  })

  it('that measures what it has printed is known by what it prints in the end', () => {
    const chatTemplate = `{% macro all() %}${loop('m.content')}{% endmacro %}{{ all() | length }}`
    const { shown, certainty } = xray({ chatTemplate, tools: [] })
    expect([shown, certainty]).toEqual([[['template', '17']], 'statements'])
  })

  it('that compares messages still tells its tools apart', () => {
    const { shown, certainty } = xray({
      chatTemplate: `{{ tools | tojson }}${loop("'yes' if m.content == 'Weather?' else 'no'")}`,
      toolShape: 'bare',
    })
    expect(certainty).toBe('statements')
    expect(shown.map(([key]) => key)).toEqual([
      'instruction',
      'tool:0',
      'instruction',
      'tool:1',
      'instruction',
      'message:0',
    ])
    expect(shown.at(-1)?.[1]).toBe('<user>yes</>')
  })

  it('cut texts are followed as far as they are there', () => {
    const { shown, changed } = xray({
      chatTemplate:
        "{{ messages[0].content.split('|')[0] }}+{{ messages[1].content.split('|')[1] }}",
      messages: [user('left|gone'), user('gone|right')],
      tools: [],
    })
    expect(shown).toEqual([
      ['message:0', 'left+'],
      ['message:1', 'right'],
    ])
    expect(changed.map(partKey)).toEqual(['message:0', 'message:1'])
  })

  it('no brace or quote of a message or a result moves the object of a tool', () => {
    const { textOf } = xray({
      chatTemplate: fixture('mistral-v3'),
      messages: [
        user(''),
        answer('[{"name": "first", "arguments": {"place": "{{ x }}"}}]'),
        results('"}]'),
        answer(''),
        user('"}]'),
        answer('{{ x }}'),
      ],
      tools: [tool('first', '{{ x }}')],
      toolShape: 'bare',
    })
    expect(textOf('message:4').join('')).toContain('"}]')
    expect(textOf('tool:0').join('')).toContain('"name": "first"')
  })
})

describe.each(TEMPLATES)('any conversation in the template %s', (name) => {
  const chatTemplate = fixture(name)
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('{{ x }}', '<|im_end|>', ' spaced ', '\uE1A01\uE1A2', '"}]', '<tool_call>'),
  )
  const round = fc.record({
    question: text,
    calls: fc.array(fc.record({ name: fc.constantFrom('first', 'second'), place: text }), {
      maxLength: 2,
    }),
    result: text,
    reply: text,
  })
  const inputs = fc.record({
    rounds: fc.array(round, { minLength: 1, maxLength: 3 }),
    systemPrompt: text,
    toolCount: fc.nat(2),
    description: text,
    toolShape: fc.constantFrom('bare', 'wrapped'),
  })

  it('has parts that make up the prompt, each around its own text', () => {
    fc.assert(
      fc.property(inputs, ({ rounds, systemPrompt, toolCount, description, toolShape }) => {
        const messages = rounds.flatMap(({ question, calls, result, reply }) => {
          const raw = JSON.stringify(
            calls.map((call) => ({ name: call.name, arguments: { place: call.place } })),
          )
          return [
            user(question),
            ...(calls.length > 0 ? [answer(raw), results(...calls.map(() => result))] : []),
            answer(reply),
          ]
        })
        const { shown, segments, built, certainty, textOf } = xray({
          chatTemplate,
          systemPrompt,
          messages,
          tools: [tool('first', description), tool('second')].slice(0, toolCount),
          toolShape,
        })
        expect(shown.map(([, part]) => part).join('')).toBe(built.prompt)
        expect(segments.every(({ start }, at) => start === (segments[at - 1]?.end ?? 0))).toBe(true)
        expect(certainty).not.toBe('none')
        for (const [index, message] of messages.entries()) {
          if (message.type !== 'user') continue
          expect(textOf(`message:${index}`).join('')).toContain(message.text.trim())
        }
        if (toolCount === 2) expect(textOf('tool:1').join('')).toContain('Does second')
      }),
      { numRuns: 60 },
    )
  })
})
