import type { FamilyOutputs } from './family-outputs.ts'

export const aprielOutputs: FamilyOutputs = {
  format: 'apriel',
  template: 'apriel.jinja',
  single:
    '<tool_calls>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_calls>',
  parallel:
    '<tool_calls>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}, {"name": "get_time", "arguments": {"zone": "Europe/Oslo"}}]</tool_calls>',
  types:
    '<tool_calls>[{"name": "set_all", "arguments": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}]</tool_calls>',
  empty: '<tool_calls>[{"name": "ping", "arguments": {}}]</tool_calls>',
  around:
    'Let me look.\n<tool_calls>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_calls>\nDone.',
  escaped:
    '<tool_calls>[{"name": "say", "arguments": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 </tool_calls>"}}]</tool_calls>',
  markInString: '</tool_calls>',
  malformed: '<tool_calls>[{"name": "get_weather", "arguments": {"city": \'Oslo\'}}]</tool_calls>',
  cutOff: '<tool_calls>[{"name": "get_weather", "arguments": {"city": "Os',
  reasoning: {
    output:
      '<thinking>Perhaps <tool_calls>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_calls>?</thinking>\n<tool_calls>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_calls>',
    thought:
      'Perhaps <tool_calls>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</tool_calls>?',
  },
}
