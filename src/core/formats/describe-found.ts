const MAX_WORD = 24
const NAMES: Readonly<Record<string, string>> = {
  '\n': 'a line break',
  '\r': 'a line break',
  '\t': 'a tab',
  '"': 'a double quote',
}

/**
 * Names, for people, what stands at the beginning of `rest` (the text from the offending character on).
 *
 * Between tokens a whole word or tag is named (`True`, `</tool_call>`), inside a string only the character.
 */
export function describeFound(rest: string, isInString: boolean): string {
  const token = isInString ? null : /^(?:[A-Za-z_]\w*|<[/|｜]?[\w▁]+[|｜]?>|```)/.exec(rest)?.[0]
  if (token) return `"${token.slice(0, MAX_WORD)}"`
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
  const code = character.codePointAt(0) ?? 0
  if (rest === '') return 'nothing'
  if (NAMES[character]) return NAMES[character]
  if (code < 0x20 || code === 0x7f) return `a control character (${codePointName(code)})`
  if (code >= 0xd800 && code <= 0xdfff) return `half a character (${codePointName(code)})`
  return `"${character}"`
}

/** How much text `describeFound` may need. */
export const FOUND_LENGTH = MAX_WORD + 1

function codePointName(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
