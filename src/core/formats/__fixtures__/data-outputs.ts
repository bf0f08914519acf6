import { BARE, TAGGED, XLAM, type RecordedOutput } from './recorded-output.ts'

const TYPES_ARGUMENTS =
  '{"s": "x", "i": 3, "n": -2.5e+3, "t": true, "f": false, "z": null, "l": [1, [2, {"k": []}]], "o": {"p": {"q": {"r": {}}}}, "e": ""}'

const DATA: readonly RecordedOutput[] = [
  {
    name: 'every data type, deeply nested',
    formats: BARE,
    output: `[{"name": "f", "arguments": ${TYPES_ARGUMENTS}}]`,
    parts: [
      {
        call: 'f',
        arguments: {
          s: 'x',
          i: 3,
          n: -2500,
          t: true,
          f: false,
          z: null,
          l: [1, [2, { k: [] }]],
          o: { p: { q: { r: {} } } },
          e: '',
        },
      },
    ],
  },
  {
    name: 'empty arguments',
    formats: BARE,
    output: '[{"name": "f", "arguments": {}}]',
    parts: [{ call: 'f', arguments: {} }],
  },
  {
    name: 'empty arguments in a tag',
    formats: TAGGED,
    output: '<tool_call>{"name": "f", "arguments": { }}</tool_call>',
    parts: [{ call: 'f', arguments: {} }],
  },
  ...(['5', '0', '-1.5', 'null', 'true', '[1]', '"text"', '""'] as const).map(
    (value): RecordedOutput => ({
      name: `arguments that are no object: ${value}`,
      formats: BARE,
      output: `{"name": "f", "arguments": ${value}}`,
      parts: [{ call: 'f', arguments: JSON.parse(value) }],
    }),
  ),
  {
    name: 'escapes',
    formats: BARE,
    output: String.raw`[{"name": "say\u005fit", "arguments": {"a\"b": "\"[{]}\" \\ \/ \n\t \u00e9 \ud83d\ude00", "c": "</tool_call> ${'```'} <think>"}}]`,
    parts: [
      {
        call: 'say_it',
        arguments: { 'a"b': '"[{]}" \\ / \n\t é 😀', c: '</tool_call> ``` <think>' },
      },
    ],
  },
  {
    name: 'markup in the strings of a tag',
    formats: TAGGED,
    output:
      '<tool_call>{"name": "f", "arguments": {"html": "<tool_call></tool_call>"}}</tool_call>',
    parts: [{ call: 'f', arguments: { html: '<tool_call></tool_call>' } }],
  },
  {
    name: 'every script',
    formats: BARE,
    output: 'Voilà 🌦️ [{"name": "météo", "arguments": {"ville": "Zürich 東京 👩‍🚀"}}] 完了',
    parts: ['Voilà 🌦️', { call: 'météo', arguments: { ville: 'Zürich 東京 👩‍🚀' } }, '完了'],
  },
  {
    name: 'arguments in a string',
    formats: BARE,
    output: String.raw`[{"name": "f", "arguments": "{\"a\": [1, \"x\\n\"]}"}]`,
    parts: [{ call: 'f', arguments: { a: [1, 'x\n'] } }],
  },
  {
    name: 'a string that only looks like arguments',
    formats: BARE,
    output: String.raw`[{"name": "f", "arguments": "{\"a\": 1} and"}]`,
    parts: [{ call: 'f', arguments: '{"a": 1} and' }],
  },
]

const WEATHER = (city: string) =>
  `{"name": "get_weather", "arguments": {"city": "${city}", "unit": "c"}}`
const weather = (city: string) => ({ call: 'get_weather', arguments: { city, unit: 'c' } })

/** The situations of vLLM's tests of its xLAM parser, with data of our own. */
const VLLM: readonly RecordedOutput[] = [
  {
    name: 'vLLM: no tools',
    formats: XLAM,
    output: 'This text calls nothing.',
    parts: ['This text calls nothing.'],
  },
  {
    name: 'vLLM: parallel calls',
    formats: XLAM,
    output: `[${WEATHER('Oslo')}, ${WEATHER('Bergen')}]`,
    parts: [weather('Oslo'), weather('Bergen')],
  },
  {
    name: 'vLLM: thinking, then the list',
    formats: XLAM,
    output: `<think>Oslo it is.</think>[${WEATHER('Oslo')}]`,
    parts: [{ reasoning: 'Oslo it is.' }, weather('Oslo')],
  },
  {
    name: 'vLLM: text and a fence',
    formats: XLAM,
    output: `I look it up.\n\`\`\`json\n[${WEATHER('Oslo')}]\n\`\`\``,
    parts: ['I look it up.', weather('Oslo')],
  },
  {
    name: 'vLLM: text and the prefix',
    formats: XLAM,
    output: `I look it up.\n[TOOL_CALLS][${WEATHER('Oslo')}]`,
    parts: ['I look it up.', weather('Oslo')],
  },
  {
    name: 'vLLM: text and a tag',
    formats: XLAM,
    output: `I look it up.\n<tool_call>[${WEATHER('Oslo')}]</tool_call>`,
    parts: ['I look it up.', weather('Oslo')],
  },
  {
    name: 'vLLM: a list alone',
    formats: XLAM,
    output: `[${WEATHER('Oslo')}]`,
    parts: [weather('Oslo')],
  },
  {
    name: 'vLLM: long thinking over lines',
    formats: XLAM,
    output: `<think>\nFirst,\nthen.\n</think>\n[${WEATHER('Oslo')}]`,
    parts: [{ reasoning: 'First,\nthen.' }, weather('Oslo')],
  },
  {
    name: 'vLLM: a fence alone',
    formats: XLAM,
    output: `\`\`\`json\n[${WEATHER('Oslo')}]\n\`\`\``,
    parts: [weather('Oslo')],
  },
  {
    name: 'vLLM: a prefix over several lines',
    formats: XLAM,
    output: `[TOOL_CALLS]\n[\n  ${WEATHER('Oslo')}\n]`,
    parts: [weather('Oslo')],
  },
]

/** Arguments of every type, and the situations of vLLM's tests. */
export const DATA_OUTPUTS: readonly RecordedOutput[] = [...DATA, ...VLLM]
