import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { listCalls, listSyntax } from './list-calls.ts'

const GRAMMAR: OutputGrammar = {
  containers: [{ open: 'functools', close: null, otherwise: 'prose' }],
  readsBareJson: false,
}

/** Fireworks Firefunction v2 (Llama 3): a space, the word functools, one array. */
export const firefunction: ToolCallFormat = {
  id: 'firefunction',
  label: 'Firefunction v2',
  description: 'A space, the word functools and a JSON array of calls.',
  example: ' functools[{"name": "get_weather", "arguments": {"location": "London"}}]',
  detect: (chatTemplate) =>
    chatTemplate.includes('functools') && chatTemplate.includes('<|start_header_id|>') ? 0.95 : 0,
  controlTokens: ['<think>', '</think>'],
  syntax: listSyntax('functools[', [' functools['], [']']),
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) => listCalls(calls, ' functools', ''),
  instruction: `To call tools, write functools and a JSON array of the calls:

 functools[{"name": "tool_name", "arguments": {"argument": "value"}}]

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
