import type { FamilyOutputs } from './family-outputs.ts'

export const commandROutputs: FamilyOutputs = {
  format: 'command-r',
  template: 'command-r.jinja',
  single:
    'Action: ```json\n[{"tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]\n```',
  parallel:
    'Action: ```json\n[{"tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}, {"tool_name": "get_time", "parameters": {"zone": "Europe/Oslo"}}]\n```',
  types:
    'Action: ```json\n[{"tool_name": "set_all", "parameters": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}]\n```',
  empty: 'Action: ```json\n[{"tool_name": "ping", "parameters": {}}]\n```',
  around:
    'Let me look.\nAction: ```json\n[{"tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]\n```\nDone.',
  escaped:
    'Action: ```json\n[{"tool_name": "say", "parameters": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 ```"}}]\n```',
  markInString: '```',
  malformed:
    'Action: ```json\n[{"tool_name": "get_weather", "parameters": {"city": \'Oslo\'}}]\n```',
  cutOff: 'Action: ```json\n[{"tool_name": "get_weather", "parameters": {"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps Action: ```json\n[{"tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]\n```?\n</think>\n\nAction: ```json\n[{"tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]\n```',
    thought:
      'Perhaps Action: ```json\n[{"tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]\n```?',
  },
}
