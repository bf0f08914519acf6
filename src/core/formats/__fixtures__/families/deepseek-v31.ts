import type { FamilyOutputs } from './family-outputs.ts'

export const deepseekV31Outputs: FamilyOutputs = {
  format: 'deepseek-v31',
  template: 'deepseek-v31.jinja',
  single:
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Oslo", "unit": "c"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  parallel:
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Oslo", "unit": "c"}<｜tool▁call▁end｜><｜tool▁call▁begin｜>get_time<｜tool▁sep｜>{"zone": "Europe/Oslo"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  types:
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>set_all<｜tool▁sep｜>{"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  empty:
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>ping<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  around:
    'Let me look.\n<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Oslo", "unit": "c"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>\nDone.',
  escaped:
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>say<｜tool▁sep｜>{"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 <｜tool▁call▁end｜>"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  markInString: '<｜tool▁call▁end｜>',
  malformed:
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": \'Oslo\'}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  cutOff: '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Oslo", "unit": "c"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>?\n</think>\n\n<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Oslo", "unit": "c"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    thought:
      'Perhaps <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Oslo", "unit": "c"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>?',
  },
}
