import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { nameBy } from './call-head.ts'
import { spacedJson } from './spaced-json.ts'

/** After `<|python_tag|>` stands code for an interpreter: that is an answer in text. */
const GRAMMAR: OutputGrammar = {
  containers: [
    {
      open: '<function=',
      close: '</function>',
      otherwise: 'invalid',
      head: {
        ends: ['>'],
        refuses: /[^\w.-]/,
        expected: 'a name and ">"',
        read: nameBy(/^(<function=)(.+)>$/),
      },
    },
    { open: '<|python_tag|>', close: null, otherwise: 'text' },
  ],
  readsBareJson: false,
}

/** MeetKai Functionary v3.1 (Llama 3.1): the name in the tag, the arguments in its body. */
export const functionaryV31: ToolCallFormat = {
  id: 'functionary-v31',
  label: 'Functionary v3.1',
  description: 'Each call is a tag <function=name> around its arguments.',
  example: '<function=get_weather>{"location": "London"}</function>',
  detect(chatTemplate) {
    if (!chatTemplate.includes('<function=') || chatTemplate.includes('<parameter=')) return 0
    return chatTemplate.includes('<tool_call>') ? 0 : 0.9
  },
  controlTokens: ['<|python_tag|>', '<think>', '</think>'],
  syntax: {
    trigger: '<function=',
    triggerAtStart: false,
    open: [],
    call: { before: ['<function='], between: ['>'], after: ['</function>'] },
    separator: [],
    close: [],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    calls.map((call) => `<function=${call.name}>${spacedJson(call.arguments)}</function>`).join(''),
  instruction: `For each tool call, write a tag with the tool's name, and in it the arguments as a JSON object:

<function=tool_name>{"argument": "value"}</function>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
