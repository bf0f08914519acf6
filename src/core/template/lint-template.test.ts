import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Message } from '../chat/message.ts'
import { formatById } from '../formats/all-formats.ts'
import type { JsonObject } from '../lib/json.ts'
import { buildPrompt } from './build-prompt.ts'
import { lintTemplate, type LintInput } from './lint-template.ts'

const fixture = (name: string) =>
  readFileSync(new URL(`./__fixtures__/${name}.jinja`, import.meta.url), 'utf8')

const DEFINITION: JsonObject = {
  name: 'get_weather',
  description: 'Weather',
  parameters: { type: 'object', properties: { place: { type: 'string' } } },
}
const TOOL = {
  name: 'get_weather',
  description: 'Weather',
  parameters: DEFINITION['parameters'] as JsonObject,
  definition: DEFINITION,
}

const results = (...contents: readonly string[]): Message => ({
  type: 'tool-results',
  results: contents.map((content) => ({
    call: { name: 'get_weather', arguments: {} },
    content,
    source: 'typed',
  })),
})

const INPUT: LintInput = {
  messages: [{ type: 'user', text: 'Weather?' }],
  systemPrompt: '',
  tools: [TOOL],
  toolShape: 'wrapped',
  format: formatById('hermes'),
  chatTemplate: fixture('hermes'),
  keepInstruction: true,
  bosToken: '<s>',
  eosToken: '</s>',
  nowMs: 0,
  addsBos: false,
  promptTokens: 100,
  maxTokens: 100,
  contextLength: 1000,
}

function kinds(change: Partial<LintInput>): readonly string[] {
  const input = { ...INPUT, ...change }
  const built = buildPrompt(input)
  return lintTemplate(input, built.ok ? built.value.prompt : null).map(({ kind }) => kind)
}

describe('a template lint', () => {
  it('has nothing to say of a template that does all as it should', () => {
    expect(kinds({})).toEqual([])
    expect(kinds({ systemPrompt: 'Be brief.', keepInstruction: false })).toEqual([])
  })

  it('finds that a system message drops the format instruction, unless it is kept', () => {
    const xlam = {
      chatTemplate: fixture('xlam-qwen'),
      toolShape: 'bare',
      systemPrompt: 'Be brief.',
    } as const
    expect(kinds({ ...xlam, keepInstruction: false })).toEqual(['instruction-dropped'])
    expect(kinds(xlam)).toEqual([])
    expect(kinds({ ...xlam, keepInstruction: false, systemPrompt: '' })).toEqual([])
  })

  it('finds tools wrapped where the model was trained on bare ones', () => {
    const chatTemplate = fixture('xlam-qwen')
    expect(kinds({ chatTemplate, toolShape: 'wrapped' })).toEqual(['wrapped-tools'])
    expect(kinds({ chatTemplate, toolShape: 'bare' })).toEqual([])
    // It prints the function alone, whatever is around it.
    const unwraps = chatTemplate.replaceAll('tool | tojson', '(tool.function or tool) | tojson')
    expect(unwraps).not.toBe(chatTemplate)
    expect(kinds({ chatTemplate: unwraps, toolShape: 'wrapped' })).toEqual([])
  })

  it('finds tools bare where the template reads the wrapper', () => {
    const chatTemplate =
      '{% for t in tools or [] %}{{ t.function.name }}{% endfor %}{{ messages[-1].content }}'
    expect(kinds({ chatTemplate, toolShape: 'bare' })).toEqual(['bare-tools'])
    expect(kinds({ chatTemplate, toolShape: 'wrapped' })).toEqual([])
  })

  it('finds arguments that are printed as a quoted string', () => {
    const chatTemplate = fixture('hermes')
    const quoting = chatTemplate.replace('arguments | tojson', 'arguments | tojson | tojson')
    expect(quoting).not.toBe(chatTemplate)
    expect(kinds({ chatTemplate: quoting })).toEqual(['quoted-arguments'])
  })

  it('finds results that cannot be told apart, when there are several at once', () => {
    const messages = [...INPUT.messages, results('1', '2')]
    expect(kinds({ messages })).toEqual(['ids-not-printed'])
    expect(kinds({ messages: [...INPUT.messages, results('1')] })).toEqual([])
    expect(kinds({ messages, chatTemplate: fixture('mistral-v3') })).toEqual([])
  })

  it('finds a BOS that is there twice', () => {
    const once = '{{ bos_token }}{{ tools | tojson if tools }}{{ messages[-1].content }}'
    expect(kinds({ chatTemplate: once, addsBos: true })).toEqual([])
    expect(kinds({ chatTemplate: `{{ bos_token }}${once}` })).toEqual(['doubled-bos'])
    expect(kinds({ chatTemplate: `{{ ' ' }}${once}`, addsBos: true })).toEqual(['doubled-bos'])
    expect(kinds({ chatTemplate: `{{ ' ' }}${once}`, addsBos: false })).toEqual([])
  })

  it('finds that tools make no difference', () => {
    const chatTemplate = '{% for m in messages %}{{ m.content }}{% endfor %}'
    expect(kinds({ chatTemplate })).toEqual(['tools-ignored'])
    expect(kinds({ chatTemplate, tools: [] })).toEqual([])
  })

  it('finds a prompt that leaves no room for the answer', () => {
    expect(kinds({ promptTokens: 901 })).toEqual(['too-long'])
    expect(kinds({ promptTokens: 900 })).toEqual([])
    expect(kinds({ promptTokens: null })).toEqual([])
  })
})
