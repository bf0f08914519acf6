import type { ToolCallFormat } from './format.ts'
import { MISTRAL_GRAMMAR, MISTRAL_REASONING, MISTRAL_TOKENS } from './mistral-grammar.ts'
import { createOutputParser } from './output-parser.ts'
import { spacedJson } from './spaced-json.ts'

/** Mistral with tokenizer v13 (Devstral, Magistral, Ministral 3): marker, name, arguments. */
export const mistralArgs: ToolCallFormat = {
  id: 'mistral-args',
  label: 'Mistral (name and arguments)',
  description: 'For each call [TOOL_CALLS], the name and the arguments.',
  example: '[TOOL_CALLS]get_weather[ARGS]{"location": "London"}',
  detect: (chatTemplate) =>
    chatTemplate.includes('[ARGS]') && !chatTemplate.includes('[CALL_ID]') ? 0.95 : 0,
  controlTokens: MISTRAL_TOKENS,
  reasoning: MISTRAL_REASONING,
  syntax: {
    trigger: '[TOOL_CALLS]',
    triggerAtStart: false,
    open: [],
    call: { before: ['[TOOL_CALLS]'], between: ['[ARGS]'], after: [] },
    separator: [],
    close: [],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(MISTRAL_GRAMMAR, options),
  render: (calls) =>
    calls.map((call) => `[TOOL_CALLS]${call.name}[ARGS]${spacedJson(call.arguments)}`).join(''),
  instruction: `For each tool call, write [TOOL_CALLS], the tool's name, [ARGS] and the arguments as a JSON object:

[TOOL_CALLS]tool_name[ARGS]{"argument": "value"}

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
