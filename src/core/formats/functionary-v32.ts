import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { nameBy, type CallHead } from './call-head.ts'
import { spacedJson } from './spaced-json.ts'

const readName = nameBy(/^((?:>>>)?)(.+)\n$/)
const HEAD: CallHead = {
  ends: ['\n'],
  refuses: /[^\w.-]/,
  expected: 'a name and a line break',
  read: (head) => (/^(?:>>>)?all\n$/.test(head) ? { type: 'text' } : readName(head)),
}

const GRAMMAR: OutputGrammar = {
  containers: [{ open: '>>>', close: null, otherwise: 'invalid', head: HEAD }],
  readsBareJson: false,
  // The prompt ends with the marker, so the answer begins with the recipient.
  startsIn: { open: '', close: null, otherwise: 'prose', head: HEAD },
}

/** MeetKai Functionary v3.2 (Llama 3): everything goes to a recipient, `all` is the user. */
export const functionaryV32: ToolCallFormat = {
  id: 'functionary-v32',
  label: 'Functionary v3.2',
  description: 'Behind >>> the name on a line, then the arguments; >>>all is text.',
  example: '>>>get_weather\n{"location": "London"}',
  detect: (chatTemplate) => (chatTemplate.includes('>>>') ? 0.95 : 0),
  controlTokens: ['<think>', '</think>'],
  syntax: {
    trigger: '>>>',
    triggerAtStart: false,
    open: [],
    call: { before: ['>>>'], between: ['\n'], after: [] },
    separator: [],
    close: [],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) => calls.map((call) => `>>>${call.name}\n${spacedJson(call.arguments)}`).join(''),
  instruction: `Begin each part of your answer with >>> and its recipient on a line of its own. To call a tool, its name is the recipient and the arguments follow as a JSON object; text for the user goes to all:

>>>tool_name
{"argument": "value"}

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
