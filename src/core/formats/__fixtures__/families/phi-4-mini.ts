import type { FamilyOutputs } from './family-outputs.ts'

export const phi4MiniOutputs: FamilyOutputs = {
  format: 'phi-4-mini',
  template: 'phi-4-mini.jinja',
  single: 'functools[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]',
  parallel:
    'functools[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}, {"name": "get_time", "arguments": {"zone": "Europe/Oslo"}}]',
  types:
    'functools[{"name": "set_all", "arguments": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}]',
  empty: 'functools[{"name": "ping", "arguments": {}}]',
  around:
    'Let me look.\nfunctools[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]\nDone.',
  escaped:
    'functools[{"name": "say", "arguments": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 functools["}}]',
  markInString: 'functools[',
  malformed: 'functools[{"name": "get_weather", "arguments": {"city": \'Oslo\'}}]',
  cutOff: 'functools[{"name": "get_weather", "arguments": {"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps functools[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]?\n</think>\n\nfunctools[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]',
    thought:
      'Perhaps functools[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]?',
  },
}
