import type { ToolCallFormat } from './format.ts'
import { MISTRAL_GRAMMAR, MISTRAL_REASONING, MISTRAL_TOKENS } from './mistral-grammar.ts'
import { createOutputParser } from './output-parser.ts'
import { spacedJson } from './spaced-json.ts'

/** Mistral with tokenizer v11 (Small 3.2): marker, name, an id of nine letters and digits, arguments. */
export const mistralId: ToolCallFormat = {
  id: 'mistral-id',
  label: 'Mistral (with ids)',
  description: 'For each call [TOOL_CALLS], the name, an id and the arguments.',
  example: '[TOOL_CALLS]get_weather[CALL_ID]a1b2c3d4e[ARGS]{"location": "London"}',
  detect: (chatTemplate) =>
    chatTemplate.includes('[CALL_ID]') && chatTemplate.includes('[ARGS]') ? 0.95 : 0,
  controlTokens: MISTRAL_TOKENS,
  reasoning: MISTRAL_REASONING,
  syntax: {
    trigger: '[TOOL_CALLS]',
    triggerAtStart: false,
    open: [],
    call: {
      before: ['[TOOL_CALLS]'],
      between: ['[CALL_ID]', { gbnf: '[a-zA-Z0-9]{9}' }, '[ARGS]'],
      after: [],
    },
    separator: [],
    close: [],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(MISTRAL_GRAMMAR, options),
  render: (calls) =>
    calls
      .map(
        (call, index) =>
          `[TOOL_CALLS]${call.name}[CALL_ID]${idOf(index)}[ARGS]${spacedJson(call.arguments)}`,
      )
      .join(''),
  instruction: `For each tool call, write [TOOL_CALLS], the tool's name, [CALL_ID], an id of nine letters and digits, [ARGS] and the arguments as a JSON object:

[TOOL_CALLS]tool_name[CALL_ID]a1b2c3d4e[ARGS]{"argument": "value"}

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}

/** Nine letters and digits, as Mistral's templates insist. */
function idOf(index: number): string {
  return `call${String(index).padStart(5, '0')}`
}
