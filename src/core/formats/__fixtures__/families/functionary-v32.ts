import type { FamilyOutputs } from './family-outputs.ts'

export const functionaryV32Outputs: FamilyOutputs = {
  format: 'functionary-v32',
  template: 'functionary-v32.jinja',
  single: 'get_weather\n{"city": "Oslo", "unit": "c"}',
  parallel: 'get_weather\n{"city": "Oslo", "unit": "c"}>>>get_time\n{"zone": "Europe/Oslo"}',
  types:
    'set_all\n{"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}',
  empty: 'ping\n{}',
  around: 'all\nLet me look.\n>>>get_weather\n{"city": "Oslo", "unit": "c"}\n>>>all\nDone.',
  escaped: 'say\n{"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 >>>all\\n"}',
  markInString: '>>>all\n',
  malformed: 'get_weather\n{"city": \'Oslo\'}',
  cutOff: 'get_weather\n{"city": "Os',
  reasoning: {
    output:
      '<think>\nPerhaps get_weather\n{"city": "Oslo", "unit": "c"}?\n</think>\n\n>>>get_weather\n{"city": "Oslo", "unit": "c"}',
    thought: 'Perhaps get_weather\n{"city": "Oslo", "unit": "c"}?',
  },
}
