import type { ReasoningMarkers, ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { COHERE_KEYS } from './cohere-keys.ts'
import { spacedJson } from './spaced-json.ts'

const REASONING: readonly ReasoningMarkers[] = [
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>' },
]

const GRAMMAR: OutputGrammar = {
  containers: [{ open: '<|START_ACTION|>', close: '<|END_ACTION|>', otherwise: 'invalid' }],
  readsBareJson: false,
  keys: COHERE_KEYS,
  reasoning: REASONING,
  noise: ['<|START_RESPONSE|>', '<|END_RESPONSE|>', '<|START_TEXT|>', '<|END_TEXT|>'],
}

/** Cohere Command R7B and Command A: one array between action markers, after thoughts between theirs. */
export const commandR7b: ToolCallFormat = {
  id: 'command-r7b',
  label: 'Command R7B / A',
  description:
    'A JSON array of tool_name and parameters between <|START_ACTION|> and <|END_ACTION|>.',
  example:
    '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"location": "London"}}]<|END_ACTION|>',
  detect: (chatTemplate) => (chatTemplate.includes('<|START_ACTION|>') ? 1 : 0),
  controlTokens: [
    '<|START_ACTION|>',
    '<|END_ACTION|>',
    '<|START_THINKING|>',
    '<|END_THINKING|>',
    '<|START_RESPONSE|>',
    '<|END_RESPONSE|>',
    '<|START_TEXT|>',
    '<|END_TEXT|>',
  ],
  reasoning: REASONING,
  syntax: {
    trigger: '<|START_ACTION|>',
    triggerAtStart: false,
    open: ['<|START_ACTION|>['],
    call: {
      before: ['{"tool_call_id": "', { gbnf: '[0-9]+' }, '", "tool_name": "'],
      between: ['", "parameters": '],
      after: ['}'],
    },
    separator: [', '],
    close: [']<|END_ACTION|>'],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    calls.length === 0
      ? ''
      : `<|START_ACTION|>${spacedJson(
          calls.map((call, index) => ({
            tool_call_id: String(index),
            tool_name: call.name,
            parameters: call.arguments,
          })),
        )}<|END_ACTION|>`,
  instruction: `To call tools, write a JSON array of the calls between <|START_ACTION|> and <|END_ACTION|>, with ids from 0 on:

<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "tool_name", "parameters": {"argument": "value"}}]<|END_ACTION|>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
