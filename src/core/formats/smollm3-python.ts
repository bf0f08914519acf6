import type { CallSyntax } from './call-syntax.ts'
import type { ToolCallFormat } from './format.ts'
import type { NotationGrammar } from './notation-grammar.ts'
import { createNotationParser } from './notation-parser.ts'
import { PythonCalls } from './python-calls.ts'
import { writeCalls } from './write-arguments.ts'

/** Any Python may stand in the tag: what is no plain call of a tool is an answer in text. */
const GRAMMAR: NotationGrammar = {
  containers: [{ open: '<code>', close: '</code>', holdsOnlyCalls: false }],
  callOpen: null,
  callClose: null,
  readsBarePython: false,
  expected: 'a call, name(argument=value)',
  createReader: (context, place) => new PythonCalls(context, place, { acceptsJson: false }),
}

const SYNTAX: CallSyntax = {
  trigger: '<code>',
  triggerAtStart: false,
  open: ['<code>'],
  call: { before: [], between: ['('], after: [')'] },
  separator: ['\n'],
  close: ['</code>'],
  notation: { type: 'python' },
}

/** SmolLM3 with `python_tools`: Python calls in a `<code>` tag. (With `xml_tools`, its default, it speaks Hermes.) */
export const smollm3Python: ToolCallFormat = {
  id: 'smollm3-python',
  label: 'SmolLM3 Python tools',
  description: 'Python calls in a <code> tag.',
  example: '<code>get_weather(location="London")</code>',
  detect(chatTemplate) {
    if (!chatTemplate.includes('<code>')) return 0
    return chatTemplate.includes('<tool_call>') ? 0.3 : 0.8
  },
  controlTokens: ['<code>', '</code>', '<think>', '</think>'],
  syntax: SYNTAX,
  createParser: (options) => createNotationParser(GRAMMAR, options),
  render: (calls) => writeCalls(SYNTAX, calls),
  instruction: `To call tools, write Python calls with named arguments, one a line, in a <code> tag:

<code>tool_name(argument="value", other=1)</code>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
