import type { FamilyOutputs } from './family-outputs.ts'

export const mistralIdOutputs: FamilyOutputs = {
  format: 'mistral-id',
  template: 'mistral-id.jinja',
  single: '[TOOL_CALLS]get_weather[CALL_ID]Xk29dLqp0[ARGS]{"city": "Oslo", "unit": "c"}',
  parallel:
    '[TOOL_CALLS]get_weather[CALL_ID]Xk29dLqp0[ARGS]{"city": "Oslo", "unit": "c"}[TOOL_CALLS]get_time[CALL_ID]b7ZtR4m1c[ARGS]{"zone": "Europe/Oslo"}',
  types:
    '[TOOL_CALLS]set_all[CALL_ID]Xk29dLqp0[ARGS]{"s": "x", "i": 3, "n": -2.5, "t": true, "z": null, "l": [1, [2]], "o": {"k": {}}, "e": ""}',
  empty: '[TOOL_CALLS]ping[CALL_ID]Xk29dLqp0[ARGS]{}',
  around:
    'Let me look.\n[TOOL_CALLS]get_weather[CALL_ID]Xk29dLqp0[ARGS]{"city": "Oslo", "unit": "c"}\nDone.',
  escaped:
    '[TOOL_CALLS]say[CALL_ID]Xk29dLqp0[ARGS]{"text": "He said \\"hi\\"\\n\\\\ \\u00e9 😀 [ARGS]"}',
  markInString: '[ARGS]',
  malformed: '[TOOL_CALLS]get_weather[CALL_ID]Xk29dLqp0[ARGS]{"city": \'Oslo\'}',
  cutOff: '[TOOL_CALLS]get_weather[CALL_ID]Xk29dLqp0[ARGS]{"city": "Os',
  reasoning: {
    output:
      '[THINK]Perhaps [TOOL_CALLS]get_weather[CALL_ID]Xk29dLqp0[ARGS]{"city": "Oslo", "unit": "c"}?[/THINK][TOOL_CALLS]get_weather[CALL_ID]Xk29dLqp0[ARGS]{"city": "Oslo", "unit": "c"}',
    thought:
      'Perhaps [TOOL_CALLS]get_weather[CALL_ID]Xk29dLqp0[ARGS]{"city": "Oslo", "unit": "c"}?',
  },
}
