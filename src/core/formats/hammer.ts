import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { spacedJson } from './spaced-json.ts'

const GRAMMAR: OutputGrammar = {
  containers: [],
  readsBareJson: true,
}

/** MadeAgents Hammer 2 and 2.1: the array that xLAM writes, often in a fence, and `[]` for no call. */
export const hammer: ToolCallFormat = {
  id: 'hammer',
  label: 'Hammer 2',
  description: 'A JSON array of calls, in a code fence or not; [] is no call.',
  example: '[{"name": "get_weather", "arguments": {"location": "London"}}]',
  detect: (chatTemplate) => (chatTemplate.includes('[BEGIN OF TASK INSTRUCTION]') ? 1 : 0),
  controlTokens: ['<think>', '</think>'],
  syntax: {
    trigger: '[',
    triggerAtStart: true,
    open: ['['],
    call: { before: ['{"name": "'], between: ['", "arguments": '], after: ['}'] },
    separator: [', '],
    close: [']'],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    spacedJson(calls.map((call) => ({ name: call.name, arguments: call.arguments }))),
  instruction: `The output must be a JSON array of the calls and nothing else:

\`\`\`
[{"name": "tool_name", "arguments": {"argument": "value"}}]
\`\`\`

If no tool is needed, write [].`,
}
