import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { nameBy } from './call-head.ts'
import { spacedJson } from './spaced-json.ts'

const GRAMMAR: OutputGrammar = {
  containers: [
    {
      open: '<|tool_call_begin|>',
      close: '<|tool_call_end|>',
      otherwise: 'invalid',
      head: {
        ends: ['<|tool_call_argument_begin|>'],
        expected: 'an id and "<|tool_call_argument_begin|>"',
        read: nameBy(
          /^(<\|tool_call_begin\|>\s*(?:functions\.)?)([^\s<]+?)(?::\d+)?\s*(?:<\|tool_call_argument_begin\|>)?\s*$/,
        ),
      },
    },
  ],
  readsBareJson: false,
  noise: ['<|tool_calls_section_begin|>', '<|tool_calls_section_end|>'],
}

/** Moonshot Kimi K2: a section of calls, each with an id that holds its name. */
export const kimiK2: ToolCallFormat = {
  id: 'kimi-k2',
  label: 'Kimi K2',
  description:
    'Each call between its own markers, its id functions.name:index before the arguments.',
  example:
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"location": "London"}<|tool_call_end|><|tool_calls_section_end|>',
  detect: (chatTemplate) => (chatTemplate.includes('<|tool_calls_section_begin|>') ? 1 : 0),
  controlTokens: [
    '<|tool_calls_section_begin|>',
    '<|tool_call_begin|>',
    '<|tool_call_argument_begin|>',
    '<|tool_call_end|>',
    '<|tool_calls_section_end|>',
    '<think>',
    '</think>',
  ],
  syntax: {
    trigger: '<|tool_calls_section_begin|>',
    triggerAtStart: false,
    open: ['<|tool_calls_section_begin|>'],
    call: {
      before: ['<|tool_call_begin|>functions.'],
      between: [':', { gbnf: '[0-9]+' }, '<|tool_call_argument_begin|>'],
      after: ['<|tool_call_end|>'],
    },
    separator: [],
    close: ['<|tool_calls_section_end|>'],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    calls.length === 0
      ? ''
      : `<|tool_calls_section_begin|>${calls
          .map(
            (call, index) =>
              `<|tool_call_begin|>functions.${call.name}:${index}<|tool_call_argument_begin|>${spacedJson(call.arguments)}<|tool_call_end|>`,
          )
          .join('')}<|tool_calls_section_end|>`,
  instruction: `To call tools, write the calls in exactly this form, with ids from 0 on:

<|tool_calls_section_begin|><|tool_call_begin|>functions.tool_name:0<|tool_call_argument_begin|>{"argument": "value"}<|tool_call_end|><|tool_calls_section_end|>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
