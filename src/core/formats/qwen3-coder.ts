import type { CallSyntax } from './call-syntax.ts'
import type { ToolCallFormat } from './format.ts'
import type { NotationGrammar } from './notation-grammar.ts'
import { createNotationParser } from './notation-parser.ts'
import type { TaggedNotation } from './tagged-arguments.ts'
import { TaggedCalls, type TaggedCallSyntax } from './tagged-calls.ts'
import { writeCalls } from './write-arguments.ts'

const NOTATION: TaggedNotation = {
  type: 'tagged',
  before: '<parameter=',
  between: '>\n',
  after: '\n</parameter>\n',
  separator: '',
}

const CALL: TaggedCallSyntax = {
  notation: NOTATION,
  nameEnd: '>',
  close: '</function>',
  closesContainer: false,
  around: ['</tool_call>'],
}

/** The outer tag is often left out. */
const GRAMMAR: NotationGrammar = {
  containers: [{ open: '<tool_call>', close: '</tool_call>', holdsOnlyCalls: true }],
  callOpen: '<function=',
  callClose: CALL.close,
  readsBarePython: false,
  expected: '"<function="',
  createReader: (context, place) => new TaggedCalls(context, place, CALL),
}

const SYNTAX: CallSyntax = {
  trigger: '<tool_call>',
  triggerAtStart: false,
  open: [],
  call: {
    before: ['<tool_call>\n<function='],
    between: ['>\n'],
    after: ['</function>\n</tool_call>'],
  },
  separator: ['\n'],
  close: [],
  notation: NOTATION,
}

/** Qwen3-Coder, Qwen3.5, Nemotron 3: an element per argument, whose value only the tool's schema types. */
export const qwen3Coder: ToolCallFormat = {
  id: 'qwen3-coder',
  label: 'Qwen3-Coder XML',
  description: 'Each call is a <function=…> with a <parameter=…> for each argument.',
  example:
    '<tool_call>\n<function=get_weather>\n<parameter=location>\nLondon\n</parameter>\n</function>\n</tool_call>',
  detect: (chatTemplate) =>
    chatTemplate.includes('<function=') && chatTemplate.includes('<parameter=') ? 0.97 : 0,
  controlTokens: ['<tool_call>', '</tool_call>', '<think>', '</think>'],
  syntax: SYNTAX,
  createParser: (options) => createNotationParser(GRAMMAR, options),
  render: (calls) => writeCalls(SYNTAX, calls),
  instruction: `To call a tool, write its name and each argument in tags:

<tool_call>
<function=tool_name>
<parameter=argument>
value
</parameter>
</function>
</tool_call>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
