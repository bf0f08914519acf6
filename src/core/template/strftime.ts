const DAY_MS = 86_400_000
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

type Moment = {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** 1 to 366. */
  readonly dayOfYear: number
}

/**
 * Formats a moment the way Python's `strftime` does in the C locale, always in UTC.
 *
 * `%-d` and its kin drop the leading zero (glibc). A directive that is not known is left as it stands.
 * For local time, hand in `nowMs` moved by the time zone's offset.
 */
export function strftime(epochMs: number, format: string): string {
  const moment = momentOf(epochMs)
  return format.replace(/%(-?)([a-zA-Z%])/g, (directive, minus: string, letter: string) => {
    const text = formatDirective(moment, letter)
    if (text === null) return directive
    return minus ? text.replace(/^0+(?=\d)/, '') : text
  })
}

function formatDirective(moment: Moment, letter: string): string | null {
  const { year, month, day, hour, minute, second, weekday, dayOfYear } = moment
  const hour12 = hour % 12 === 0 ? 12 : hour % 12
  const weekdayName = WEEKDAYS[weekday] ?? ''
  const monthName = MONTHS[month - 1] ?? ''
  const date = `${pad(month)}/${pad(day)}/${pad(year % 100)}`
  const time = `${pad(hour)}:${pad(minute)}:${pad(second)}`
  switch (letter) {
    case 'Y':
      return String(year)
    case 'y':
      return pad(year % 100)
    case 'm':
      return pad(month)
    case 'd':
      return pad(day)
    case 'e':
      return String(day).padStart(2, ' ')
    case 'H':
      return pad(hour)
    case 'I':
      return pad(hour12)
    case 'M':
      return pad(minute)
    case 'S':
      return pad(second)
    case 'f':
      return '000000'
    case 'p':
      return hour < 12 ? 'AM' : 'PM'
    case 'j':
      return String(dayOfYear).padStart(3, '0')
    case 'A':
      return weekdayName
    case 'a':
      return weekdayName.slice(0, 3)
    case 'B':
      return monthName
    case 'b':
    case 'h':
      return monthName.slice(0, 3)
    case 'w':
      return String(weekday)
    case 'u':
      return String(weekday === 0 ? 7 : weekday)
    case 'F':
      return `${year}-${pad(month)}-${pad(day)}`
    case 'D':
    case 'x':
      return date
    case 'T':
    case 'X':
      return time
    case 'R':
      return `${pad(hour)}:${pad(minute)}`
    case 'c':
      return `${weekdayName.slice(0, 3)} ${monthName.slice(0, 3)} ${String(day).padStart(2, ' ')} ${time} ${year}`
    case 'Z':
      return 'UTC'
    case 'z':
      return '+0000'
    case '%':
      return '%'
    default:
      return null
  }
}

/** Splits an epoch into calendar fields by arithmetic: core has no `Date`, so that it stays pure. */
function momentOf(epochMs: number): Moment {
  const days = Math.floor(epochMs / DAY_MS)
  const secondOfDay = Math.floor((epochMs - days * DAY_MS) / 1000)
  // Years start in March here, so that the leap day is the last one and month lengths follow one line.
  const daysSinceEra = days + 719_468
  const era = Math.floor(daysSinceEra / 146_097)
  const dayOfEra = daysSinceEra - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfMarchYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfMarchYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return {
    year,
    month,
    day: dayOfMarchYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
    hour: Math.floor(secondOfDay / 3600),
    minute: Math.floor(secondOfDay / 60) % 60,
    second: secondOfDay % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    dayOfYear: month <= 2 ? dayOfMarchYear - 305 : dayOfMarchYear + 60 + (isLeap ? 1 : 0),
  }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
