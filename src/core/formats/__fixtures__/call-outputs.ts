import {
  BARE,
  DNS,
  LLAMA,
  PING,
  TAGGED,
  XLAM,
  dns,
  ping,
  type RecordedOutput,
} from './recorded-output.ts'

const SINGLE: readonly RecordedOutput[] = [
  { name: 'an array of one', formats: BARE, output: `[${PING}]`, parts: [ping] },
  { name: 'an object', formats: BARE, output: PING, parts: [ping] },
  { name: 'a tag', formats: TAGGED, output: `<tool_call>\n${PING}\n</tool_call>`, parts: [ping] },
  {
    name: 'a tag around an array',
    formats: TAGGED,
    output: `<tool_call>[${PING}]</tool_call>`,
    parts: [ping],
  },
  {
    name: 'a last tag that is not closed',
    formats: TAGGED,
    output: `<tool_call>\n${PING}\n`,
    parts: [ping],
  },
  {
    name: 'a closing tag cut off',
    formats: TAGGED,
    output: `<tool_call>\n${PING}\n</tool`,
    parts: [ping],
  },
  { name: 'a JSON fence', formats: BARE, output: `\`\`\`json\n[${PING}]\n\`\`\``, parts: [ping] },
  {
    name: 'a bare fence around an object',
    formats: BARE,
    output: `\`\`\`\n${PING}\n\`\`\``,
    parts: [ping],
  },
  { name: 'a fence on one line', formats: BARE, output: `\`\`\`[${PING}]\`\`\``, parts: [ping] },
  {
    name: 'a closing fence cut off',
    formats: BARE,
    output: `\`\`\`json\n[${PING}]\n\`\``,
    parts: [ping],
  },
  {
    name: 'a tag in a fence',
    formats: XLAM,
    output: `\`\`\`\n<tool_call>${PING}</tool_call>\n\`\`\``,
    parts: [ping],
  },
  { name: 'a TOOL_CALLS prefix', formats: XLAM, output: `[TOOL_CALLS] [${PING}]`, parts: [ping] },
  { name: 'a python tag', formats: LLAMA, output: `<|python_tag|>${PING}`, parts: [ping] },
  {
    name: 'parameters for arguments',
    formats: BARE,
    output: '{"name": "ping_host", "parameters": {"host": "example.com"}}',
    parts: [ping],
  },
  {
    name: 'arguments before the name, with id and type',
    formats: BARE,
    output:
      '[{"id": "call_1", "arguments": {"host": "example.com"}, "type": "function", "name": "ping_host"}]',
    parts: [ping],
  },
  {
    name: 'further keys once it is a call',
    formats: BARE,
    output:
      '[{"name": "ping_host", "arguments": {"host": "example.com"}, "confidence": [1, {"a": 2}]}]',
    parts: [ping],
  },
  {
    name: 'any keys in a tag',
    formats: TAGGED,
    output:
      '<tool_call>{"why": {"name": 1}, "name": "ping_host", "arguments": {"host": "example.com"}}</tool_call>',
    parts: [ping],
  },
  {
    name: 'the first of equal keys counts',
    formats: BARE,
    output:
      '[{"name": "ping_host", "name": "x", "arguments": {"host": "example.com"}, "parameters": 1}]',
    parts: [ping],
  },
]

const PARALLEL: readonly RecordedOutput[] = [
  { name: 'two in an array', formats: BARE, output: `[${PING}, ${DNS}]`, parts: [ping, dns] },
  {
    name: 'two in an array on lines',
    formats: BARE,
    output: `[\n  ${PING},\n  ${DNS}\n]\n`,
    parts: [ping, dns],
  },
  {
    name: 'objects with semicolons',
    formats: BARE,
    output: `${PING}; ${DNS};`,
    parts: [ping, dns],
  },
  { name: 'objects on lines', formats: BARE, output: `${PING}\n${DNS}`, parts: [ping, dns] },
  { name: 'objects with commas', formats: BARE, output: `${PING}, ${DNS}`, parts: [ping, dns] },
  {
    name: 'arrays one after the other',
    formats: BARE,
    output: `[${PING}]\n[${DNS}]`,
    parts: [ping, dns],
  },
  {
    name: 'objects in a fence',
    formats: BARE,
    output: `\`\`\`json\n${PING}\n${DNS}\n\`\`\``,
    parts: [ping, dns],
  },
  {
    name: 'two fences',
    formats: BARE,
    output: `\`\`\`json\n${PING}\n\`\`\`\n\n\`\`\`json\n${DNS}\n\`\`\``,
    parts: [ping, dns],
  },
  {
    name: 'two tags',
    formats: TAGGED,
    output: `<tool_call>\n${PING}\n</tool_call>\n<tool_call>\n${DNS}\n</tool_call>`,
    parts: [ping, dns],
  },
  {
    name: 'a tag that the next one ends',
    formats: TAGGED,
    output: `<tool_call>${PING}<tool_call>${DNS}`,
    parts: [ping, dns],
  },
  {
    name: 'two in one tag',
    formats: TAGGED,
    output: `<tool_call>\n${PING}\n${DNS}\n</tool_call>`,
    parts: [ping, dns],
  },
  {
    name: 'objects after a python tag',
    formats: LLAMA,
    output: `<|python_tag|>${PING}; ${DNS}`,
    parts: [ping, dns],
  },
]

const AROUND: readonly RecordedOutput[] = [
  {
    name: 'text before',
    formats: BARE,
    output: `Let me check.\n\n[${PING}]`,
    parts: ['Let me check.', ping],
  },
  {
    name: 'text after',
    formats: BARE,
    output: `[${PING}] Done, I think.`,
    parts: [ping, 'Done, I think.'],
  },
  {
    name: 'text on both sides and between',
    formats: BARE,
    output: `First: ${PING} then [${DNS}], and that is it.`,
    parts: ['First:', ping, 'then', dns, ', and that is it.'],
  },
  {
    name: 'text around a fence',
    formats: BARE,
    output: `Sure!\n\`\`\`json\n[${PING}]\n\`\`\`\nI wait [1].\n`,
    parts: ['Sure!', ping, 'I wait [1].\n'],
  },
  {
    name: 'text in the fence, after the call',
    formats: BARE,
    output: `\`\`\`json\n[${PING}]\n# pings\n\`\`\`\nOk`,
    parts: [ping, '# pings', 'Ok'],
  },
  {
    name: 'text around tags',
    formats: TAGGED,
    output: `On it. <tool_call>${PING}</tool_call> And\n<tool_call>\n${DNS}\n</tool_call>\nDone`,
    parts: ['On it.', ping, 'And', dns, 'Done'],
  },
  {
    name: 'text after a tag that is not closed',
    formats: TAGGED,
    output: `<tool_call>${PING}\nI have asked.\n</tool_call> Ok`,
    parts: [ping, 'I have asked.', 'Ok'],
  },
  {
    name: 'a call after a JSON answer',
    formats: BARE,
    output: `{"answer": [42, {}]} [${PING}]`,
    parts: ['{"answer": [42, {}]}', ping],
  },
  {
    name: 'a semicolon that belongs to the prose',
    formats: BARE,
    output: `${PING}; then we see {"a": 1}`,
    parts: [ping, '; then we see {"a": 1}'],
  },
  {
    name: 'a closing tag without its opening one',
    formats: TAGGED,
    output: `<tool_call>${PING}</tool_call></tool_call>`,
    parts: [ping],
  },
]

/** Well-formed calls in every wrapping, alone, in parallel and with text around them. */
export const CALL_OUTPUTS: readonly RecordedOutput[] = [...SINGLE, ...PARALLEL, ...AROUND]
