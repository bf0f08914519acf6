import { expect, it } from 'vitest'
import { MarkerMatcher } from './marker-matcher.ts'

const MARKERS = ['<think>', '</think>', '<tool_call>', '</tool_call>']

function match(text: string): unknown {
  const matcher = new MarkerMatcher()
  matcher.start(MARKERS)
  return text
    .split('')
    .map((character) => matcher.step(character.charCodeAt(0)))
    .at(-1)
}

it.each(MARKERS)('finds %s', (marker) => {
  expect(match(marker)).toEqual({ marker })
  expect(match(marker.slice(0, -1))).toBe('partial')
})

it.each(['<x', '<tt', '<toolb', '</thi>', '</tool_call ', '<ttool_call>'])('%s is none', (text) => {
  expect(match(text)).toBe('none')
})
