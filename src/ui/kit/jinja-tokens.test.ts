import { readdirSync, readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { jinjaTokens } from './jinja-tokens.ts'

const FIXTURES = new URL('../../core/template/__fixtures__/', import.meta.url)
const PIECES = '{%,%},{{,}},{#,#},-,\',",\\,{,}, ,raw,endraw,if,1.5,é,\n'.split(',')
const kinds = (source: string) => jinjaTokens(source).map(({ kind, text }) => [kind, text])

describe('jinjaTokens', () => {
  it('tells marks, keywords, strings, numbers and comments apart', () => {
    expect(kinds("a{%- if tools[0] == 'x' -%}b{{ name | trim }}{# no {{ tag #}c")).toEqual([
      ['text', 'a'],
      ['statement-mark', '{%-'],
      ['code', ' '],
      ['keyword', 'if'],
      ['code', ' tools['],
      ['number', '0'],
      ['code', '] == '],
      ['string', "'x'"],
      ['code', ' '],
      ['statement-mark', '-%}'],
      ['text', 'b'],
      ['expression-mark', '{{'],
      ['code', ' name | trim '],
      ['expression-mark', '}}'],
      ['comment', '{# no {{ tag #}'],
      ['text', 'c'],
    ])
  })

  it('a mark inside a string, or of an object, ends no tag', () => {
    const inString = kinds(`{{ "%} }} \\" }}" }}x`)
    expect(inString).toContainEqual(['string', `"%} }} \\" }}"`])
    expect(inString.at(-1)).toEqual(['text', 'x'])
    expect(kinds("{{ {'a': {'b': 1}} }}x").at(-1)).toEqual(['text', 'x'])
  })

  it('what is raw is text', () => {
    expect(kinds('{% raw %}{{ x }}{%- endraw %}{{ y }}').slice(3, 6)).toEqual([
      ['code', ' '],
      ['statement-mark', '%}'],
      ['text', '{{ x }}'],
    ])
  })

  it.each(['{% if', '{{ "open', '{# open', '{% raw %}rest', '{', '{%', "{{ 'a\\"])(
    '%j goes to the end',
    (source) => {
      expect(
        jinjaTokens(source)
          .map(({ text }) => text)
          .join(''),
      ).toBe(source)
    },
  )

  it('loses nothing of any text, and makes no empty token', () => {
    const piece = fc.constantFrom(...PIECES)
    const source = fc.oneof(
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(source, (text) => {
        const tokens = jinjaTokens(text)
        expect(tokens.map((token) => token.text).join('')).toBe(text)
        expect(tokens.every((token) => token.text !== '')).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(readdirSync(FIXTURES).filter((file) => file.endsWith('.jinja')))(
    'leaves no mark in the text of %s',
    (file) => {
      const tokens = jinjaTokens(readFileSync(new URL(file, FIXTURES), 'utf8'))
      const text = tokens.filter(({ kind }) => kind === 'text')
      expect(text.filter((token) => /\{[%{#]|[%#]\}/.test(token.text))).toEqual([])
      expect(tokens.filter(({ kind }) => kind === 'keyword').length).toBeGreaterThan(10)
    },
  )

  it('takes time linear in the length', () => {
    const hostile = ['{{ "', '{{', "{% '\\'", '{% raw %}{%'].map((part) => part.repeat(100_000))
    const started = performance.now()
    for (const source of hostile) jinjaTokens(source)
    expect(performance.now() - started).toBeLessThan(3000)
  })
})
