import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { listCalls, listSyntax } from './list-calls.ts'

const GRAMMAR: OutputGrammar = {
  containers: [{ open: '<TOOLCALL>', close: '</TOOLCALL>', otherwise: 'invalid' }],
  readsBareJson: false,
}

/** NVIDIA Nemotron Nano v2 and Llama-Nemotron: one array in a tag. */
export const nemotron: ToolCallFormat = {
  id: 'nemotron',
  label: 'Nemotron',
  description: 'A JSON array of calls in one <TOOLCALL> tag.',
  example: '<TOOLCALL>[{"name": "get_weather", "arguments": {"location": "London"}}]</TOOLCALL>',
  detect: (chatTemplate) => (chatTemplate.includes('<TOOLCALL>') ? 0.97 : 0),
  controlTokens: ['<TOOLCALL>', '</TOOLCALL>', '<think>', '</think>'],
  syntax: listSyntax('<TOOLCALL>', ['<TOOLCALL>['], [']</TOOLCALL>']),
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) => listCalls(calls, '<TOOLCALL>', '</TOOLCALL>'),
  instruction: `To call tools, write a JSON array of the calls within <TOOLCALL></TOOLCALL> tags:

<TOOLCALL>[{"name": "tool_name", "arguments": {"argument": "value"}}]</TOOLCALL>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
