import type { Language } from './language.ts'
import { readPattern } from './read-pattern.ts'

const DAY =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))'
const LEAP_YEAR = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
const DATE = `(?:\\d{4}-${DAY}|${LEAP_YEAR}-02-29)`
// Leap seconds are left out: whether one is legal depends on the offset.
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?'
const ZONE = '(?:Z|[+\\-](?:[01]\\d|2[0-3]):[0-5]\\d)'
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
// A label has up to 63 letters and a name up to 253: within these two forms nothing has to be counted.
const LETTER = '[A-Za-z0-9]'
const label = (inner: number) => `${LETTER}(?:[A-Za-z0-9\\-]{0,${inner}}${LETTER})?`
const SHORT_HOST = `${label(28)}(?:\\.${label(28)}){0,7}`
const HOST = `(?:${label(61)}(?:\\.${label(61)}){0,2}|${SHORT_HOST})`
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-]{1,15}"
const PATH = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"

/** Each is within what the validator accepts, and in the way that it is usually written. */
const FORMATS: Readonly<Record<string, string>> = {
  date: DATE,
  time: CLOCK + ZONE,
  'date-time': `${DATE}T${CLOCK}${ZONE}`,
  duration:
    'P(?:\\d{1,4}W|(?:\\d{1,4}Y(?:\\d{1,4}M(?:\\d{1,4}D)?)?|\\d{1,4}M(?:\\d{1,4}D)?|\\d{1,4}D)(?:T(?:\\d{1,4}H(?:\\d{1,4}M(?:\\d{1,4}S)?)?|\\d{1,4}M(?:\\d{1,4}S)?|\\d{1,4}S))?|T(?:\\d{1,4}H(?:\\d{1,4}M(?:\\d{1,4}S)?)?|\\d{1,4}M(?:\\d{1,4}S)?|\\d{1,4}S))',
  email: `${ATOM}(?:\\.${ATOM}){0,3}@${SHORT_HOST}`,
  hostname: HOST,
  ipv4: `${BYTE}(?:\\.${BYTE}){3}`,
  ipv6: '(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,4}(?::[0-9A-Fa-f]{1,4}){1,3}|::(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,6}:|::',
  uri: `[A-Za-z][A-Za-z0-9+\\-.]*:(?://${SHORT_HOST}(?::\\d{1,5})?(?:/${PATH}*)*|${PATH}+)(?:\\?(?:${PATH}|[/?])*)?(?:#(?:${PATH}|[/?])*)?`,
  uuid: '[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}',
}

/** The texts of a `format`; null when there is no language for it. */
export function formatLanguage(format: string): Language | null {
  const source = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  if (source === undefined) return null
  const language = readPattern(`^(?:${source})$`)
  return 'unsupported' in language ? null : language
}
