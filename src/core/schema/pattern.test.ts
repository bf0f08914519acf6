import { describe, expect, it } from 'vitest'

import { MAX_PATTERN_COST_BITS, patternCostBits, usablePattern } from './pattern.ts'

describe('usablePattern', () => {
  it.each([
    ['^[A-Z]{3}$', '^[A-Z]{3}$'],
    ['^\\d{3}\\-\\d{4}$', '^\\d{3}-\\d{4}$'],
    ['[\\w\\-\\_]+\\@', '[\\w\\-_]+@'],
    ['(?P<year>\\d{4})\\Z', '(?<year>\\d{4})$'],
    ['(', null],
    ['a**', null],
    ['\\', null],
  ])('%s becomes %s', (source, expected) => {
    expect(usablePattern(source)).toBe(expected)
  })
})

describe('patternCostBits', () => {
  it.each([
    ['^[A-Z]{2}$', 1000],
    ['^#W\\d{7}$', 1000],
    ['^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$', 200],
    ['^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$', 1000],
    ['^\\d{4}-\\d{2}-\\d{2}$', 1000],
    ['^https?://\\S+$', 1000],
    ['^(foo|bar|baz)$', 1000],
    ['^\\p{L}+$', 1000],
    ['', 1000],
  ])('%s runs on %i characters', (pattern, length) => {
    expect(patternCostBits(pattern, length)).toBeLessThanOrEqual(MAX_PATTERN_COST_BITS)
  })

  it.each([
    '(a+)+$',
    '^(a|a)*b',
    '(?:a?){50}a{50}',
    '^(([a-z])+.)+[A-Z]$',
    'a*a*a*a*a*b',
    '(x+x+)+y',
    '(a{0,9}){40}',
  ])('%s does not run on 60 characters', (pattern) => {
    expect(patternCostBits(pattern, 60)).toBeGreaterThan(MAX_PATTERN_COST_BITS)
  })

  it.each(['(((((', ')))', '[abc', '\\', 'a{1', '(?<n>a)\\k<n>'])('ends on %s', (pattern) => {
    expect(patternCostBits(pattern, 10)).toBeGreaterThanOrEqual(0)
  })
})
