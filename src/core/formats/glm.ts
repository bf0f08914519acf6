import type { CallSyntax } from './call-syntax.ts'
import type { ToolCallFormat } from './format.ts'
import type { NotationGrammar } from './notation-grammar.ts'
import { createNotationParser } from './notation-parser.ts'
import type { TaggedNotation } from './tagged-arguments.ts'
import { TaggedCalls, type TaggedCallSyntax } from './tagged-calls.ts'
import { writeCalls } from './write-arguments.ts'

const NOTATION: TaggedNotation = {
  type: 'tagged',
  before: '<arg_key>',
  between: '</arg_key>\n<arg_value>',
  after: '</arg_value>\n',
  separator: '',
}

const CALL: TaggedCallSyntax = {
  notation: NOTATION,
  nameEnd: '',
  close: '</tool_call>',
  closesContainer: true,
  around: [],
}

const GRAMMAR: NotationGrammar = {
  containers: [{ open: '<tool_call>', close: '</tool_call>', holdsOnlyCalls: true }],
  callOpen: null,
  callClose: null,
  readsBarePython: false,
  expected: 'the name of a tool',
  createReader: (context, place) => new TaggedCalls(context, place, CALL),
}

const SYNTAX: CallSyntax = {
  trigger: '<tool_call>',
  triggerAtStart: false,
  open: [],
  call: { before: ['<tool_call>'], between: ['\n'], after: ['</tool_call>'] },
  separator: ['\n'],
  close: [],
  notation: NOTATION,
}

/** GLM-4.5 and later: keys and values in elements of their own. (4.7 writes no line breaks between them.) */
export const glm: ToolCallFormat = {
  id: 'glm',
  label: 'GLM-4.5',
  description: 'Each call is a name in a <tool_call> tag, then <arg_key> and <arg_value> pairs.',
  example:
    '<tool_call>get_weather\n<arg_key>location</arg_key>\n<arg_value>London</arg_value>\n</tool_call>',
  detect: (chatTemplate) => (chatTemplate.includes('<arg_key>') ? 0.98 : 0),
  controlTokens: [
    '<tool_call>',
    '</tool_call>',
    '<arg_key>',
    '</arg_key>',
    '<arg_value>',
    '</arg_value>',
    '<think>',
    '</think>',
  ],
  syntax: SYNTAX,
  createParser: (options) => createNotationParser(GRAMMAR, options),
  render: (calls) => writeCalls(SYNTAX, calls),
  instruction: `To call a tool, write its name and each argument in tags:

<tool_call>tool_name
<arg_key>argument</arg_key>
<arg_value>value</arg_value>
</tool_call>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
