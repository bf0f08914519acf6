import type { ReasoningMarkers, ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { listCalls, listSyntax } from './list-calls.ts'

/** The prompt may end with the announcement of the thoughts; the mark of the answer ends them. */
const REASONING: readonly ReasoningMarkers[] = [
  { open: '<thinking>', close: '</thinking>' },
  { open: 'Here are my reasoning steps:', close: '[BEGIN FINAL RESPONSE]' },
]

const GRAMMAR: OutputGrammar = {
  containers: [{ open: '<tool_calls>', close: '</tool_calls>', otherwise: 'invalid' }],
  readsBareJson: false,
  reasoning: REASONING,
  noise: ['[END FINAL RESPONSE]'],
}

/** ServiceNow Apriel 1.5: one array in a tag, after thoughts. */
export const apriel: ToolCallFormat = {
  id: 'apriel',
  label: 'Apriel',
  description: 'A JSON array of calls in one <tool_calls> tag.',
  example:
    '<tool_calls>[{"name": "get_weather", "arguments": {"location": "London"}}]</tool_calls>',
  detect(chatTemplate) {
    if (!chatTemplate.includes('<tool_calls>')) return 0
    return /<tool_calls>\s*(?:\\n)?\[|\[BEGIN FINAL RESPONSE\]/.test(chatTemplate) ? 0.95 : 0.4
  },
  controlTokens: [
    '<tool_calls>',
    '</tool_calls>',
    '<thinking>',
    '</thinking>',
    '[BEGIN FINAL RESPONSE]',
    '[END FINAL RESPONSE]',
  ],
  reasoning: REASONING,
  syntax: listSyntax('<tool_calls>', ['<tool_calls>['], [']</tool_calls>']),
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) => listCalls(calls, '<tool_calls>', '</tool_calls>'),
  instruction: `To call tools, write a JSON array of the calls within <tool_calls></tool_calls> tags:

<tool_calls>[{"name": "tool_name", "arguments": {"argument": "value"}}]</tool_calls>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
