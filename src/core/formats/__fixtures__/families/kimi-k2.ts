import type { FamilyOutputs } from './family-outputs.ts'

export const kimiK2Outputs: FamilyOutputs = {
  format: 'kimi-k2',
  template: 'kimi-k2.jinja',
  single:
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Oslo", "unit": "c"}<|tool_call_end|><|tool_calls_section_end|>',
  parallel:
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Oslo", "unit": "c"}<|tool_call_end|><|tool_call_begin|>functions.get_time:1<|tool_call_argument_begin|>{"zone": "Europe/Oslo"}<|tool_call_end|><|tool_calls_section_end|>',
  types:
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.set_all:0<|tool_call_argument_begin|>{"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}<|tool_call_end|><|tool_calls_section_end|>',
  empty:
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.ping:0<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>',
  around:
    'Let me look.\n<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Oslo", "unit": "c"}<|tool_call_end|><|tool_calls_section_end|>\nDone.',
  escaped:
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.say:0<|tool_call_argument_begin|>{"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 <|tool_call_end|>"}<|tool_call_end|><|tool_calls_section_end|>',
  markInString: '<|tool_call_end|>',
  malformed:
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": \'Oslo\'}<|tool_call_end|><|tool_calls_section_end|>',
  cutOff:
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps <|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Oslo", "unit": "c"}<|tool_call_end|><|tool_calls_section_end|>?\n</think>\n\n<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Oslo", "unit": "c"}<|tool_call_end|><|tool_calls_section_end|>',
    thought:
      'Perhaps <|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Oslo", "unit": "c"}<|tool_call_end|><|tool_calls_section_end|>?',
  },
}
