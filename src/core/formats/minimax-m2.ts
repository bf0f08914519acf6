import type { CallSyntax } from './call-syntax.ts'
import type { ToolCallFormat } from './format.ts'
import type { NotationGrammar } from './notation-grammar.ts'
import { createNotationParser } from './notation-parser.ts'
import type { TaggedNotation } from './tagged-arguments.ts'
import { TaggedCalls, type TaggedCallSyntax } from './tagged-calls.ts'
import { writeCalls } from './write-arguments.ts'

const NOTATION: TaggedNotation = {
  type: 'tagged',
  before: '<parameter name="',
  between: '">',
  after: '</parameter>\n',
  separator: '',
}

const CALL: TaggedCallSyntax = {
  notation: NOTATION,
  nameEnd: '">',
  close: '</invoke>',
  closesContainer: false,
  around: ['</minimax:tool_call>'],
}

const GRAMMAR: NotationGrammar = {
  containers: [
    { open: '<minimax:tool_call>', close: '</minimax:tool_call>', holdsOnlyCalls: true },
  ],
  callOpen: '<invoke name="',
  callClose: CALL.close,
  readsBarePython: false,
  expected: '"<invoke name="',
  createReader: (context, place) => new TaggedCalls(context, place, CALL),
}

const SYNTAX: CallSyntax = {
  trigger: '<minimax:tool_call>',
  triggerAtStart: false,
  open: ['<minimax:tool_call>\n'],
  call: { before: ['<invoke name="'], between: ['">\n'], after: ['</invoke>\n'] },
  separator: [],
  close: ['</minimax:tool_call>'],
  notation: NOTATION,
}

/** MiniMax-M2: an `<invoke>` per call with a `<parameter>` per argument, whose value only the tool's schema types. */
export const minimaxM2: ToolCallFormat = {
  id: 'minimax-m2',
  label: 'MiniMax-M2',
  description: 'Calls are <invoke> elements with a <parameter> for each argument.',
  example:
    '<minimax:tool_call>\n<invoke name="get_weather">\n<parameter name="location">London</parameter>\n</invoke>\n</minimax:tool_call>',
  detect: (chatTemplate) => (chatTemplate.includes('minimax:tool_call') ? 0.98 : 0),
  controlTokens: ['<minimax:tool_call>', '</minimax:tool_call>', '<think>', '</think>'],
  syntax: SYNTAX,
  createParser: (options) => createNotationParser(GRAMMAR, options),
  render: (calls) => writeCalls(SYNTAX, calls),
  instruction: `To call tools, write the name of each and its arguments in tags:

<minimax:tool_call>
<invoke name="tool_name">
<parameter name="argument">value</parameter>
</invoke>
</minimax:tool_call>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
