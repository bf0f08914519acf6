import type { ToolCallFormat } from './format.ts'
import { listCalls, listSyntax } from './list-calls.ts'
import { MISTRAL_GRAMMAR, MISTRAL_REASONING, MISTRAL_TOKENS } from './mistral-grammar.ts'
import { createOutputParser } from './output-parser.ts'

/** Mistral up to tokenizer v7 (7B v0.3, Nemo, Large 2407, Small 24.09): one array after the marker. */
export const mistral: ToolCallFormat = {
  id: 'mistral',
  label: 'Mistral (array)',
  description: 'A JSON array of calls behind the [TOOL_CALLS] token.',
  example: '[TOOL_CALLS][{"name": "get_weather", "arguments": {"location": "London"}}]',
  detect: (chatTemplate) =>
    chatTemplate.includes('[TOOL_CALLS]') && !chatTemplate.includes('[ARGS]') ? 0.9 : 0,
  controlTokens: MISTRAL_TOKENS,
  reasoning: MISTRAL_REASONING,
  syntax: listSyntax('[TOOL_CALLS]', ['[TOOL_CALLS]['], [']']),
  createParser: (options) => createOutputParser(MISTRAL_GRAMMAR, options),
  render: (calls) => listCalls(calls, '[TOOL_CALLS]', ''),
  instruction: `To call tools, write [TOOL_CALLS] and a JSON array of the calls, and nothing after it:

[TOOL_CALLS][{"name": "tool_name", "arguments": {"argument": "value"}}]

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
