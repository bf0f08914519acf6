import type { FamilyOutputs } from './family-outputs.ts'

export const graniteCodeOutputs: FamilyOutputs = {
  format: 'granite-code',
  template: 'granite-code.jinja',
  single: '<function_call> {"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}',
  parallel:
    '<function_call> {"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}} <function_call> {"name": "get_time", "arguments": {"zone": "Europe/Oslo"}}',
  types:
    '<function_call> {"name": "set_all", "arguments": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}',
  empty: '<function_call> {"name": "ping", "arguments": {}}',
  around:
    'Let me look.\n<function_call> {"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}\nDone.',
  escaped:
    '<function_call> {"name": "say", "arguments": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 <function_call>"}}',
  markInString: '<function_call>',
  malformed: '<function_call> {"name": "get_weather", "arguments": {"city": \'Oslo\'}}',
  cutOff: '<function_call> {"name": "get_weather", "arguments": {"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps <function_call> {"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}?\n</think>\n\n<function_call> {"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}',
    thought:
      'Perhaps <function_call> {"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}?',
  },
}
