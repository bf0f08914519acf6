import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { listCalls, listSyntax } from './list-calls.ts'

const GRAMMAR: OutputGrammar = {
  containers: [{ open: '<tool_call>', close: '</tool_call>', otherwise: 'invalid' }],
  readsBareJson: false,
}

/** Hugging Face SmolLM2: one array in a tag. */
export const smollm2: ToolCallFormat = {
  id: 'smollm2',
  label: 'SmolLM2',
  description: 'A JSON array of calls in one <tool_call> tag.',
  example: '<tool_call>[{"name": "get_weather", "arguments": {"location": "London"}}]</tool_call>',
  detect: (chatTemplate) => (/<tool_call>\s*(?:\\n)?\[/.test(chatTemplate) ? 0.96 : 0),
  controlTokens: ['<tool_call>', '</tool_call>', '<think>', '</think>'],
  syntax: listSyntax('<tool_call>', ['<tool_call>['], [']</tool_call>']),
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) => listCalls(calls, '<tool_call>', '</tool_call>'),
  instruction: `To call tools, write a JSON array of the calls within <tool_call></tool_call> tags:

<tool_call>[{"name": "tool_name", "arguments": {"argument": "value"}}]</tool_call>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
