import type { FamilyOutputs } from './family-outputs.ts'

export const graniteOutputs: FamilyOutputs = {
  format: 'granite',
  template: 'granite.jinja',
  single: '<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]',
  parallel:
    '<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}, {"name": "get_time", "arguments": {"zone": "Europe/Oslo"}}]',
  types:
    '<|tool_call|>[{"name": "set_all", "arguments": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}]',
  empty: '<|tool_call|>[{"name": "ping", "arguments": {}}]',
  around:
    'Let me look.\n<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]\nDone.',
  escaped:
    '<|tool_call|>[{"name": "say", "arguments": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 <|tool_call|>"}}]',
  markInString: '<|tool_call|>',
  malformed: '<|tool_call|>[{"name": "get_weather", "arguments": {"city": \'Oslo\'}}]',
  cutOff: '<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Os',
  reasoning: {
    output:
      'Here is my thought process:\nPerhaps <|tool_call|>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]?\n\nHere is my response:\n<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]',
    thought:
      'Perhaps <|tool_call|>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]?',
  },
}
