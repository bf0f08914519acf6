import type { CallSyntax } from './call-syntax.ts'
import type { ToolCallFormat } from './format.ts'
import type { NotationGrammar } from './notation-grammar.ts'
import { createNotationParser } from './notation-parser.ts'
import { PythonCalls } from './python-calls.ts'
import { writeCalls } from './write-arguments.ts'

/** Besides the bare list there are Olmo 3's and Llama's own markers, and calls without brackets (Gorilla, BFCL's prompt). */
const GRAMMAR: NotationGrammar = {
  containers: [
    { open: '<function_calls>', close: '</function_calls>', holdsOnlyCalls: true },
    { open: '<|python_start|>', close: '<|python_end|>', holdsOnlyCalls: false },
  ],
  callOpen: null,
  callClose: null,
  readsBarePython: true,
  expected: 'a call, name(argument=value)',
  createReader: (context, place) => new PythonCalls(context, place, { acceptsJson: false }),
}

const SYNTAX: CallSyntax = {
  trigger: '[',
  triggerAtStart: true,
  open: ['['],
  call: { before: [], between: ['('], after: [')'] },
  separator: [', '],
  close: [']'],
  notation: { type: 'python' },
}

/** Llama 3.2's prompt, ToolACE, Olmo 3: a Python list of calls with keyword arguments. */
export const pythonic: ToolCallFormat = {
  id: 'pythonic',
  label: 'Pythonic',
  description: 'A Python list of calls with keyword arguments.',
  example: '[get_weather(location="London")]',
  detect(chatTemplate) {
    if (/func_name1\(params_name1=/.test(chatTemplate)) return 0.95
    if (chatTemplate.includes('DSML')) return 0
    return chatTemplate.includes('<function_calls>') ? 0.85 : 0
  },
  controlTokens: [
    '<function_calls>',
    '</function_calls>',
    '<|python_start|>',
    '<|python_end|>',
    '<think>',
    '</think>',
  ],
  syntax: SYNTAX,
  createParser: (options) => createNotationParser(GRAMMAR, options),
  render: (calls) => writeCalls(SYNTAX, calls),
  instruction: `To call tools, respond with a list of Python calls and nothing else:

[tool_name(argument="value", other=1), other_tool(argument=True)]

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
