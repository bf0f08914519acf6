import { type ParseError, parseTree, type ParseErrorCode, printParseErrorCode } from 'jsonc-parser'

import type { Span } from '../lib/span.ts'

export type JsonProblem = { readonly span: Span; readonly message: string }

/** Definitions are a handful of levels deep; more would overflow the stack of what reads them. */
const MAX_DEPTH = 200

/** After this many, one has been read as something it is not. */
const MAX_PROBLEMS = 20

/**
 * Why a text is no strict JSON, each slip with its place; empty when it is JSON.
 *
 * What people paste from other languages (comments, trailing commas, single quotes, unquoted keys, `True`) is named; of the rest only
 * the first is told, because one slip makes the parser stumble over all that follows.
 */
export function jsonProblems(text: string): readonly JsonProblem[] {
  const tooDeep = depthProblem(text)
  if (tooDeep) return [tooDeep]
  try {
    JSON.parse(text)
    return []
  } catch {
    const errors: ParseError[] = []
    parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
    const found = explain(text, errors)
    return found.length > 0
      ? found
      : [{ span: { start: 0, end: text.length }, message: 'This is no JSON.' }]
  }
}

function depthProblem(text: string): JsonProblem | null {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index)
    if (char === '"') {
      index = endOfString(text, index) - 1
    } else if (char === '{' || char === '[') {
      depth++
      if (depth > MAX_DEPTH)
        return { span: { start: index, end: index + 1 }, message: 'This is nested too deeply.' }
    } else if (char === '}' || char === ']') depth--
  }
  return null
}

/** The offset behind the string that begins at `start`, or the end of its line. */
function endOfString(text: string, start: number): number {
  const quote = text.charAt(start)
  for (let index = start + 1; index < text.length; index++) {
    const char = text.charAt(index)
    if (char === '\\') index++
    else if (char === quote) return index + 1
    else if (char === '\n') return index
  }
  return text.length
}

type Slip = { readonly span: Span; readonly message: string; readonly isNamed: boolean }

function explain(text: string, errors: readonly ParseError[]): readonly JsonProblem[] {
  const problems: JsonProblem[] = []
  let handledTo = -1
  let isLost = false
  for (const parseError of errors) {
    if (parseError.offset < handledTo || problems.length >= MAX_PROBLEMS) continue
    const { span, message, isNamed } = slipAt(text, parseError)
    if (!isNamed && isLost) continue
    // Behind a slip inside of a value, the parser's own words are about what it made of it.
    isLost = true
    if (problems.at(-1)?.span.start === span.start) continue
    handledTo = span.end
    problems.push({ span, message })
  }
  return problems
}

const LITERALS: ReadonlyMap<string, string> = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
  ['undefined', 'null'],
  ['NaN', 'null'],
  ['Infinity', 'null'],
])

function slipAt(text: string, { error, offset, length }: ParseError): Slip {
  const end = Math.min(text.length, offset + Math.max(1, length))
  // At the very end there is nothing to underline but what comes before it.
  const span = { start: Math.min(offset, Math.max(0, end - 1)), end }
  const char = text.charAt(offset)
  const named = (message: string, stop = span.end, start = offset): Slip => ({
    span: { start, end: stop },
    message,
    isNamed: true,
  })
  if (/^\/[/*]/.test(text.slice(offset, offset + 2))) {
    const close = text.startsWith('/*', offset)
      ? text.indexOf('*/', offset) + 2
      : text.indexOf('\n', offset)
    return named('JSON has no comments.', close > offset ? close : text.length)
  }
  if (char === "'" || char === '`') {
    return named('JSON strings stand in double quotes (").', endOfString(text, offset))
  }
  if (/[\u201c\u201d\u2018\u2019\u00ab\u00bb]/.test(char))
    return named('Typographic quotes: JSON needs straight ones (").')
  if (char !== ' ' && /[\s\u200b\ufeff]/.test(char) && !'\t\r\n'.includes(char)) {
    const code = char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return named(`An invisible character (U+${code}) stands here: delete it.`)
  }
  const word = /^[\p{L}_$][\p{L}\p{N}_$-]*/u.exec(text.slice(offset, offset + 200))?.[0]
  if (word !== undefined) {
    if (/^\s*:/.test(text.slice(offset + word.length))) {
      return named(`Keys stand in double quotes: "${word}".`, offset + word.length)
    }
    const literal = LITERALS.get(word)
    if (literal !== undefined)
      return named(`JSON has no ${word}: write ${literal}.`, offset + word.length)
  }
  const before = text.slice(0, offset).trimEnd()
  if ((char === '}' || char === ']') && before.endsWith(',')) {
    return named(`Remove the comma before ${char}.`, before.length, before.length - 1)
  }
  return {
    span,
    message: MESSAGES.get(printParseErrorCode(error as ParseErrorCode)) ?? 'This is no JSON.',
    isNamed: false,
  }
}

const MESSAGES: ReadonlyMap<string, string> = new Map([
  ['InvalidSymbol', 'Unknown word. Text stands in double quotes (").'],
  ['InvalidNumberFormat', 'This number is not written as in JSON.'],
  ['PropertyNameExpected', 'A key in double quotes must stand here.'],
  ['ValueExpected', 'A value is missing here.'],
  ['ColonExpected', 'A colon must stand here.'],
  ['CommaExpected', 'A comma is missing before this.'],
  ['CloseBraceExpected', 'A closing } is missing.'],
  ['CloseBracketExpected', 'A closing ] is missing.'],
  [
    'EndOfFileExpected',
    'The definition is over before this. Several definitions stand in an array: [ … ].',
  ],
  ['UnexpectedEndOfComment', 'JSON has no comments.'],
  ['UnexpectedEndOfString', 'The closing quote (") of this text is missing.'],
  ['UnexpectedEndOfNumber', 'This number is not complete.'],
  ['InvalidUnicode', 'A \\u must be followed by four hexadecimal digits.'],
  ['InvalidEscapeCharacter', 'JSON has no such escape: write \\\\ for a backslash.'],
  ['InvalidCharacter', 'Line breaks and tabs in text are written \\n and \\t.'],
])
