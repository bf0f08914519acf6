import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codePointName, markText } from './mark-text.ts'

const options = { specialTexts: ['<extra>'], whitespace: false }

describe('markText', () => {
  it('marks special tokens of the known families and of the model', () => {
    const text = '<s><|im_start|>user\nHi<extra>[TOOL_CALLS]</tool_call>'
    expect(markText(text, options).filter(({ type }) => type === 'special')).toEqual(
      ['<s>', '<|im_start|>', '<extra>', '[TOOL_CALLS]', '</tool_call>'].map((special) => ({
        type: 'special',
        text: special,
      })),
    )
  })

  it('leaves look-alikes alone', () => {
    const text = 'a < b | c > d, <div>, [TODO], <|not closed'
    expect(markText(text, options)).toEqual([{ type: 'plain', text }])
  })

  it('marks what is invisible, white space only when asked', () => {
    expect(markText('a\u200b b\n', options)).toEqual([
      { type: 'plain', text: 'a' },
      { type: 'control', text: '\u200b' },
      { type: 'plain', text: ' b\n' },
    ])
    expect(markText('a  b\n', { ...options, whitespace: true })).toEqual([
      { type: 'plain', text: 'a' },
      { type: 'space', text: '  ' },
      { type: 'plain', text: 'b' },
      { type: 'newline', text: '\n' },
    ])
  })

  it('keeps every character, whatever the text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('<|im_end|>', '</s>', '\u0000', '\n', '  '),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, whitespace) => {
        const text = pieces.join('')
        const segments = markText(text, { specialTexts: ['(.*', ''], whitespace })
        expect(segments.map((segment) => segment.text).join('')).toBe(text)
      }),
    )
  })

  it('takes a megabyte of white space and brackets in its stride', () => {
    const text = '<| [TOOL < \n'.repeat(90_000)
    const started = performance.now()
    const segments = markText(text, { ...options, whitespace: true })
    expect(performance.now() - started).toBeLessThan(300)
    expect(segments.length).toBeLessThanOrEqual(6002)
  })
})

it('names code points', () => {
  expect(codePointName('\u200b')).toBe('U+200B')
})
