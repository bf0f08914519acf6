import type { FamilyOutputs } from './family-outputs.ts'

export const smollm2Outputs: FamilyOutputs = {
  format: 'smollm2',
  template: 'smollm2.jinja',
  single:
    '<tool_call>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_call>',
  parallel:
    '<tool_call>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}, {"name": "get_time", "arguments": {"zone": "Europe/Oslo"}}]</tool_call>',
  types:
    '<tool_call>[{"name": "set_all", "arguments": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}]</tool_call>',
  empty: '<tool_call>[{"name": "ping", "arguments": {}}]</tool_call>',
  around:
    'Let me look.\n<tool_call>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_call>\nDone.',
  escaped:
    '<tool_call>[{"name": "say", "arguments": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 </tool_call>"}}]</tool_call>',
  markInString: '</tool_call>',
  malformed: '<tool_call>[{"name": "get_weather", "arguments": {"city": \'Oslo\'}}]</tool_call>',
  cutOff: '<tool_call>[{"name": "get_weather", "arguments": {"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps <tool_call>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_call>?\n</think>\n\n<tool_call>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_call>',
    thought:
      'Perhaps <tool_call>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_call>?',
  },
}
