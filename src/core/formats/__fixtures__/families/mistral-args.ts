import type { FamilyOutputs } from './family-outputs.ts'

export const mistralArgsOutputs: FamilyOutputs = {
  format: 'mistral-args',
  template: 'mistral-args.jinja',
  single: '[TOOL_CALLS]get_weather[ARGS]{"city": "Oslo", "unit": "c"}',
  parallel:
    '[TOOL_CALLS]get_weather[ARGS]{"city": "Oslo", "unit": "c"}[TOOL_CALLS]get_time[ARGS]{"zone": "Europe/Oslo"}',
  types:
    '[TOOL_CALLS]set_all[ARGS]{"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}',
  empty: '[TOOL_CALLS]ping[ARGS]{}',
  around: 'Let me look.\n[TOOL_CALLS]get_weather[ARGS]{"city": "Oslo", "unit": "c"}\nDone.',
  escaped: '[TOOL_CALLS]say[ARGS]{"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 [TOOL_CALLS]"}',
  markInString: '[TOOL_CALLS]',
  malformed: '[TOOL_CALLS]get_weather[ARGS]{"city": \'Oslo\'}',
  cutOff: '[TOOL_CALLS]get_weather[ARGS]{"city": "Os',
  reasoning: {
    output:
      '[THINK]Perhaps [TOOL_CALLS]get_weather[ARGS]{"city": "Oslo", "unit": "c"}?[/THINK][TOOL_CALLS]get_weather[ARGS]{"city": "Oslo", "unit": "c"}',
    thought: 'Perhaps [TOOL_CALLS]get_weather[ARGS]{"city": "Oslo", "unit": "c"}?',
  },
}
