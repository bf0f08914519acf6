import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { strftime } from './strftime.ts'

const EVENING = Date.UTC(2026, 10, 3, 21, 5, 9)

describe('strftime', () => {
  it.each([
    ['%d %b %Y', '03 Nov 2026'],
    ['%A, %B %-d, %Y', 'Tuesday, November 3, 2026'],
    ['%Y-%m-%dT%H:%M:%S%z', '2026-11-03T21:05:09+0000'],
    ['%F %T %Z', '2026-11-03 21:05:09 UTC'],
    ['%D %R %I:%M %p', '11/03/26 21:05 09:05 PM'],
    ['%a %e %h %y', 'Tue  3 Nov 26'],
    ['%j %u %w', '307 2 2'],
    ['%c', 'Tue Nov  3 21:05:09 2026'],
    ['100%% %Q %', '100% %Q %'],
  ])('formats %s as %s', (format, expected) => {
    expect(strftime(EVENING, format)).toBe(expected)
  })

  it('writes midnight as 12 AM and noon as 12 PM', () => {
    expect(strftime(Date.UTC(2024, 1, 29), '%I %p %j')).toBe('12 AM 060')
    expect(strftime(Date.UTC(2024, 11, 31, 12), '%I %p %j')).toBe('12 PM 366')
  })

  it('agrees with the calendar of the platform on every day', () => {
    const range = { min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }
    fc.assert(
      fc.property(fc.date(range), (date) => {
        const iso = date.toISOString()
        const expected = `${date.getUTCFullYear()}${iso.slice(4, 19)} ${date.getUTCDay()}`
        expect(strftime(date.getTime(), '%Y-%m-%dT%H:%M:%S %w')).toBe(expected)
        const newYear = Date.UTC(2000, 0, 1)
        const sameYear = new Date(newYear).setUTCFullYear(date.getUTCFullYear())
        const dayOfYear = Math.floor((date.getTime() - sameYear) / 86_400_000) + 1
        expect(Number(strftime(date.getTime(), '%j'))).toBe(dayOfYear)
      }),
    )
  })
})
