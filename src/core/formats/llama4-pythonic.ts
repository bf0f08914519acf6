import type { CallSyntax } from './call-syntax.ts'
import type { ToolCallFormat } from './format.ts'
import type { NotationGrammar } from './notation-grammar.ts'
import { createNotationParser } from './notation-parser.ts'
import { PythonCalls } from './python-calls.ts'
import { writeCalls } from './write-arguments.ts'

/** The markers are often left out; between them may also stand code for the built-in interpreter, an answer in text. */
const GRAMMAR: NotationGrammar = {
  containers: [{ open: '<|python_start|>', close: '<|python_end|>', holdsOnlyCalls: false }],
  callOpen: null,
  callClose: null,
  readsBarePython: true,
  expected: 'a call, name(argument=value)',
  createReader: (context, place) => new PythonCalls(context, place, { acceptsJson: false }),
}

const SYNTAX: CallSyntax = {
  trigger: '<|python_start|>',
  triggerAtStart: false,
  open: ['<|python_start|>['],
  call: { before: [], between: ['('], after: [')'] },
  separator: [', '],
  close: [']<|python_end|>'],
  notation: { type: 'python' },
}

/** Llama 4: the Python list of Llama 3.2 between `<|python_start|>` and `<|python_end|>`. */
export const llama4Pythonic: ToolCallFormat = {
  id: 'llama4-pythonic',
  label: 'Llama 4 pythonic',
  description: 'A Python list of calls between <|python_start|> and <|python_end|>.',
  example: '<|python_start|>[get_weather(location="London")]<|python_end|>',
  detect: (chatTemplate) => (chatTemplate.includes('<|python_start|>') ? 0.95 : 0),
  controlTokens: ['<|python_start|>', '<|python_end|>', '<think>', '</think>'],
  syntax: SYNTAX,
  createParser: (options) => createNotationParser(GRAMMAR, options),
  render: (calls) => writeCalls(SYNTAX, calls),
  instruction: `To call tools, respond with a list of Python calls between these markers:

<|python_start|>[tool_name(argument="value", other=1), other_tool(argument=True)]<|python_end|>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
