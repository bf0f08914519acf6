import {
  ALL,
  BARE,
  HERMES,
  LLAMA,
  PING,
  TAGGED,
  XLAM,
  ping,
  type RecordedOutput,
} from './recorded-output.ts'

const NO_CALL: readonly RecordedOutput[] = [
  { name: 'an empty output', formats: ALL, output: '', parts: [] },
  {
    name: 'plain prose, exactly',
    formats: ALL,
    output: ' None of the tools fits.\n\nWhich city do you mean?\n',
    parts: [' None of the tools fits.\n\nWhich city do you mean?\n'],
  },
  { name: 'the empty list', formats: XLAM, output: '[]', parts: [] },
  { name: 'the empty list, spread out', formats: XLAM, output: ' [\n]\n', parts: [] },
  {
    name: 'the empty list before a text',
    formats: XLAM,
    output: '[]\n\nNo tool fits.',
    parts: ['No tool fits.'],
  },
  { name: 'the empty list in a fence', formats: XLAM, output: '```json\n[]\n```', parts: [] },
  {
    name: 'the empty list in a tag',
    formats: TAGGED,
    output: '<tool_call>[]</tool_call>',
    parts: [],
  },
  {
    name: 'an empty list in prose',
    formats: ALL,
    output: 'In JSON, [] is empty.',
    parts: ['In JSON, [] is empty.'],
  },
  {
    name: 'prose that begins with brackets',
    formats: ALL,
    output: '[] and {} differ.',
    parts: ['[] and {} differ.'],
  },
  {
    name: 'brackets, braces, links and citations in prose',
    formats: ALL,
    output:
      'See [1], [2, 3] and [the docs](https://x.y/[z]); {"answer": 42} or {x | x > 0}, `a[i]`; end {',
    parts: [
      'See [1], [2, 3] and [the docs](https://x.y/[z]); {"answer": 42} or {x | x > 0}, `a[i]`; end {',
    ],
  },
  {
    name: 'a JSON answer with keys of its own',
    formats: ALL,
    output:
      '[{"id": 1, "title": "A", "next": {"name": "x", "arguments": {}}}, {"name": "y", "arguments": {}}]',
    parts: [
      '[{"id": 1, "title": "A", "next": {"name": "x", "arguments": {}}}, {"name": "y", "arguments": {}}]',
    ],
  },
  {
    name: 'a call in a list of other things',
    formats: ALL,
    output: 'As in ["a", {"name": "f", "arguments": {}}] here',
    parts: ['As in ["a", {"name": "f", "arguments": {}}] here'],
  },
  {
    name: 'a closing tag without an opening one or a call',
    formats: ALL,
    output: 'A </tool_call> alone.',
    parts: ['A </tool_call> alone.'],
  },
  {
    name: 'an object with a name in prose',
    formats: ALL,
    output: 'A user is {"name": "Ann"}.',
    parts: ['A user is {"name": "Ann"}.'],
  },
  {
    name: 'a code fence with other code',
    formats: ALL,
    output: 'Like so:\n\n```python\ncalls = [{"name": "f", "arguments": {}}]\n```\nThat is all.',
    parts: ['Like so:\n\n```python\ncalls = [{"name": "f", "arguments": {}}]\n```\nThat is all.'],
  },
  {
    name: 'a JSON fence that holds no call',
    formats: ALL,
    output: '```json\n[{"city": "Rome", "tags": ["a", {"name": "f", "arguments": {}}]}]\n```\n',
    parts: ['```json\n[{"city": "Rome", "tags": ["a", {"name": "f", "arguments": {}}]}]\n```\n'],
  },
  {
    name: 'a call in inline code is talked about',
    formats: BARE,
    output: 'Write `[{"name": "f", "arguments": {}}]` or `{"name": "f", "arguments": {}}`.',
    parts: ['Write `[{"name": "f", "arguments": {}}]` or `{"name": "f", "arguments": {}}`.'],
  },
  {
    name: 'tags that are talked about',
    formats: ALL,
    output:
      'The <tool_call> tag, "<tool_call>" or `<tool_call>`, ends with `</tool_call>` and </b>. 1 < 2',
    parts: [
      'The <tool_call> tag, "<tool_call>" or `<tool_call>`, ends with `</tool_call>` and </b>. 1 < 2',
    ],
  },
  {
    name: 'another format: JSON without tags',
    formats: HERMES,
    output: `[${PING}]`,
    parts: [`[${PING}]`],
  },
  { name: 'another format: tags', formats: LLAMA, output: '<tool_call>', parts: ['<tool_call>'] },
  {
    name: 'a built-in call of Llama',
    formats: LLAMA,
    output: '<|python_tag|>import math',
    parts: ['import math'],
  },
  {
    name: 'what only begins like markup',
    formats: ALL,
    output: 'a <to and [TOOL and ``',
    parts: ['a <to and [TOOL and ``'],
  },
]

const REASONING: readonly RecordedOutput[] = [
  {
    name: 'reasoning, then a call',
    formats: BARE,
    output: `<think>\nIs [{"name": "f", "arguments": {}}] right? No.\n</think>\n\n[${PING}]`,
    parts: [{ reasoning: 'Is [{"name": "f", "arguments": {}}] right? No.' }, ping],
  },
  {
    name: 'reasoning with a tag in it',
    formats: ALL,
    output: '<think>Perhaps <tool_call>{"name": "f", "arguments": {}}</tool_call>?</think>No.',
    parts: [{ reasoning: 'Perhaps <tool_call>{"name": "f", "arguments": {}}</tool_call>?' }, 'No.'],
  },
  {
    name: 'reasoning that the prompt began',
    formats: ALL,
    output: '\nHm.\n</think>\nHello',
    startsInReasoning: true,
    parts: [{ reasoning: 'Hm.' }, 'Hello'],
  },
  {
    name: 'reasoning that the prompt and the model began',
    formats: ALL,
    output: '<think>\nHm <think>.</think>Hello',
    startsInReasoning: true,
    parts: [{ reasoning: 'Hm <think>.' }, 'Hello'],
  },
  {
    name: 'reasoning without an end',
    formats: ALL,
    output: `<think>So [${PING}] </thi`,
    parts: [{ reasoning: `So [${PING}] </thi` }],
  },
  {
    name: 'an end of reasoning without a beginning',
    formats: XLAM,
    output: `Hm.\n</think>\n[${PING}]`,
    parts: ['Hm.', ping],
  },
  {
    name: 'empty reasoning',
    formats: TAGGED,
    output: `<think>\n\n</think>\n\n<tool_call>${PING}</tool_call>`,
    parts: [ping],
  },
]

/** No call, and reasoning. */
export const PROSE_OUTPUTS: readonly RecordedOutput[] = [...NO_CALL, ...REASONING]
