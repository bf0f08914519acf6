/** `text` is what a template prints as it stands; `code` is the rest of a tag: names, operators, white space. */
export type JinjaTokenKind =
  | 'text'
  | 'comment'
  | 'statement-mark'
  | 'expression-mark'
  | 'keyword'
  | 'string'
  | 'number'
  | 'code'

export type JinjaToken = { readonly kind: JinjaTokenKind; readonly text: string }

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'and or not in is if elif else endif for endfor recursive break continue set endset macro endmacro call endcall ' +
    'filter endfilter raw endraw generation endgeneration true false none True False None'
  ).split(' '),
)

const NAME = /[A-Za-z_]\w*/y
const NUMBER = /\d+(?:\.\d+)?/y
const TAG_START = /\{[%{#]/g
const RAW_END = /\{%[-+]?\s{0,80}endraw\b/g

/**
 * Splits a Jinja template for highlighting. The texts joined are the source, whatever it is; an unclosed tag or string
 * goes to the end. Linear in the length of the source.
 */
export function jinjaTokens(source: string): readonly JinjaToken[] {
  const tokens: JinjaToken[] = []
  let at = 0
  let isRaw = false

  function push(kind: JinjaTokenKind, end: number): void {
    if (end <= at) return
    const text = source.slice(at, end)
    at = end
    const last = tokens.at(-1)
    if (kind === 'code' && last?.kind === 'code') {
      tokens[tokens.length - 1] = { kind, text: last.text + text }
    } else tokens.push({ kind, text })
  }

  function readTag(kind: 'statement-mark' | 'expression-mark'): void {
    const close = kind === 'statement-mark' ? '%}' : '}}'
    push(kind, at + (isTrimMark(source[at + 2]) ? 3 : 2))
    let depth = 0
    let isFirstName = true
    while (at < source.length) {
      const character = source[at] ?? ''
      const closeAt = at + (isTrimMark(character) ? 1 : 0)
      // The braces of `{{ {'a': {}} }}` are no end.
      if (source.startsWith(close, closeAt) && (depth === 0 || close === '%}')) {
        push(kind, closeAt + 2)
        return
      }
      const name = matchAt(NAME, source, at)
      if (name) {
        if (isFirstName && kind === 'statement-mark') isRaw = name === 'raw'
        isFirstName = false
        push(KEYWORDS.has(name) ? 'keyword' : 'code', at + name.length)
        continue
      }
      const number = matchAt(NUMBER, source, at)
      if (number) {
        push('number', at + number.length)
        continue
      }
      if (character === '"' || character === "'") {
        push('string', stringEnd(source, at))
        continue
      }
      if (character === '{') depth += 1
      if (character === '}') depth = Math.max(0, depth - 1)
      push('code', at + 1)
    }
  }

  while (at < source.length) {
    if (isRaw) {
      push('text', searchFrom(RAW_END, source, at))
      isRaw = false
    } else push('text', searchFrom(TAG_START, source, at))
    const mark = source.slice(at, at + 2)
    if (mark === '{#') push('comment', endOf('#}', source, at + 2))
    else if (mark === '{%') readTag('statement-mark')
    else if (mark === '{{') readTag('expression-mark')
  }
  return tokens
}

function isTrimMark(character: string | undefined): boolean {
  return character === '-' || character === '+'
}

function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0] ?? null
}

function searchFrom(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(source)?.index ?? source.length
}

function endOf(mark: string, source: string, from: number): number {
  const at = source.indexOf(mark, from)
  return at < 0 ? source.length : at + mark.length
}

function stringEnd(source: string, start: number): number {
  const quote = source[start]
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at += 1
    else if (source[at] === quote) return at + 1
  }
  return source.length
}
