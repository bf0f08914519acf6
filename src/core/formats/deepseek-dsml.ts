import type { CallSyntax } from './call-syntax.ts'
import type { ToolCallFormat } from './format.ts'
import type { NotationGrammar } from './notation-grammar.ts'
import { createNotationParser } from './notation-parser.ts'
import type { TaggedNotation } from './tagged-arguments.ts'
import { TaggedCalls, type TaggedCallSyntax } from './tagged-calls.ts'
import { writeCalls } from './write-arguments.ts'

const NOTATION: TaggedNotation = {
  type: 'tagged',
  before: '<｜DSML｜parameter name="',
  between: '" string="true">',
  betweenJson: '" string="false">',
  after: '</｜DSML｜parameter>\n',
  separator: '',
}

const CALL: TaggedCallSyntax = {
  notation: NOTATION,
  nameEnd: '">',
  close: '</｜DSML｜invoke>',
  closesContainer: false,
  around: ['</｜DSML｜function_calls>'],
}

const GRAMMAR: NotationGrammar = {
  containers: [
    {
      open: '<｜DSML｜function_calls>',
      close: '</｜DSML｜function_calls>',
      holdsOnlyCalls: true,
    },
  ],
  callOpen: '<｜DSML｜invoke name="',
  callClose: CALL.close,
  readsBarePython: false,
  expected: '"<｜DSML｜invoke name="',
  createReader: (context, place) => new TaggedCalls(context, place, CALL),
}

const SYNTAX: CallSyntax = {
  trigger: '<｜DSML｜function_calls>',
  triggerAtStart: false,
  open: ['<｜DSML｜function_calls>\n'],
  call: { before: ['<｜DSML｜invoke name="'], between: ['">\n'], after: ['</｜DSML｜invoke>\n'] },
  separator: [],
  close: ['</｜DSML｜function_calls>'],
  notation: NOTATION,
}

/** DeepSeek V3.2: an element per argument that says itself whether its value is text or JSON. */
export const deepseekDsml: ToolCallFormat = {
  id: 'deepseek-dsml',
  label: 'DeepSeek V3.2 DSML',
  description: 'Calls are DSML elements; each argument says whether it is text or JSON.',
  example:
    '<｜DSML｜function_calls>\n<｜DSML｜invoke name="get_weather">\n<｜DSML｜parameter name="location" string="true">London</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
  detect: (chatTemplate) => (chatTemplate.includes('DSML｜') ? 0.98 : 0),
  controlTokens: ['｜DSML｜', '<think>', '</think>'],
  syntax: SYNTAX,
  createParser: (options) => createNotationParser(GRAMMAR, options),
  render: (calls) => writeCalls(SYNTAX, calls),
  instruction: `To call tools, write the name of each and its arguments in tags; string is "true" for text and "false" for JSON:

<｜DSML｜function_calls>
<｜DSML｜invoke name="tool_name">
<｜DSML｜parameter name="argument" string="true">value</｜DSML｜parameter>
</｜DSML｜invoke>
</｜DSML｜function_calls>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
