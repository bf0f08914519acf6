import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { callJson } from './list-calls.ts'

const GRAMMAR: OutputGrammar = {
  containers: [{ open: '<function_call>', close: null, otherwise: 'invalid' }],
  readsBareJson: false,
}

/** IBM granite-20b-functioncalling: a marker and an object for each call. */
export const graniteCode: ToolCallFormat = {
  id: 'granite-code',
  label: 'Granite 20B function calling',
  description: 'Each call is a JSON object behind <function_call>.',
  example: '<function_call> {"name": "get_weather", "arguments": {"location": "London"}}',
  detect: (chatTemplate) => (chatTemplate.includes('<function_call>') ? 0.9 : 0),
  controlTokens: ['<function_call>', '<think>', '</think>'],
  syntax: {
    trigger: '<function_call>',
    triggerAtStart: false,
    open: [],
    call: {
      before: ['<function_call> {"name": "'],
      between: ['", "arguments": '],
      after: ['}'],
    },
    separator: [' '],
    close: [],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) => calls.map((call) => `<function_call> ${callJson(call)}`).join(' '),
  instruction: `For each tool call, write <function_call> and a JSON object of the tool's name and its arguments:

<function_call> {"name": "tool_name", "arguments": {"argument": "value"}}

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
