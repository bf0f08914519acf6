import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { JsonValue } from '../lib/json.ts'
import type { Tool } from '../tools/tool.ts'
import type { RenderInput } from './chat-template.ts'
import { compileTemplate } from './jinja-template.ts'

const DEFINITION = { name: 'f', parameters: { type: 'object', properties: {} } } as const
const TOOL: Tool = {
  name: 'f',
  description: '',
  parameters: DEFINITION.parameters,
  definition: DEFINITION,
}

const INPUT: RenderInput = {
  messages: [{ role: 'user', content: 'Hi' }],
  tools: [TOOL],
  toolShape: 'bare',
  bosToken: '<s>',
  eosToken: '</s>',
  addGenerationPrompt: true,
  nowMs: Date.UTC(2026, 10, 3, 21, 5),
}

function render(source: string, input: Partial<RenderInput> = {}) {
  const compiled = compileTemplate(source)
  return compiled.ok ? compiled.value.render({ ...INPUT, ...input }) : compiled
}

function renderValue(source: string, value: JsonValue) {
  return render(source, { variables: { value } })
}

describe('compileTemplate', () => {
  it.each([
    // Each right side is what Python's json.dumps(ensure_ascii=False) prints.
    [
      { b: 1, a: [1, 2.5, true, null], e: {}, f: [] },
      '{"b": 1, "a": [1, 2.5, true, null], "e": {}, "f": []}',
    ],
    [
      '<a href="x">é\u2028\u007f\u0001\n\\</a>\'&',
      '"<a href=\\"x\\">é\u2028\u007f\\u0001\\n\\\\</a>\'&"',
    ],
    [{ __proto__x: -0.5, 'a b': '😀' }, '{"__proto__x": -0.5, "a b": "😀"}'],
  ])('tojson prints %j as Python does', (value, expected) => {
    expect(renderValue('{{ value | tojson }}', value)).toEqual({ ok: true, value: expected })
  })

  it('tojson(indent=4) breaks lines as Python does, with no space at their ends', () => {
    const expected =
      '{\n    "a": [\n        1,\n        {\n            "b": "<"\n        }\n    ],\n    "c": {},\n    "d": []\n}'
    expect(
      renderValue('{{ value | tojson(indent=4) }}', { a: [1, { b: '<' }], c: {}, d: [] }),
    ).toEqual({
      ok: true,
      value: expected,
    })
  })

  it('tojson takes separators, ensure_ascii and sort_keys', () => {
    const source = "{{ value | tojson(separators=(',', ':'), ensure_ascii=true, sort_keys=true) }}"
    expect(renderValue(source, { b: 'é', a: [1, 2] })).toEqual({
      ok: true,
      value: '{"a":[1,2],"b":"\\u00e9"}',
    })
  })

  it('tojson of any JSON reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const rendered = renderValue('{{ value | tojson }}', value as JsonValue)
        expect(rendered.ok && JSON.parse(rendered.value)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('gives tools bare or wrapped, and null when there are none', () => {
    const source = '{{ tools | tojson }}'
    expect(render(source)).toEqual({
      ok: true,
      value: '[{"name": "f", "parameters": {"type": "object", "properties": {}}}]',
    })
    expect(render(source, { toolShape: 'wrapped' })).toEqual({
      ok: true,
      value:
        '[{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}]',
    })
    expect(render('{{ tools is none }} {{ documents is none }}', { tools: [] })).toEqual({
      ok: true,
      value: 'true true',
    })
  })

  it('parses string arguments that hold an object, and leaves other strings', () => {
    const call = (text: string) => ({
      id: 'call00000',
      type: 'function' as const,
      function: { name: 'f', arguments: text },
    })
    const tool_calls = ['{"a": {"b": [1]}}', '[1]', 'no json', '"{}"'].map(call)
    const messages = [{ role: 'assistant' as const, content: '', tool_calls }]
    const source =
      '{% for call in messages[0].tool_calls %}{{ call.function.arguments | tojson }};{% endfor %}'
    expect(render(source, { messages })).toEqual({
      ok: true,
      value: '{"a": {"b": [1]}};"[1]";"no json";"\\"{}\\"";',
    })
  })

  it('leaves tool_calls out of a message that has none', () => {
    const messages = [{ role: 'assistant' as const, content: 'x' }]
    expect(
      render("{{ 'tool_calls' in messages[0] }} {{ messages[0].tool_calls is defined }}", {
        messages,
      }),
    ).toEqual({
      ok: true,
      value: 'false false',
    })
  })

  it('has the helpers and statements that templates use', () => {
    expect(render("{{ strftime_now('%d %b %Y') }}")).toEqual({ ok: true, value: '03 Nov 2026' })
    expect(render('{{ bos_token }}{{ eos_token }}{{ add_generation_prompt }}')).toEqual({
      ok: true,
      value: '<s></s>true',
    })
    expect(
      render(
        '{% set ns = namespace(a=1) %}{% for i in range(3) %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}',
      ),
    ).toEqual({ ok: true, value: '4' })
    expect(
      render('{% macro m(x, y=2) %}<{{ x }}{{ y }}>{% endmacro %}{{ m(1) }}{{ m(1, y=3) }}'),
    ).toEqual({ ok: true, value: '<12><13>' })
    expect(render('a{% generation %}b{% endgeneration %}c')).toEqual({ ok: true, value: 'abc' })
    expect(
      render('{% for i in range(5, 1, -2) %}{{ i }}{% if loop.last %}!{% endif %}{% endfor %}'),
    ).toEqual({ ok: true, value: '53!' })
    expect(render('[{{ missing }}{{ None }}{{ missing is defined }}]')).toEqual({
      ok: true,
      value: '[false]',
    })
  })

  it('tells a refusal, a failure and a syntax error apart', () => {
    expect(render("{{ raise_exception('Roles must alternate') }}")).toEqual({
      ok: false,
      error: { kind: 'template-refused', message: 'Roles must alternate' },
    })
    expect(render('{{ none + 1 }}')).toMatchObject({
      ok: false,
      error: { kind: 'template-failed' },
    })
    expect(render('{{ range(100001) }}')).toEqual({
      ok: false,
      error: { kind: 'template-failed', message: 'range() may not have 100001 elements' },
    })
    expect(render('{{ range(0, 9, 0) }}')).toMatchObject({
      ok: false,
      error: { kind: 'template-failed' },
    })
    expect(render('{% break %}')).toMatchObject({ ok: false, error: { kind: 'template-failed' } })
    for (const source of ['{% if %}', '{{ "open', '{% for x in y %}', '{#', '{{', "{{ '\\q' }}"]) {
      expect(render(source)).toMatchObject({ ok: false, error: { kind: 'template-syntax' } })
    }
  })

  it('lets no variable replace the message list or the constants', () => {
    const variables = { messages: [], none: 1, namespace: 2, enable_thinking: false }
    expect(
      render('{{ messages | length }}{{ none }}{{ namespace(a=5).a }}{{ enable_thinking }}', {
        variables,
      }),
    ).toEqual({
      ok: true,
      value: '15false',
    })
  })

  it('never throws, whatever the template says', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '{%-',
      '-%}',
      '{#',
      '#}',
      ' messages',
      '[0]',
      '.content',
      ' | tojson',
      ' | trim',
      ' if ',
      ' else ',
      'endif',
      'for x in ',
      'endfor',
      'set ',
      ' = ',
      "'",
      '"',
      '(',
      ')',
      'raise_exception',
      'strftime_now',
      'range',
      'macro ',
      'generation',
      '1',
      '~',
      '\\',
      '\n',
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 30 }),
        (pieces) => {
          const result = render(pieces.join(''))
          expect(typeof result.ok).toBe('boolean')
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('hands every text through unchanged', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            '{{',
            '}}',
            '{%',
            '%}',
            '{#',
            '#}',
            '$&',
            '$1',
            "$'",
            '"',
            "'",
            '\\',
            '\n',
            '😀',
            '\0',
          ),
          { maxLength: 12 },
        )
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(hostile, hostile, (content, token) => {
        const input = { messages: [{ role: 'user' as const, content }], bosToken: token }
        expect(render('{{ bos_token }}|{{ messages[0].content }}|', input)).toEqual({
          ok: true,
          value: `${token}|${content}|`,
        })
      }),
    )
  })
})
