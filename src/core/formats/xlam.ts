import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { spacedJson } from './spaced-json.ts'

/**
 * Besides the bare array, xLAM's training data has fences and, for Mistral bases, a `[TOOL_CALLS]` prefix; tags and
 * `;`-separated objects are what its readers (vLLM, BFCL) accept.
 */
const GRAMMAR: OutputGrammar = {
  containers: [
    { open: '<tool_call>', close: '</tool_call>', otherwise: 'invalid' },
    { open: '[TOOL_CALLS]', close: null, otherwise: 'invalid' },
  ],
  readsBareJson: true,
}

/** Salesforce xLAM: one JSON array of calls, nothing around it. `[]` and plain text mean no call. */
export const xlam: ToolCallFormat = {
  id: 'xlam',
  label: 'xLAM',
  description: 'A JSON array of calls, each with a name and arguments.',
  example: '[{"name": "get_weather", "arguments": {"location": "London"}}]',
  detect(chatTemplate) {
    if (/in a single JSON array|"name": "tool_call_name"/.test(chatTemplate)) return 1
    return writesBareArray(chatTemplate) ? 0.9 : 0
  },
  controlTokens: ['<tool_call>', '</tool_call>', '[TOOL_CALLS]', '<think>', '</think>'],
  syntax: {
    trigger: '[',
    triggerAtStart: true,
    open: ['['],
    call: { before: ['{"name": "'], between: ['", "arguments": '], after: ['}'] },
    separator: [', '],
    close: [']'],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    spacedJson(calls.map((call) => ({ name: call.name, arguments: call.arguments }))),
  instruction: `When using tools, make calls in a single JSON array:

[{"name": "tool_name", "arguments": {"argument": "value"}}, ... (more calls to make them in parallel)]

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}

/** A template that prints an assistant's calls as `[{"name": …, "arguments": …}, …]`, with no marker around them. */
function writesBareArray(chatTemplate: string): boolean {
  const printsOpening = /\{\{-?\s*(['"])\[\1/.test(chatTemplate)
  const printsCall = /\{"name":\s/.test(chatTemplate) && chatTemplate.includes('"arguments":')
  return printsOpening && printsCall && !/tool_call>|TOOL_CALLS|python_tag/.test(chatTemplate)
}
