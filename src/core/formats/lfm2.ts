import type { CallSyntax } from './call-syntax.ts'
import type { ToolCallFormat } from './format.ts'
import type { NotationGrammar } from './notation-grammar.ts'
import { createNotationParser } from './notation-parser.ts'
import { PythonCalls } from './python-calls.ts'
import { writeCalls } from './write-arguments.ts'

/** A JSON list stands between the markers when the system prompt asks for one. */
const GRAMMAR: NotationGrammar = {
  containers: [{ open: '<|tool_call_start|>', close: '<|tool_call_end|>', holdsOnlyCalls: true }],
  callOpen: null,
  callClose: null,
  readsBarePython: false,
  expected: 'a list of calls, "["',
  createReader: (context, place) => new PythonCalls(context, place, { acceptsJson: true }),
}

const SYNTAX: CallSyntax = {
  trigger: '<|tool_call_start|>',
  triggerAtStart: false,
  open: ['<|tool_call_start|>['],
  call: { before: [], between: ['('], after: [')'] },
  separator: [', '],
  close: [']<|tool_call_end|>'],
  notation: { type: 'python' },
}

/** Liquid LFM2 and LFM2.5: a Python list of calls between markers, text after it. */
export const lfm2: ToolCallFormat = {
  id: 'lfm2',
  label: 'LFM2',
  description: 'A Python list of calls between <|tool_call_start|> and <|tool_call_end|>.',
  example: '<|tool_call_start|>[get_weather(location="London")]<|tool_call_end|>',
  detect: (chatTemplate) => (/<\|tool_(?:call|list)_start\|>/.test(chatTemplate) ? 0.97 : 0),
  controlTokens: ['<|tool_call_start|>', '<|tool_call_end|>', '<think>', '</think>'],
  syntax: SYNTAX,
  createParser: (options) => createNotationParser(GRAMMAR, options),
  render: (calls) => writeCalls(SYNTAX, calls),
  instruction: `To call tools, write a list of Python calls between these markers:

<|tool_call_start|>[tool_name(argument="value", other=1), other_tool(argument=True)]<|tool_call_end|>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
