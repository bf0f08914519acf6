import fc from 'fast-check'
import { expect, it } from 'vitest'
import { textChange } from './text-change.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 30 })

it('turns one text into the other', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const change = textChange(before, after)
      const result = change
        ? before.slice(0, change.from) + change.insert + before.slice(change.to)
        : before
      expect(result).toBe(after)
    }),
  )
})

it('touches only what differs', () => {
  expect(textChange('one two three', 'one 2 three')).toEqual({ from: 4, to: 7, insert: '2' })
  expect(textChange('aaa', 'aa')).toEqual({ from: 2, to: 3, insert: '' })
  expect(textChange('same', 'same')).toBeNull()
})
