import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { listCalls, listSyntax } from './list-calls.ts'

/** The tokenizer has tokens for a call, and at times the model writes them. */
const GRAMMAR: OutputGrammar = {
  containers: [
    { open: 'functools', close: null, otherwise: 'prose' },
    { open: '<|tool_call|>', close: '<|/tool_call|>', otherwise: 'invalid' },
  ],
  readsBareJson: false,
}

/** Microsoft Phi-4-mini: one array behind the word functools. */
export const phi4Mini: ToolCallFormat = {
  id: 'phi-4-mini',
  label: 'Phi-4-mini',
  description: 'A JSON array of calls behind the word functools.',
  example: 'functools[{"name": "get_weather", "arguments": {"location": "London"}}]',
  detect(chatTemplate) {
    if (chatTemplate.includes('<|tool|>')) return 0.9
    return chatTemplate.includes('functools') && chatTemplate.includes('<|end|>') ? 0.9 : 0
  },
  controlTokens: ['<|tool_call|>', '<|/tool_call|>', '<think>', '</think>'],
  syntax: listSyntax('functools[', ['functools['], [']']),
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) => listCalls(calls, 'functools', ''),
  instruction: `To call tools, write functools and a JSON array of the calls:

functools[{"name": "tool_name", "arguments": {"argument": "value"}}]

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
