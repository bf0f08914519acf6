import type { FormatId } from '../format.ts'
import type { Tool } from '../../tools/tool.ts'
import type { ExpectedPart } from './recorded-output.ts'

/** The tool of the tables: one argument of each type, and one of two. */
export const EVERY_TYPE: Tool = {
  name: 'every_type',
  description: 'Takes everything',
  parameters: {
    type: 'object',
    properties: {
      text: { type: 'string' },
      count: { type: 'integer' },
      ratio: { type: 'number' },
      flag: { type: 'boolean' },
      nothing: { type: 'null' },
      list: { type: 'array' },
      object: { $ref: '#/$defs/Anything' },
      maybe: { type: ['string', 'null'] },
      choice: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
    },
    $defs: { Anything: { type: 'object' } },
  },
  definition: {},
}

export const PING: Tool = {
  name: 'ping_host',
  description: 'Pings',
  parameters: { type: 'object', properties: { host: { type: 'string' } } },
  definition: {},
}

export const TOOLS: readonly Tool[] = [EVERY_TYPE, PING]

/** What each format writes for the same things; the themes of the matrix that vLLM's suite runs over every parser. */
export type Themes = {
  /** A text answer that only looks a little like the format. */
  readonly noCall: string
  /** ping_host with host example.com. */
  readonly single: string
  /** The same, then every_type with count 1. */
  readonly parallel: string
  /** every_type with `DATA_TYPES`. */
  readonly dataTypes: string
  /** ping_host without arguments. */
  readonly emptyArguments: string
  /** every_type with the text `ESCAPED`. */
  readonly escapedStrings: string
  /** ping_host that breaks, and what is said of it. */
  readonly malformed: readonly Malformed[]
  /** Cut off inside the first argument of ping_host. */
  readonly cutOff: string
}

export type Malformed = {
  readonly output: string
  readonly part: Extract<ExpectedPart, { readonly invalid: string | null }>
  readonly rest?: readonly ExpectedPart[]
}

export const DATA_TYPES = {
  text: '5',
  count: 5,
  ratio: -1.5e3,
  flag: true,
  nothing: null,
  list: [1, 'a', [false]],
  object: { a: { b: [null] } },
  maybe: 'null and void',
  choice: 7,
} as const

export const ESCAPED = 'He said "hi"\n\tC:\\dir 5 < 6 & \'x\' é😀'

const PYTHON_ESCAPED = String.raw`every_type(text="He said \"hi\"\n\tC:\\dir 5 < 6 & 'x' \u00e9\U0001F600")`
const PYTHON_TYPES =
  'every_type(text="5", count=5, ratio=-1.5e3, flag=True, nothing=None, list=[1, \'a\', (False,)], object={"a": {"b": [None,]}}, maybe="null and void", choice=7)'

function python(
  wrap: (calls: readonly string[]) => string,
  malformed: readonly Malformed[],
  noCall: string,
): Themes {
  return {
    noCall,
    single: wrap(['ping_host(host="example.com")']),
    parallel: wrap(["ping_host(host='example.com')", 'every_type( count = 1 )']),
    dataTypes: wrap([PYTHON_TYPES]),
    emptyArguments: wrap(['ping_host()']),
    escapedStrings: wrap([PYTHON_ESCAPED]),
    malformed,
    cutOff: wrap(['ping_host(host="example.com")']).replace(/ample\.com.*$/s, ''),
  }
}

const positional = (output: string, span: string, rest: readonly ExpectedPart[] = []) => ({
  output,
  part: {
    invalid: 'ping_host',
    kind: 'syntax' as const,
    at: '"example.com")',
    expected: 'the name of an argument and "=" before its value',
    found: 'a double quote',
    span,
  },
  rest,
})

const unquoted = (output: string, span: string) => ({
  output,
  part: {
    invalid: 'ping_host',
    kind: 'syntax' as const,
    at: 'example',
    expected: 'a value: text in quotes, a number, True, False or None',
    found: '"example"',
    span,
  },
})

const bareList = (calls: readonly string[]) => `[${calls.join(', ')}]`
const PYTHON_PROSE =
  'See [1], [a](b), [x] and f(x), or [f(x) for x in y]; `[f(a=1)]` is code. The set (a=1).'

export const THEMES: Readonly<Partial<Record<FormatId, Themes>>> = {
  pythonic: python(
    bareList,
    [
      positional('[ping_host("example.com")]', 'ping_host("example.com")]'),
      unquoted('[ping_host(host=example)]', 'ping_host(host=example)]'),
      {
        output: '[ping_host(host="a\nb")]',
        part: {
          invalid: 'ping_host',
          kind: 'syntax',
          at: '\nb',
          found: 'a line break',
          span: 'ping_host(host="a\nb")]',
        },
      },
    ],
    PYTHON_PROSE,
  ),
  'llama4-pythonic': python(
    (calls) => `<|python_start|>${bareList(calls)}<|python_end|>`,
    [
      unquoted(
        '<|python_start|>[ping_host(host=example)]<|python_end|>',
        'ping_host(host=example)]',
      ),
    ],
    PYTHON_PROSE,
  ),
  lfm2: python(
    (calls) => `<|tool_call_start|>${bareList(calls)}<|tool_call_end|>`,
    [
      positional(
        '<|tool_call_start|>[ping_host("example.com")]<|tool_call_end|>Ok',
        'ping_host("example.com")]',
        ['Ok'],
      ),
      {
        output: '<|tool_call_start|>None<|tool_call_end|>',
        part: {
          invalid: null,
          kind: 'syntax',
          at: '<|tool_call_end|>',
          expected: '"(" after the name of the tool',
          span: 'None',
        },
      },
    ],
    'The token <|tool_call_start|>, as in [ping_host(host="x")], begins a call.',
  ),
  'smollm3-python': python(
    (calls) => `<code>${calls.join('\n')}</code>`,
    [unquoted('<code>ping_host(host=example)</code>', 'ping_host(host=example)')],
    'Use <code>x = 5</code> or <code>print(x)</code> and <b>f(a=1)</b>.',
  ),
  'qwen3-coder': {
    noCall: 'The <tool_call> tag holds `<function=name>`; 1 < 2 and </b>.',
    single:
      '<tool_call>\n<function=ping_host>\n<parameter=host>\nexample.com\n</parameter>\n</function>\n</tool_call>',
    parallel:
      '<tool_call>\n<function=ping_host>\n<parameter=host>\nexample.com\n</parameter>\n</function>\n</tool_call>\n<tool_call><function=every_type><parameter=count>1</parameter></function></tool_call>',
    dataTypes:
      '<tool_call>\n<function=every_type>\n<parameter=text>\n5\n</parameter>\n<parameter=count>\n5\n</parameter>\n<parameter=ratio>\n-1.5e3\n</parameter>\n<parameter=flag>\nTrue\n</parameter>\n<parameter=nothing>\nNone\n</parameter>\n<parameter=list>\n[1, "a", [false]]\n</parameter>\n<parameter=object>\n{"a": {"b": [null]}}\n</parameter>\n<parameter=maybe>\nnull and void\n</parameter>\n<parameter=choice>\n7\n</parameter>\n</function>\n</tool_call>',
    emptyArguments: '<tool_call>\n<function=ping_host>\n</function>\n</tool_call>',
    escapedStrings: `<tool_call>\n<function=every_type>\n<parameter=text>\n${ESCAPED}\n</parameter>\n</function>\n</tool_call>`,
    malformed: [
      {
        output:
          '<tool_call>\n<function=ping_host>\n<parameter=host>\nexample.com\n</function>\n</tool_call>\nOk',
        part: {
          invalid: 'ping_host',
          kind: 'syntax',
          at: '</function>',
          expected: '"</parameter>"',
          found: '"</function>"',
          span: '<function=ping_host>\n<parameter=host>\nexample.com\n</function>',
        },
        rest: ['Ok'],
      },
      {
        output: '<tool_call>\n{"name": "ping_host"}\n</tool_call>',
        part: {
          invalid: null,
          kind: 'syntax',
          at: '{"name"',
          expected: '"<function="',
          found: '"{"',
          span: '{"name": "ping_host"}',
        },
      },
      {
        output:
          '<tool_call>\n<function=ping_host>\n<parameter=host>\nx\n</parameter>\n</tool_call> Ok',
        part: {
          invalid: 'ping_host',
          kind: 'syntax',
          at: '</tool_call>',
          expected: '"<parameter=" or "</function>"',
          found: '"</tool_call>"',
          span: '<function=ping_host>\n<parameter=host>\nx\n</parameter>',
        },
        rest: ['Ok'],
      },
    ],
    cutOff: '<tool_call>\n<function=ping_host>\n<parameter=host>\nex',
  },
  'function-gemma': {
    noCall: 'The tag <start_function_call>, then call:x{a:1}; 1 < 2 <escape> and </b>.',
    single:
      '<start_function_call>call:ping_host{host:<escape>example.com<escape>}<end_function_call>',
    parallel:
      '<start_function_call>call:ping_host{host:<escape>example.com<escape>}<end_function_call><start_function_call>call:every_type{count:1}<end_function_call>',
    dataTypes:
      '<start_function_call>call:every_type{text:<escape>5<escape>,count:5,ratio:-1.5e3,flag:true,nothing:None,list:[1,<escape>a<escape>,[false]],object:{a:{b:[null]}},maybe:<escape>null and void<escape>,choice:7}<end_function_call>',
    emptyArguments: '<start_function_call>call:ping_host{}<end_function_call>',
    escapedStrings: `<start_function_call>call:every_type{text:<escape>${ESCAPED}<escape>}<end_function_call>`,
    malformed: [
      {
        output: '<start_function_call>call:ping_host{host:example}<end_function_call>Ok',
        part: {
          invalid: 'ping_host',
          kind: 'syntax',
          at: 'example}',
          expected: 'a value: text between <escape>, a number, true, false or null',
          found: '"example"',
          span: 'call:ping_host{host:example}',
        },
        rest: ['Ok'],
      },
      {
        output: '<start_function_call>ping_host{}<end_function_call>',
        part: {
          invalid: null,
          kind: 'syntax',
          at: 'ping_host{}',
          expected: '"call:"',
          found: '"ping_host"',
          span: 'ping_host{}',
        },
      },
    ],
    cutOff: '<start_function_call>call:ping_host{host:<escape>ex',
  },
  glm: {
    noCall: 'The <tool_call> tag, with <arg_key> in it; 1 < 2 and </b>.',
    single:
      '<tool_call>ping_host\n<arg_key>host</arg_key>\n<arg_value>example.com</arg_value>\n</tool_call>',
    parallel:
      '<tool_call>ping_host\n<arg_key>host</arg_key>\n<arg_value>example.com</arg_value>\n</tool_call>\n<tool_call>every_type<arg_key>count</arg_key><arg_value>1</arg_value></tool_call>',
    dataTypes:
      '<tool_call>every_type\n<arg_key>text</arg_key>\n<arg_value>5</arg_value>\n<arg_key>count</arg_key>\n<arg_value>5</arg_value>\n<arg_key>ratio</arg_key>\n<arg_value>-1.5e3</arg_value>\n<arg_key>flag</arg_key>\n<arg_value>true</arg_value>\n<arg_key>nothing</arg_key>\n<arg_value>null</arg_value>\n<arg_key>list</arg_key>\n<arg_value>[1, "a", [false]]</arg_value>\n<arg_key>object</arg_key>\n<arg_value>{"a": {"b": [null]}}</arg_value>\n<arg_key>maybe</arg_key>\n<arg_value>null and void</arg_value>\n<arg_key>choice</arg_key>\n<arg_value>7</arg_value>\n</tool_call>',
    emptyArguments: '<tool_call>ping_host\n</tool_call>',
    escapedStrings: `<tool_call>every_type\n<arg_key>text</arg_key>\n<arg_value>${ESCAPED}</arg_value>\n</tool_call>`,
    malformed: [
      {
        output:
          '<tool_call>ping_host\n<arg_key>host</arg_key>\n<arg_value>example.com</tool_call>Ok',
        part: {
          invalid: 'ping_host',
          kind: 'syntax',
          at: '</tool_call>',
          expected: '"</arg_value>"',
          found: '"</tool_call>"',
          span: 'ping_host\n<arg_key>host</arg_key>\n<arg_value>example.com',
        },
        rest: ['Ok'],
      },
    ],
    cutOff: '<tool_call>ping_host\n<arg_key>host</arg_key>\n<arg_value>ex',
  },
  'minimax-m2': {
    noCall: 'The `<minimax:tool_call>` tag, with `<invoke name="x">`; 1 < 2 and </b>.',
    single:
      '<minimax:tool_call>\n<invoke name="ping_host">\n<parameter name="host">example.com</parameter>\n</invoke>\n</minimax:tool_call>',
    parallel:
      '<minimax:tool_call>\n<invoke name="ping_host">\n<parameter name="host">example.com</parameter>\n</invoke>\n<invoke name="every_type">\n<parameter name="count">1</parameter>\n</invoke>\n</minimax:tool_call>',
    dataTypes:
      '<minimax:tool_call>\n<invoke name="every_type">\n<parameter name="text">5</parameter>\n<parameter name="count">5</parameter>\n<parameter name="ratio">-1.5e3</parameter>\n<parameter name="flag">true</parameter>\n<parameter name="nothing">null</parameter>\n<parameter name="list">[1, "a", [false]]</parameter>\n<parameter name="object">{"a": {"b": [null]}}</parameter>\n<parameter name="maybe">null and void</parameter>\n<parameter name="choice">7</parameter>\n</invoke>\n</minimax:tool_call>',
    emptyArguments:
      '<minimax:tool_call>\n<invoke name="ping_host">\n</invoke>\n</minimax:tool_call>',
    escapedStrings: `<minimax:tool_call>\n<invoke name="every_type">\n<parameter name="text">${ESCAPED}</parameter>\n</invoke>\n</minimax:tool_call>`,
    malformed: [
      {
        output:
          '<minimax:tool_call>\n<invoke name="ping_host">\n<parameter host>x</parameter>\n</invoke>\n</minimax:tool_call>Ok',
        part: {
          invalid: 'ping_host',
          kind: 'syntax',
          at: '<parameter host>',
          expected: '"<parameter name="" or "</invoke>" or "</minimax:tool_call>"',
          span: '<invoke name="ping_host">\n<parameter host>x</parameter>\n</invoke>',
        },
        rest: ['Ok'],
      },
    ],
    cutOff: '<minimax:tool_call>\n<invoke name="ping_host">\n<parameter name="host">ex',
  },
  'deepseek-dsml': {
    noCall: 'The `<｜DSML｜function_calls>` tag; 1 < 2, <｜DSML｜ and </b>.',
    single:
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="ping_host">\n<｜DSML｜parameter name="host" string="true">example.com</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    parallel:
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="ping_host">\n<｜DSML｜parameter name="host" string="true">example.com</｜DSML｜parameter>\n</｜DSML｜invoke>\n<｜DSML｜invoke name="every_type">\n<｜DSML｜parameter name="count" string="false">1</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    dataTypes:
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="every_type">\n<｜DSML｜parameter name="text" string="true">5</｜DSML｜parameter>\n<｜DSML｜parameter name="count" string="false">5</｜DSML｜parameter>\n<｜DSML｜parameter name="ratio" string="false">-1.5e3</｜DSML｜parameter>\n<｜DSML｜parameter name="flag" string="false">true</｜DSML｜parameter>\n<｜DSML｜parameter name="nothing" string="false">null</｜DSML｜parameter>\n<｜DSML｜parameter name="list" string="false">[1, "a", [false]]</｜DSML｜parameter>\n<｜DSML｜parameter name="object" string="false">{"a": {"b": [null]}}</｜DSML｜parameter>\n<｜DSML｜parameter name="maybe" string="true">null and void</｜DSML｜parameter>\n<｜DSML｜parameter name="choice" string="false">7</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    emptyArguments:
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="ping_host">\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    escapedStrings: `<｜DSML｜function_calls>\n<｜DSML｜invoke name="every_type">\n<｜DSML｜parameter name="text" string="true">${ESCAPED}</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>`,
    malformed: [
      {
        output:
          '<｜DSML｜function_calls>\n<｜DSML｜invoke name="ping_host">\n<｜DSML｜parameter name="host" string="false">example</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
        part: {
          invalid: 'ping_host',
          kind: 'syntax',
          at: 'example</',
          expected: 'a JSON value, because the tag says that it is no string',
          found: '"example"',
          span: '<｜DSML｜invoke name="ping_host">\n<｜DSML｜parameter name="host" string="false">example</｜DSML｜parameter>\n</｜DSML｜invoke>',
        },
      },
    ],
    cutOff:
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="ping_host">\n<｜DSML｜parameter name="host" string="true">ex',
  },
}
