import type { FamilyOutputs } from './family-outputs.ts'

export const mistralOutputs: FamilyOutputs = {
  format: 'mistral',
  template: 'mistral.jinja',
  single: '[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]',
  parallel:
    '[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}, {"name": "get_time", "arguments": {"zone": "Europe/Oslo"}}]',
  types:
    '[TOOL_CALLS][{"name": "set_all", "arguments": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}]',
  empty: '[TOOL_CALLS][{"name": "ping", "arguments": {}}]',
  around:
    'Let me look.\n[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]\nDone.',
  escaped:
    '[TOOL_CALLS][{"name": "say", "arguments": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 [TOOL_CALLS]"}}]',
  markInString: '[TOOL_CALLS]',
  malformed: '[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": \'Oslo\'}}]',
  cutOff: '[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Os',
  reasoning: {
    output:
      '[THINK]Perhaps [TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]?[/THINK][TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]',
    thought:
      'Perhaps [TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]?',
  },
}
