import type { CallSyntax } from './call-syntax.ts'
import type { ToolCallFormat } from './format.ts'
import { GemmaCalls } from './gemma-calls.ts'
import type { NotationGrammar } from './notation-grammar.ts'
import { createNotationParser } from './notation-parser.ts'
import { writeCalls } from './write-arguments.ts'

const GRAMMAR: NotationGrammar = {
  containers: [
    { open: '<start_function_call>', close: '<end_function_call>', holdsOnlyCalls: true },
  ],
  callOpen: null,
  callClose: null,
  readsBarePython: false,
  expected: 'a call, "call:"',
  createReader: (context, place) => new GemmaCalls(context, place),
}

const RESULT = '<start_function_response>'

const SYNTAX: CallSyntax = {
  trigger: '<start_function_call>',
  triggerAtStart: false,
  open: [],
  call: { before: ['<start_function_call>call:'], between: ['{'], after: ['}<end_function_call>'] },
  separator: [],
  close: [],
  notation: { type: 'gemma' },
}

/** Google FunctionGemma: `call:name{key:value}` between tags, with strings between `<escape>` tags. */
export const functionGemma: ToolCallFormat = {
  id: 'function-gemma',
  label: 'FunctionGemma',
  description: 'Each call is call:name{…} between tags, its strings between <escape> tags.',
  example:
    '<start_function_call>call:get_weather{location:<escape>London<escape>}<end_function_call>',
  detect: (chatTemplate) => (chatTemplate.includes('<start_function_call>') ? 1 : 0),
  controlTokens: [
    '<start_function_call>',
    '<end_function_call>',
    '<escape>',
    RESULT,
    '<think>',
    '</think>',
  ],
  stop: [RESULT],
  syntax: SYNTAX,
  createParser: (options) => createNotationParser(GRAMMAR, options),
  render: (calls) => writeCalls(SYNTAX, calls),
  instruction: `To call a tool, write its name and arguments like this, with each text between <escape> tags:

<start_function_call>call:tool_name{argument:<escape>value<escape>,other:1}<end_function_call>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
