import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AssistantMessage } from '../chat/message.ts'
import { formatById } from '../formats/all-formats.ts'
import type { FormatId } from '../formats/format.ts'
import { buildPrompt } from './build-prompt.ts'

const definition = { name: 'f', description: 'F', parameters: { type: 'object' } } as const

function promptOf(format: FormatId, chatTemplate: string | null, answers: readonly string[] = []) {
  const built = buildPrompt({
    messages: [
      { type: 'user', text: 'Hi' },
      ...answers.map((raw) => answer(format, raw)),
      ...(answers.length > 0 ? [{ type: 'user', text: 'And?' } as const] : []),
    ],
    systemPrompt: '',
    tools: [{ ...definition, definition }],
    toolShape: 'wrapped',
    format: formatById(format),
    chatTemplate,
    keepInstruction: true,
    bosToken: '',
    eosToken: '',
    nowMs: 0,
  })
  if (!built.ok) throw new Error(JSON.stringify(built.error))
  return built.value
}

function answer(format: FormatId, raw: string): AssistantMessage {
  return {
    type: 'assistant',
    raw,
    format,
    startsInReasoning: false,
    prompt: '',
    modelName: '',
    end: { type: 'complete' },
    usage: null,
    timings: null,
    origin: 'model',
  }
}

describe('a prompt that ends inside reasoning', () => {
  const ending = (text: string) => `{{ messages[0].content }}{{ tools | tojson }}${text}`

  it.each<readonly [FormatId, string, boolean]>([
    ['hermes', '<think>\n', true],
    ['hermes', '[THINK]', false],
    ['mistral-args', '[THINK]', true],
    ['command-r7b', '<|CHATBOT_TOKEN|><|START_THINKING|>', true],
    ['command-r7b', '<|START_THINKING|><|END_THINKING|>', false],
    ['apriel', '<|assistant|>\nHere are my reasoning steps:\n', true],
    ['gpt-oss', '<|start|>assistant', false],
  ])('%s with %j: %j', (format, end, expected) => {
    expect(promptOf(format, ending(end)).startsInReasoning).toBe(expected)
  })

  it('as that of DeepSeek R1 does', () => {
    const path = new URL('__fixtures__/deepseek-v3.jinja', import.meta.url)
    expect(promptOf('deepseek-v3', readFileSync(path, 'utf8')).startsInReasoning).toBe(true)
  })
})

it('an answer whose only call is cut off goes into the history without its reasoning', () => {
  const call = '<|START_ACTION|>[{"tool_name": "f", "parameters": {'
  const raw = `<|START_THINKING|>Hm.<|END_THINKING|>${call}`
  const { prompt } = promptOf('command-r7b', null, [raw])
  expect(prompt).toContain(`<|im_start|>assistant\n${call}<|im_end|>`)
})
