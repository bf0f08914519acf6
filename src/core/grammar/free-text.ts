import type { CallSyntax, SyntaxPart } from '../formats/call-syntax.ts'
import { type Automaton, automatonOf, difference, intersection, withoutTexts } from './automaton.ts'
import { ANY_CHAR, charsOf, codeOf, complement } from './char-set.ts'
import { anyText, chars, EMPTY_TEXT, choice, repeat, sequence, text } from './language.ts'

const THINK_TAGS: ReadonlySet<string> = new Set(['<think>', '</think>'])

/**
 * Text in which no call begins that the grammar does not bind.
 *
 * A family with a marker never writes it elsewhere. Of one without, an answer that begins like a call is one, and so is the whole
 * beginning of a call anywhere.
 */
export function textWithoutCalls(syntax: CallSyntax, toolNames: readonly string[]): Automaton {
  if (!syntax.triggerAtStart) return withoutTexts([syntax.trigger])
  const starts = callBeginnings(syntax, toolNames)
  return intersection(beginsOtherwise(syntax.trigger), withoutTexts(starts))
}

/** As above, and without anything that the family's parser would take for a call in any other notation that it knows. */
export function textOnly(
  syntax: CallSyntax,
  markers: readonly string[],
  toolNames: readonly string[],
): Automaton {
  const taken = markers.filter((marker) => !THINK_TAGS.has(marker))
  const texts = syntax.triggerAtStart
    ? [...callBeginnings(syntax, toolNames), ...namesOf(syntax)]
    : [syntax.trigger]
  const free = withoutTexts([...new Set([...taken, ...texts])])
  if (!syntax.triggerAtStart) return free
  const text = intersection(beginsOtherwise(syntax.trigger), free)
  return syntax.notation.type === 'json' ? difference(text, automatonOf(HOLDS_LIST)) : text
}

/** In bare JSON it is the key that makes an object a call, wherever it stands. */
function namesOf({ notation }: CallSyntax): readonly string[] {
  return notation.type === 'json' ? ['"name"'] : []
}

const SPACE = charsOf(' \t\n\r')

/** A list of objects is read as calls that broke, in a code fence as well. */
const HOLDS_LIST = sequence([
  anyText(),
  text('['),
  repeat(chars(SPACE), 0, null),
  text('{'),
  anyText(),
])

function beginsOtherwise(trigger: string): Automaton {
  const space = repeat(chars(SPACE), 0, null)
  const first = codeOf(trigger)
  const other = complement([...SPACE, [first, first] as const].toSorted((a, b) => a[0] - b[0]))
  const all = automatonOf(choice([space, sequence([space, chars(other), anyText()])]))
  // A longer trigger may have begun without being one.
  if (Array.from(trigger).length === 1) return all
  const triggered = automatonOf(sequence([space, text(trigger), anyText()]))
  return difference(
    automatonOf(choice([EMPTY_TEXT, sequence([chars(ANY_CHAR), anyText()])])),
    triggered,
  )
}

/** The fixed text with which calls begin, up to the name, or with it where nothing else tells a call. */
function callBeginnings(
  { open, call, trigger }: CallSyntax,
  toolNames: readonly string[],
): readonly string[] {
  const beginning = leadingText([...open, ...call.before])
  if (beginning.length > Array.from(trigger).length) return [beginning]
  return toolNames.map((name) => beginning + name + leadingText(call.between))
}

/** The fixed text at the beginning. */
export function leadingText(parts: readonly SyntaxPart[]): string {
  let text = ''
  for (const part of parts) {
    if (typeof part !== 'string') break
    text += part
  }
  return text
}
