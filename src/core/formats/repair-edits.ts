import type { JsonObject } from '../lib/json.ts'
import type { CallSyntax } from './call-syntax.ts'

/** `start` to `end` of a text replaced by `text`, and what that does, for people. */
export type RepairEdit = {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly label: string
}

/** Where a call broke. */
export type BrokenPlace = {
  readonly raw: string
  readonly at: number
  /** In the parser's words: what is in straight quotes there is literal. Empty when the output ended. */
  readonly expected: string
  /** Where the call's text begins. */
  readonly start: number
  readonly syntax: CallSyntax
  /** The schema of the call's tool, as far as its name is known. */
  readonly parameters: JsonObject | null
}

const WORDS: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' }
/** Opening quote to closing quote; typographers' quotes too. */
const QUOTES: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '“': '”',
  '”': '”',
  '„': '“',
  '‘': '’',
  '’': '’',
  '«': '»',
  '`': '`',
}
const CONTROL: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' }
const MAX_STRING = 4000

/** What may mend a broken place, the likeliest first. Whether it does is for the parser to say. */
export function editsFor(place: BrokenPlace): readonly RepairEdit[] {
  return [
    ...trailingComma(place),
    ...words(place),
    ...rawCharacter(place),
    ...escapes(place),
    ...typeAttribute(place),
    ...quotes(place),
    ...positional(place),
    ...bareWord(place),
    ...missingText(place),
    ...innerQuote(place),
    ...surplus(place),
  ]
}

/** What ends a call that the output left open, when it was not left in the middle of a string. */
export function closingEdit({
  raw,
  start,
  syntax,
}: Omit<BrokenPlace, 'at' | 'expected'>): RepairEdit | null {
  const isTagged = syntax.notation.type === 'tagged' || syntax.notation.type === 'gemma'
  const closers = isTagged ? null : openBrackets(raw.slice(start))
  const end = raw.trimEnd().length
  if (closers === null || closers === '') return null
  return { start: end, end, text: closers, label: `missing ${closers} added` }
}

function trailingComma({ raw, at }: BrokenPlace): readonly RepairEdit[] {
  const before = raw.slice(0, at).trimEnd()
  if (!before.endsWith(',') || !/[}\])]/.test(raw.charAt(at))) return []
  return [
    { start: before.length - 1, end: before.length, text: '', label: 'trailing comma removed' },
  ]
}

/** Python's words in JSON. The scanner of JSON stops inside a word that begins like one of its own. */
function words({ raw, at, syntax }: BrokenPlace): readonly RepairEdit[] {
  if (syntax.notation.type !== 'json') return []
  const word = /^[A-Za-z]+/.exec(raw.slice(at, at + 8))?.[0] ?? ''
  const text = WORDS[word]
  return text === undefined
    ? []
    : [{ start: at, end: at + word.length, text, label: `${word} written as ${text}` }]
}

/** A raw line break or tab in a string. */
function rawCharacter({ raw, at }: BrokenPlace): readonly RepairEdit[] {
  const text = CONTROL[raw.charAt(at)]
  if (text === undefined) return []
  return [
    { start: at, end: at + 1, text, label: `line break or tab in a string written as ${text}` },
  ]
}

/** A string in quotes of another kind. */
function quotes({ raw, at, syntax }: BrokenPlace): readonly RepairEdit[] {
  const open = raw.charAt(at)
  const close = QUOTES[open]
  if (close === undefined) return []
  const isOwn = open === '"' || (open === "'" && syntax.notation.type === 'python')
  if (isOwn && syntax.notation.type !== 'gemma') return []
  const label = open === "'" ? 'single quotes made double' : 'quotes made straight'
  return stringEnds(raw, at + 1, close).map((end) => {
    const content = raw.slice(at + 1, end).replaceAll(`\\${close}`, close)
    return { start: at, end: end + 1, text: quoted(content, syntax), label }
  })
}

/** Closing quotes that a comma, a colon or a bracket follows; first of all the nearest. */
function stringEnds(raw: string, from: number, close: string): readonly number[] {
  const ends: number[] = []
  const until = Math.min(raw.length, from + MAX_STRING)
  for (let index = from; index < until && ends.length < 3; index += 1) {
    if (raw.charAt(index) === '\\') index += 1
    else if (
      raw.startsWith(close, index) &&
      /^\s*(?:[,:}\])<]|$)/.test(raw.slice(index + 1, index + 40))
    )
      ends.push(index)
  }
  return ends
}

function quoted(content: string, { notation }: CallSyntax): string {
  if (notation.type === 'gemma') return `<escape>${content}<escape>`
  // Escapes that the model wrote are kept; only what may not stand there raw is escaped.
  const escaped = content.replaceAll(/(?<!\\)"|[\n\r\t]/g, (found) => CONTROL[found] ?? '\\"')
  return `"${escaped}"`
}

/** A positional argument gets the name that the tool's schema has in its place. */
function positional({
  raw,
  at,
  start,
  expected,
  parameters,
  syntax,
}: BrokenPlace): readonly RepairEdit[] {
  if (syntax.notation.type !== 'python' || !expected.startsWith('the name of an argument'))
    return []
  const properties = parameters?.['properties']
  const keys = typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
  const before = raw.slice(start, at)
  const key = keys.find(
    (each) => !new RegExp(`\\b${each.replaceAll(/\W/g, '\\$&')}\\s*=`).test(before),
  )
  if (key === undefined) return []
  return [{ start: at, end: at, text: `${key}=`, label: `positional argument named ${key}` }]
}

/** A key or a text without quotes. */
function bareWord({ raw, at, syntax }: BrokenPlace): readonly RepairEdit[] {
  const rest = raw.slice(at, at + 200)
  const word = /^[A-Za-z_][\w.-]*/.exec(rest)?.[0]
  if (word === undefined) return []
  const phrase = /^[A-Za-z_][^,:=}\])\n<"']*/.exec(rest)?.[0].trimEnd() ?? word
  const label = `${word} put in quotes`
  return [...new Set([word, phrase])].map((text) => ({
    start: at,
    end: at + text.length,
    text: quoted(text, syntax),
    label,
  }))
}

/** A backslash that escapes nothing. */
function escapes({ raw, at, expected }: BrokenPlace): readonly RepairEdit[] {
  const backslash = raw.lastIndexOf('\\', at)
  const isEscape = expected.includes('backslash') || expected.includes('hexadecimal')
  if (!isEscape || backslash < at - 8 || backslash < 0) return []
  return [{ start: backslash, end: backslash, text: '\\', label: 'backslash escaped' }]
}

/** DSML says of a text that it is JSON. */
function typeAttribute({ raw, at }: BrokenPlace): readonly RepairEdit[] {
  const attribute = 'string="false">'
  if (!raw.slice(0, at).endsWith(attribute)) return []
  const start = at - attribute.length
  return [{ start, end: at, text: 'string="true">', label: 'marked as text' }]
}

/** What the parser named literally. */
function missingText({ expected, at, raw }: BrokenPlace): readonly RepairEdit[] {
  const literals = [...expected.matchAll(/"([^"]+)"/g)].map(([, text]) => text ?? '')
  const trimmed = raw.slice(0, at).trimEnd().length
  return literals
    .filter((text) => text.length === 1 || (text.startsWith('</') && raw.charAt(at) === '<'))
    .flatMap((text) => {
      const label = `missing ${text} added`
      const here = { start: at, end: at, text, label }
      // A bracket belongs to what it closes, not behind the line break after it.
      const isFarther = trimmed < at && /[}\])]/.test(text)
      return isFarther ? [{ ...here, start: trimmed, end: trimmed }, here] : [here]
    })
}

/** A quote inside a string ended it too early. */
function innerQuote({ raw, at, expected, start }: BrokenPlace): readonly RepairEdit[] {
  const quote = raw.slice(0, at).trimEnd().length - 1
  if (quote <= start || raw.charAt(quote) !== '"' || !expected.startsWith('","')) return []
  return [{ start: quote, end: quote, text: '\\', label: 'quote inside a string escaped' }]
}

function surplus({ raw, at }: BrokenPlace): readonly RepairEdit[] {
  const character = raw.charAt(at)
  if (character === '0' || !/[{}\]()[,:;"'=0-9]/.test(character)) return leadingZero(raw, at)
  return [
    ...leadingZero(raw, at),
    { start: at, end: at + 1, text: '', label: `surplus ${character} removed` },
  ]
}

function leadingZero(raw: string, at: number): readonly RepairEdit[] {
  if (!/\d/.test(raw.charAt(at)) || raw.charAt(at - 1) !== '0') return []
  return [{ start: at - 1, end: at, text: '', label: 'leading zero removed' }]
}

/** The closing brackets that a text lacks; null when it ends inside a string, or closes what it never opened. */
function openBrackets(text: string): string | null {
  const stack: string[] = []
  let quote = ''
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (quote !== '') {
      if (character === '\\') index += 1
      else if (character === quote) quote = ''
    } else if (character === '"') quote = character
    else if (CLOSERS[character] !== undefined) stack.push(CLOSERS[character])
    else if (/[}\])]/.test(character) && stack.pop() !== character) return null
  }
  return quote === '' ? stack.toReversed().join('') : null
}
