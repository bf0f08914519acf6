import { BARE, F_OPEN, PING, TAGGED, XLAM, ping, type RecordedOutput } from './recorded-output.ts'

/** Outputs that end too early. */
export const CUT_OFF_OUTPUTS: readonly RecordedOutput[] = [
  {
    name: 'in a string of the arguments',
    formats: BARE,
    output: `Ok [${F_OPEN}{"a": "x`,
    parts: ['Ok', { cutOff: 'f', argumentsText: '{"a": "x' }],
  },
  {
    name: 'in an escape',
    formats: BARE,
    output: `[${F_OPEN}{"a": "\\u00`,
    parts: [{ cutOff: 'f', argumentsText: '{"a": "\\u00' }],
  },
  {
    name: 'after the arguments',
    formats: BARE,
    output: `[${F_OPEN}{"a": 1} `,
    parts: [{ cutOff: 'f', argumentsText: '{"a": 1}' }],
  },
  {
    name: 'in a number',
    formats: BARE,
    output: `${F_OPEN}12`,
    parts: [{ cutOff: 'f', argumentsText: '12' }],
  },
  {
    name: 'before the arguments',
    formats: BARE,
    output: '[{"name": "f", "argu',
    parts: [{ cutOff: 'f' }],
  },
  {
    name: 'in the name',
    formats: BARE,
    output: 'Ok.\n[{"name": "get_w',
    parts: ['Ok.', { cutOff: null }],
  },
  { name: 'in the name key', formats: BARE, output: '[{"na', parts: [{ cutOff: null }] },
  {
    name: 'in the name of a lone object',
    formats: BARE,
    output: '{"name": "get_w',
    parts: [{ cutOff: null }],
  },
  {
    name: 'a name in prose may be anything',
    formats: BARE,
    output: 'I say {"name": "get_w',
    parts: ['I say {"name": "get_w'],
  },
  {
    name: 'in the second call',
    formats: BARE,
    output: `[${PING}, {"na`,
    parts: [ping, { cutOff: null }],
  },
  { name: 'between two calls', formats: BARE, output: `[${PING}, `, parts: [ping] },
  {
    name: 'in a tag',
    formats: TAGGED,
    output: `<tool_call>\n${F_OPEN}{"a": `,
    parts: [{ cutOff: 'f', argumentsText: '{"a": ' }],
  },
  {
    name: 'after an opening tag',
    formats: TAGGED,
    output: 'Ok <tool_call>\n',
    parts: ['Ok', { cutOff: null }],
  },
  { name: 'in an opening tag', formats: TAGGED, output: 'Ok <tool_c', parts: ['Ok'] },
  {
    name: 'in a fence',
    formats: BARE,
    output: `\`\`\`json\n[${F_OPEN}{`,
    parts: [{ cutOff: 'f', argumentsText: '{' }],
  },
  { name: 'after a prefix', formats: XLAM, output: '[TOOL_CALLS] [', parts: [{ cutOff: null }] },
  {
    name: 'arguments without a name yet',
    formats: BARE,
    output: '[{"arguments": {"a": 1}, "na',
    parts: [{ cutOff: null }],
  },
]
