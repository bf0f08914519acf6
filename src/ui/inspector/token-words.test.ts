import { expect, it } from 'vitest'
import { percent, visibleText } from './token-words.ts'

it('shows what the eye would miss, and leaves the rest', () => {
  expect(visibleText(' Oslo')).toBe('·Oslo')
  expect(visibleText('a b')).toBe('a b')
  expect(visibleText('\n\t')).toBe('↵⇥')
  expect(visibleText('')).toBe('∅')
})

it('writes probabilities that can be read at a glance', () => {
  expect(percent(0)).toBe('100.0 %')
  expect(percent(Math.log(0.0732))).toBe('7.3 %')
  expect(percent(Math.log(0.0004))).toBe('0.04 %')
  expect(percent(-50)).toBe('< 0.01 %')
})
