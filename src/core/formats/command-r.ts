import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { COHERE_KEYS } from './cohere-keys.ts'
import { spacedJson } from './spaced-json.ts'

const OPENINGS = ['Action: ```json', 'Action:```json', 'Action:\n```json']

const GRAMMAR: OutputGrammar = {
  containers: OPENINGS.map((open) => ({ open, close: '```', otherwise: 'invalid' })),
  readsBareJson: false,
  keys: COHERE_KEYS,
}

/** Cohere Command R and R+: the word Action and one array in a fence. */
export const commandR: ToolCallFormat = {
  id: 'command-r',
  label: 'Command R+',
  description:
    'Behind Action: a code fence with a JSON array, whose keys are tool_name and parameters.',
  example:
    'Action: ```json\n[{"tool_name": "get_weather", "parameters": {"location": "London"}}]\n```',
  detect: (chatTemplate) =>
    chatTemplate.includes('Action:') && chatTemplate.includes('tool_name') ? 0.9 : 0,
  controlTokens: ['<think>', '</think>'],
  syntax: {
    trigger: 'Action:',
    triggerAtStart: false,
    open: ['Action: ```json\n['],
    call: { before: ['{"tool_name": "'], between: ['", "parameters": '], after: ['}'] },
    separator: [', '],
    close: [']\n```'],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    calls.length === 0
      ? ''
      : `Action: \`\`\`json\n${spacedJson(calls.map((call) => ({ tool_name: call.name, parameters: call.arguments })))}\n\`\`\``,
  instruction: `To call tools, write "Action:" and a JSON array of the calls in a code fence:

Action: \`\`\`json
[{"tool_name": "tool_name", "parameters": {"argument": "value"}}]
\`\`\`

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
