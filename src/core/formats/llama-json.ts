import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { spacedJson } from './spaced-json.ts'

/** After `<|python_tag|>` a model may also write code for its built-in interpreter: that is an answer in text. */
const GRAMMAR: OutputGrammar = {
  containers: [{ open: '<|python_tag|>', close: null, otherwise: 'text' }],
  readsBareJson: true,
}

/** Llama 3.1 and later with JSON calls: an object per call, `;` between them. */
export const llamaJson: ToolCallFormat = {
  id: 'llama-json',
  label: 'Llama 3 JSON',
  description: 'A JSON object per call with a name and parameters, separated by semicolons.',
  example: '{"name": "get_weather", "parameters": {"location": "London"}}',
  detect(chatTemplate) {
    if (/\{"name": function name, "parameters"/.test(chatTemplate)) return 0.9
    if (!chatTemplate.includes('"parameters"')) return 0
    if (chatTemplate.includes('<|python_tag|>')) return 0.8
    return chatTemplate.includes('ipython') ? 0.6 : 0
  },
  controlTokens: ['<|python_tag|>', '<think>', '</think>'],
  syntax: {
    trigger: '{',
    triggerAtStart: true,
    open: [],
    call: { before: ['{"name": "'], between: ['", "parameters": '], after: ['}'] },
    separator: ['; '],
    close: [],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    calls.map((call) => spacedJson({ name: call.name, parameters: call.arguments })).join('; '),
  instruction: `To call a tool, respond with a JSON object of its name and its parameters and nothing else:

{"name": "tool_name", "parameters": {"argument": "value"}}

Separate several calls with a semicolon. If no tool fits, or a required parameter is missing, answer in plain text instead.`,
}
