import {
  BARE,
  DNS,
  F_OPEN,
  PING,
  TAGGED,
  XLAM,
  dns,
  ping,
  type RecordedOutput,
} from './recorded-output.ts'

/** Calls that cannot be read. */
export const MALFORMED_OUTPUTS: readonly RecordedOutput[] = [
  {
    name: 'a Python literal',
    formats: BARE,
    output: `[${F_OPEN}{"a": True}}]`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: 'True}}]',
        expected: 'a JSON value',
        found: '"True"',
        span: `${F_OPEN}{"a": True}}]`,
      },
    ],
  },
  {
    name: 'an unquoted key, up to the closing tag',
    formats: TAGGED,
    output: `Ok <tool_call>${F_OPEN}{a: 1}} \n</tool_call> bye`,
    parts: [
      'Ok',
      {
        invalid: 'f',
        kind: 'syntax',
        at: 'a: 1}}',
        expected: 'a double-quoted key or "}"',
        found: '"a"',
        span: `${F_OPEN}{a: 1}}`,
      },
      'bye',
    ],
  },
  {
    name: 'single quotes, up to the closing fence',
    formats: BARE,
    output: `\`\`\`json\n[${F_OPEN}{'a': 1}}]\n\`\`\`\nbye`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: "'a'",
        expected: 'a double-quoted key or "}"',
        found: `"'"`,
        span: `${F_OPEN}{'a': 1}}]`,
      },
      'bye',
    ],
  },
  {
    name: 'single quotes from the beginning',
    formats: BARE,
    output: "[{'name': 'f', 'arguments': {}}]",
    parts: [
      {
        invalid: null,
        kind: 'syntax',
        at: "'name'",
        found: `"'"`,
        span: "{'name': 'f', 'arguments': {}}]",
      },
    ],
  },
  {
    name: 'a trailing comma in the arguments',
    formats: TAGGED,
    output: `<tool_call>${F_OPEN}{"a": 1,}}</tool_call>`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: '}}</tool',
        expected: 'a double-quoted key',
        found: '"}"',
        span: `${F_OPEN}{"a": 1,}}`,
      },
    ],
  },
  {
    name: 'a missing brace',
    formats: TAGGED,
    output: `<tool_call>${F_OPEN}{"a": 1}</tool_call>x`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: '</tool_call>x',
        expected: '"," or "}"',
        found: '"</tool_call>"',
        span: `${F_OPEN}{"a": 1}`,
      },
      'x',
    ],
  },
  {
    name: 'a line break in a string',
    formats: TAGGED,
    output: `<tool_call>${F_OPEN}{"a": "x\ny"}}</tool_call>`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: '\ny"',
        found: 'a line break',
        span: `${F_OPEN}{"a": "x\ny"}}`,
      },
    ],
  },
  {
    name: 'a control character in a string',
    formats: BARE,
    output: `[${F_OPEN}{"a": "x\u0001y"}}]`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: '\u0001y',
        found: 'a control character (U+0001)',
        span: `${F_OPEN}{"a": "x\u0001y"}}]`,
      },
    ],
  },
  {
    name: 'a bad escape',
    formats: BARE,
    output: `[${F_OPEN}{"a": "C:\\x41"}}]`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: 'x41',
        expected: 'one of " \\ / b f n r t u after the backslash',
        found: '"x"',
        span: `${F_OPEN}{"a": "C:\\x41"}}]`,
      },
    ],
  },
  {
    name: 'a bad Unicode escape',
    formats: BARE,
    output: `[${F_OPEN}{"a": "\\u12😀"}}]`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: '😀',
        expected: 'four hexadecimal digits after \\u',
        found: '"😀"',
        span: `${F_OPEN}{"a": "\\u12😀"}}]`,
      },
    ],
  },
  {
    name: 'a leading zero',
    formats: BARE,
    output: `[${F_OPEN}{"a": 01}}]`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: '1}}]',
        expected: '"," or "}"',
        found: '"1"',
        span: `${F_OPEN}{"a": 01}}]`,
      },
    ],
  },
  {
    name: 'a call that breaks after a good one',
    formats: BARE,
    output: `[${PING}, {"name": "g", "arguments": {"a" 1}}]\nSo.`,
    parts: [
      ping,
      {
        invalid: 'g',
        kind: 'syntax',
        at: '1}}]',
        expected: '":"',
        found: '"1"',
        span: '{"name": "g", "arguments": {"a" 1}}]\nSo.',
      },
    ],
  },
  {
    name: 'one brace too many',
    formats: BARE,
    output: `[${PING}}]`,
    parts: [
      ping,
      { invalid: null, kind: 'syntax', at: '}]', expected: '"," or "]"', found: '"}"', span: '}]' },
    ],
  },
  {
    name: 'one brace too many in a tag, and a good one after it',
    formats: TAGGED,
    output: `<tool_call>${PING}}</tool_call><tool_call>${DNS}</tool_call>`,
    parts: [
      ping,
      {
        invalid: null,
        kind: 'syntax',
        at: '}</tool',
        expected: '"</tool_call>"',
        found: '"}"',
        span: '}',
      },
      dns,
    ],
  },
  {
    name: 'a list element that is no call',
    formats: BARE,
    output: `[${PING}, "ping"]`,
    parts: [
      ping,
      {
        invalid: null,
        kind: 'syntax',
        at: '"ping"',
        expected: 'an object, "{"',
        found: 'a double quote',
        span: '"ping"]',
      },
    ],
  },
  {
    name: 'a tag around something else',
    formats: TAGGED,
    output: '<tool_call>\nping_host(host="x")\n</tool_call> ok',
    parts: [
      {
        invalid: null,
        kind: 'syntax',
        at: 'ping_host(',
        expected: 'a call, "{" or "["',
        found: '"ping_host"',
        span: 'ping_host(host="x")',
      },
      'ok',
    ],
  },
  {
    name: 'an empty tag',
    formats: TAGGED,
    output: 'a <tool_call></tool_call> b',
    parts: [
      'a',
      { invalid: null, kind: 'syntax', at: '</tool_call> b', found: '"</tool_call>"', span: '' },
      'b',
    ],
  },
  {
    name: 'a broken tag that the next one ends',
    formats: TAGGED,
    output: `<tool_call>{"name" <tool_call>${PING}</tool_call>`,
    parts: [
      {
        invalid: null,
        kind: 'syntax',
        at: '<tool_call>{"name": "ping',
        found: '"<tool_call>"',
        span: '{"name"',
      },
      ping,
    ],
  },
  {
    name: 'arguments that the next tag ends',
    formats: TAGGED,
    output: `<tool_call>${F_OPEN}{"a": <tool_call>${PING}</tool_call>`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: '<tool_call>',
        found: '"<tool_call>"',
        span: `${F_OPEN}{"a": `,
      },
      ping,
    ],
  },
  {
    name: 'a prefix with something else behind it',
    formats: XLAM,
    output: '[TOOL_CALLS]ping_host[ARGS]{}',
    parts: [
      {
        invalid: null,
        kind: 'syntax',
        at: 'ping_host',
        found: '"ping_host"',
        span: 'ping_host[ARGS]{}',
      },
    ],
  },
  {
    name: 'no arguments',
    formats: BARE,
    output: '[{"name": "f"}, {"name": "g", "arguments": {}}]',
    parts: [
      { invalid: 'f', kind: 'missing-arguments', at: '}, {"name": "g"', span: '{"name": "f"}' },
      { call: 'g', arguments: {} },
    ],
  },
  {
    name: 'no arguments in a tag',
    formats: TAGGED,
    output: 'Hi <tool_call>{"name": "f"}</tool_call>',
    parts: [
      'Hi',
      { invalid: 'f', kind: 'missing-arguments', at: '}</tool', span: '{"name": "f"}' },
    ],
  },
  {
    name: 'no name in a tag',
    formats: TAGGED,
    output: '<tool_call>{"function": "f", "arguments": {}}</tool_call>',
    parts: [
      {
        invalid: null,
        kind: 'missing-name',
        at: '}</tool',
        span: '{"function": "f", "arguments": {}}',
      },
    ],
  },
  {
    name: 'a name that is no string',
    formats: TAGGED,
    output: '<tool_call>{"name": 5, "arguments": {}}</tool_call>',
    parts: [
      {
        invalid: null,
        kind: 'syntax',
        at: '5, ',
        expected: 'the name as a string',
        found: '"5"',
        span: '{"name": 5, "arguments": {}}',
      },
    ],
  },
  {
    name: 'nesting without end',
    formats: BARE,
    output: `[${F_OPEN}${'['.repeat(1000)}`,
    parts: [
      {
        invalid: 'f',
        kind: 'syntax',
        at: '[[',
        expected: 'at most 1000 levels of nesting',
        found: '"["',
        span: `${F_OPEN}${'['.repeat(1000)}`,
      },
    ],
  },
]
