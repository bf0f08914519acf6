import type { FamilyOutputs } from './family-outputs.ts'

export const hammerOutputs: FamilyOutputs = {
  format: 'hammer',
  template: 'hammer.jinja',
  single: '```\n[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]\n```',
  parallel:
    '```\n[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}, {"name": "get_time", "arguments": {"zone": "Europe/Oslo"}}]\n```',
  types:
    '```\n[{"name": "set_all", "arguments": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}]\n```',
  empty: '```\n[{"name": "ping", "arguments": {}}]\n```',
  around:
    'Let me look.\n```\n[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]\n```\nDone.',
  escaped:
    '```\n[{"name": "say", "arguments": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 ```"}}]\n```',
  markInString: '```',
  malformed: '```\n[{"name": "get_weather", "arguments": {"city": \'Oslo\'}}]\n```',
  cutOff: '```\n[{"name": "get_weather", "arguments": {"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps ```\n[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]\n```?\n</think>\n\n```\n[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]\n```',
    thought:
      'Perhaps ```\n[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]\n```?',
  },
}
