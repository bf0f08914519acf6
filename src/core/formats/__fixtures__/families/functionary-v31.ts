import type { FamilyOutputs } from './family-outputs.ts'

export const functionaryV31Outputs: FamilyOutputs = {
  format: 'functionary-v31',
  template: 'functionary-v31.jinja',
  single: '<function=get_weather>{"city": "Oslo", "unit": "c"}</function>',
  parallel:
    '<function=get_weather>{"city": "Oslo", "unit": "c"}</function><function=get_time>{"zone": "Europe/Oslo"}</function>',
  types:
    '<function=set_all>{"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}</function>',
  empty: '<function=ping>{}</function>',
  around: 'Let me look.\n<function=get_weather>{"city": "Oslo", "unit": "c"}</function>\nDone.',
  escaped: '<function=say>{"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 </function>"}</function>',
  markInString: '</function>',
  malformed: '<function=get_weather>{"city": \'Oslo\'}</function>',
  cutOff: '<function=get_weather>{"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps <function=get_weather>{"city": "Oslo", "unit": "c"}</function>?\n</think>\n\n<function=get_weather>{"city": "Oslo", "unit": "c"}</function>',
    thought: 'Perhaps <function=get_weather>{"city": "Oslo", "unit": "c"}</function>?',
  },
}
