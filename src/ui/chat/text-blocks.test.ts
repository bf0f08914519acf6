import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inlineParts, textBlocks } from './text-blocks.ts'

it('splits prose and fenced code', () => {
  expect(textBlocks('Look:\n\n```json\n{"a": 1}\n```\n\nDone.')).toEqual([
    { type: 'prose', text: 'Look:' },
    { type: 'fence', language: 'json', text: '{"a": 1}' },
    { type: 'prose', text: 'Done.' },
  ])
})

it('shows a fence that is still open', () => {
  expect(textBlocks('```\nline 1\nline')).toEqual([
    { type: 'fence', language: '', text: 'line 1\nline' },
  ])
})

it('keeps the line breaks inside prose', () => {
  expect(textBlocks('a\n\n  b\n')).toEqual([{ type: 'prose', text: 'a\n\n  b' }])
})

it('splits inline code, leaving a lone tick as text', () => {
  expect(inlineParts('call `f(x)` or ` not')).toEqual([
    { type: 'text', text: 'call ' },
    { type: 'code', text: 'f(x)' },
    { type: 'text', text: ' or ` not' },
  ])
})

it('loses no word, whatever the text', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('```', '`', '\n', '```js\n', 'word '))
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('')
      const shown = textBlocks(text)
        .map((block) =>
          block.type === 'fence' ? `\`\`\`${block.language}${block.text}` : block.text,
        )
        .join('')
      expect(shown.replaceAll(/[\s`]/g, '')).toBe(text.replaceAll(/[\s`]/g, ''))
    }),
  )
})
