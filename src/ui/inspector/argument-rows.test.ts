import { describe, expect, it } from 'vitest'
import { argumentText } from '../../core/formats/argument-text.ts'
import type { ArgumentNotation } from '../../core/formats/call-syntax.ts'
import type { ParsedCall } from '../../core/formats/parsed-output.ts'
import type { CallIssue } from '../../core/schema/call-issue.ts'
import {
  argumentRows,
  callLevelIssues,
  schemaTypeLabel,
  type WrittenCall,
} from './argument-rows.ts'

const parameters = {
  type: 'object',
  properties: {
    location: { type: 'string' },
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
    'a/b': { type: 'array', items: { type: 'integer' } },
  },
  required: ['location'],
}

const issue = (kind: CallIssue['kind'], path: string): CallIssue => ({
  kind,
  severity: kind === 'additional' ? 'warning' : 'error',
  path,
  message: kind,
})

/** A call whose arguments stand after ten characters of other text. */
function written(
  argumentsText: string,
  notation: ArgumentNotation = { type: 'json' },
): WrittenCall & { readonly call: ParsedCall } {
  const argumentsSpan = { start: 10, end: 10 + argumentsText.length }
  const call: ParsedCall = {
    index: 0,
    name: 'f',
    nameSpan: null,
    span: argumentsSpan,
    argumentsSpan,
    state: { type: 'writing' },
  }
  return { raw: `${' '.repeat(10)}${argumentsText}`, call, reading: argumentText(notation) }
}

describe('argumentRows', () => {
  it('gives each argument its declaration, its issues and its mark', () => {
    const issues = [issue('enum', '/unit'), issue('type', '/a~1b/0'), issue('additional', '/extra')]
    const text = '{"location": "Oslo", "unit": "kelvin", "a/b": ["x"], "extra": 1}'
    const rows = argumentRows(written(text), issues, parameters)
    expect(
      rows.map(({ key, pointer, declared, mark }) => ({ key, pointer, declared, mark })),
    ).toEqual([
      {
        key: 'location',
        pointer: '/location',
        declared: { type: 'string', isRequired: true },
        mark: 'good',
      },
      {
        key: 'unit',
        pointer: '/unit',
        declared: { type: 'celsius | fahrenheit', isRequired: false },
        mark: 'bad',
      },
      {
        key: 'a/b',
        pointer: '/a~1b',
        declared: { type: 'array of integer', isRequired: false },
        mark: 'bad',
      },
      { key: 'extra', pointer: '/extra', declared: null, mark: 'warning' },
    ])
    expect(rows[2]?.issues).toEqual([issues[1]])
  })

  it('says where in the output each argument stands', () => {
    const text = '{"location": "Oslo", "unit": null}'
    const { raw, call, reading } = written(text)
    const rows = argumentRows({ raw, call, reading }, [], parameters)
    expect(rows.map(({ span }) => span && raw.slice(span.start, span.end))).toEqual([
      '"location": "Oslo"',
      '"unit": null',
    ])
    expect(rows[1]?.value).toEqual({ type: 'complete', value: null })
  })

  it('shows an argument while it is written', () => {
    const rows = argumentRows(written('{"location": "Os'), [], parameters)
    expect(rows.map(({ key, value }) => ({ key, value }))).toEqual([
      { key: 'location', value: { type: 'partial', text: '"Os' } },
    ])
    expect(argumentRows(written(''), [], parameters)).toEqual([])
  })

  it.each<[ArgumentNotation, string, string]>([
    [{ type: 'python' }, "(location='Oslo', unit=None)", "location='Oslo'"],
    [
      { type: 'gemma' },
      '{location:<escape>Oslo<escape>,unit:null}',
      'location:<escape>Oslo<escape>',
    ],
    [
      { type: 'tagged', before: '<p=', between: '>', after: '</p>', separator: '' },
      '<p=location>Oslo</p><p=unit>null</p>',
      'location>Oslo',
    ],
  ])('reads the notation %j', (notation, text, marked) => {
    const call = written(text, notation)
    const rows = argumentRows(call, [], parameters)
    expect(rows.map(({ key, value }) => [key, value.type])).toEqual([
      ['location', 'complete'],
      ['unit', 'complete'],
    ])
    expect(rows[0]?.value).toEqual({ type: 'complete', value: 'Oslo' })
    expect(call.raw.slice(rows[0]?.span?.start, rows[0]?.span?.end)).toBe(marked)
  })

  it('adds a row for each missing argument', () => {
    const missing = issue('missing', '/location')
    expect(argumentRows(written('{}'), [missing, issue('missing', '/a/deep')], parameters)).toEqual(
      [
        {
          key: 'location',
          pointer: '/location',
          value: { type: 'missing' },
          span: null,
          declared: { type: 'string', isRequired: true },
          issues: [missing],
          mark: 'bad',
        },
      ],
    )
  })

  it('does not confuse a key with its prefix', () => {
    const rows = argumentRows(written('{"a": 1, "ab": 2}'), [issue('type', '/ab')], parameters)
    expect(rows.map(({ mark }) => mark)).toEqual(['good', 'bad'])
  })

  it('checks nothing when the tool is unknown', () => {
    const unknown = issue('unknown-tool', '')
    expect(argumentRows(written('{"a": 1}'), [unknown], null)[0]?.mark).toBe('unchecked')
    expect(callLevelIssues([unknown, issue('type', '/a')])).toEqual([unknown])
  })
})

it('labels schemas', () => {
  expect(
    [true, {}, { type: ['integer', 'null'] }, { type: 'array' }, { enum: [1, 'a'] }].map((schema) =>
      schemaTypeLabel(schema),
    ),
  ).toEqual(['any', 'any', 'integer or null', 'array', '1 | a'])
})
