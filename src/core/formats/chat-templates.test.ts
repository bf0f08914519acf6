import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { TemplateMessage } from '../template/chat-template.ts'
import { compileTemplate } from '../template/jinja-template.ts'
import { FAMILIES } from './__fixtures__/families/all-families.ts'
import { eventsOf, partsOf } from './__fixtures__/read-output.ts'
import { detectFormat, FORMATS } from './all-formats.ts'
import type { FormatId } from './format.ts'

const TEMPLATES: readonly (readonly [file: string, format: FormatId])[] = [
  ['xlam-qwen.jinja', 'xlam'],
  ['xlam-qwen-vllm.jinja', 'xlam'],
  ['xlam-llama.jinja', 'xlam'],
  ['hermes.jinja', 'hermes'],
  ['granite-4.jinja', 'hermes'],
  ['smollm3.jinja', 'hermes'],
  ['llama-3.2.jinja', 'llama-json'],
  ...FAMILIES.map(({ template, format }) => [template, format] as const),
]

const CALLS = [
  { name: 'get_weather', arguments: { city: 'Oslo "Øst"', days: 3 } },
  { name: 'get_time', arguments: { zone: 'Europe/Oslo' } },
]

describe.each(TEMPLATES)('%s', (file, format) => {
  const source = readFileSync(new URL(`../template/__fixtures__/${file}`, import.meta.url), 'utf8')

  it(`is recognised as ${format}, well before any other`, () => {
    const detected = detectFormat(source)
    expect([detected.format.id, detected.certain]).toEqual([format, true])
    const fits = FORMATS.map((each) => each.detect(source)).toSorted((a, b) => b - a)
    expect(fits[0]).toBeGreaterThan(fits[1] ?? 0)
  })

  it('prints calls in the format', () => {
    // Llama 3.2's own template refuses two calls at once.
    const calls = file === 'llama-3.2.jinja' ? CALLS.slice(0, 1) : CALLS
    const user: TemplateMessage = { role: 'user', content: 'Hi' }
    const output = rendered(source, [user, callMessage(calls)]).slice(
      rendered(source, [user]).length,
    )
    const read = partsOf(eventsOf(format, [output]), output)
    expect(read.filter((part) => typeof part === 'object')).toEqual(
      calls.map(({ name, arguments: values }) => ({ call: name, arguments: values })),
    )
  })
})

function callMessage(calls: typeof CALLS): TemplateMessage {
  return {
    role: 'assistant',
    content: '',
    tool_calls: calls.map((call, index) => ({
      id: `call0000${index}`,
      type: 'function',
      function: call,
    })),
  }
}

function rendered(source: string, messages: readonly TemplateMessage[]): string {
  const template = compileTemplate(source)
  const definition = { name: 'get_weather', description: 'Weather', parameters: { type: 'object' } }
  const text =
    template.ok &&
    template.value.render({
      messages,
      tools: [{ ...definition, definition }],
      toolShape: 'wrapped',
      bosToken: '',
      eosToken: '</s>',
      nowMs: 0,
      addGenerationPrompt: false,
    })
  if (!text || !text.ok) throw new Error(JSON.stringify(text || template))
  return text.value
}
