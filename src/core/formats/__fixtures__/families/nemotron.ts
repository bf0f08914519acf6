import type { FamilyOutputs } from './family-outputs.ts'

export const nemotronOutputs: FamilyOutputs = {
  format: 'nemotron',
  template: 'nemotron.jinja',
  single:
    '<TOOLCALL>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</TOOLCALL>',
  parallel:
    '<TOOLCALL>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}, {"name": "get_time", "arguments": {"zone": "Europe/Oslo"}}]</TOOLCALL>',
  types:
    '<TOOLCALL>[{"name": "set_all", "arguments": {"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}}]</TOOLCALL>',
  empty: '<TOOLCALL>[{"name": "ping", "arguments": {}}]</TOOLCALL>',
  around:
    'Let me look.\n<TOOLCALL>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</TOOLCALL>\nDone.',
  escaped:
    '<TOOLCALL>[{"name": "say", "arguments": {"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 </TOOLCALL>"}}]</TOOLCALL>',
  markInString: '</TOOLCALL>',
  malformed: '<TOOLCALL>[{"name": "get_weather", "arguments": {"city": \'Oslo\'}}]</TOOLCALL>',
  cutOff: '<TOOLCALL>[{"name": "get_weather", "arguments": {"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps <TOOLCALL>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</TOOLCALL>?\n</think>\n\n<TOOLCALL>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</TOOLCALL>',
    thought:
      'Perhaps <TOOLCALL>[{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "c"}}]</TOOLCALL>?',
  },
}
