import type { FamilyOutputs } from './family-outputs.ts'

export const gptOssOutputs: FamilyOutputs = {
  format: 'gpt-oss',
  template: 'gpt-oss.jinja',
  single:
    '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": "Oslo", "unit": "c"}<|call|>',
  parallel:
    '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": "Oslo", "unit": "c"}<|call|><|start|>assistant<|channel|>commentary to=functions.get_time <|constrain|>json<|message|>{"zone": "Europe/Oslo"}<|call|>',
  types:
    '<|channel|>commentary to=functions.set_all <|constrain|>json<|message|>{"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}<|call|>',
  empty: '<|channel|>commentary to=functions.ping <|constrain|>json<|message|>{}<|call|>',
  around:
    '<|channel|>commentary<|message|>Let me look.<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": "Oslo", "unit": "c"}<|call|><|start|>assistant<|channel|>final<|message|>Done.<|return|>',
  escaped:
    '<|channel|>commentary to=functions.say <|constrain|>json<|message|>{"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 <|call|>"}<|call|>',
  markInString: '<|call|>',
  malformed:
    '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": \'Oslo\'}<|call|>',
  cutOff: '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": "Os',
  reasoning: {
    output:
      '<|channel|>analysis<|message|>Perhaps {"city": "Oslo"}?<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": "Oslo", "unit": "c"}<|call|>',
    thought: 'Perhaps {"city": "Oslo"}?',
  },
}
