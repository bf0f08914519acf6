import type { FamilyOutputs } from './family-outputs.ts'

export const commandR7bOutputs: FamilyOutputs = {
  format: 'command-r7b',
  template: 'command-r7b.jinja',
  single:
    '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]<|END_ACTION|>',
  parallel:
    '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}, {"tool_call_id": "1", "tool_name": "get_time", "parameters": {"zone": "Europe/Oslo"}}]<|END_ACTION|>',
  types:
    '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "set_all", "parameters": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}]<|END_ACTION|>',
  empty:
    '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "ping", "parameters": {}}]<|END_ACTION|>',
  around:
    '<|START_RESPONSE|>Let me look.<|END_RESPONSE|><|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]<|END_ACTION|><|START_RESPONSE|>Done.<|END_RESPONSE|>',
  escaped:
    '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "say", "parameters": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 <|END_ACTION|>"}}]<|END_ACTION|>',
  markInString: '<|END_ACTION|>',
  malformed:
    '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": \'Oslo\'}}]<|END_ACTION|>',
  cutOff:
    '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Os',
  reasoning: {
    output:
      '<|START_THINKING|>Perhaps <|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]<|END_ACTION|>?<|END_THINKING|><|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]<|END_ACTION|>',
    thought:
      'Perhaps <|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Oslo", "unit": "c"}}]<|END_ACTION|>?',
  },
}
