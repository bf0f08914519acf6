import { ANY_CHAR, charsOf, type CharSet } from './char-set.ts'

/** A regular language over characters: what a string, a key or a number may be. */
export type Language =
  | { readonly type: 'chars'; readonly set: CharSet }
  | { readonly type: 'sequence'; readonly parts: readonly Language[] }
  | { readonly type: 'choice'; readonly options: readonly Language[] }
  | {
      readonly type: 'repeat'
      readonly of: Language
      readonly least: number
      /** Null: without end. */
      readonly most: number | null
    }

export const EMPTY_TEXT: Language = { type: 'sequence', parts: [] }
/** No text at all, not even the empty one. */
export const NOTHING: Language = { type: 'choice', options: [] }

export function chars(set: CharSet): Language {
  return { type: 'chars', set }
}

export function text(value: string): Language {
  return sequence(Array.from(value, (char) => chars(charsOf(char))))
}

export function sequence(parts: readonly Language[]): Language {
  if (parts.includes(NOTHING)) return NOTHING
  const flat = parts.flatMap((part) => (part.type === 'sequence' ? part.parts : [part]))
  const [first] = flat
  return flat.length === 1 && first ? first : { type: 'sequence', parts: flat }
}

export function choice(options: readonly Language[]): Language {
  const flat = options.flatMap((option) => (option.type === 'choice' ? option.options : [option]))
  const [first] = flat
  if (flat.length === 0) return NOTHING
  return flat.length === 1 && first ? first : { type: 'choice', options: flat }
}

export function repeat(of: Language, least: number, most: number | null): Language {
  return least === 1 && most === 1 ? of : { type: 'repeat', of, least, most }
}

export function optional(of: Language): Language {
  return repeat(of, 0, 1)
}

/** Any text of so many characters. */
export function anyText(least = 0, most: number | null = null): Language {
  return repeat(chars(ANY_CHAR), least, most)
}
