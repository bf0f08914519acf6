import type { Span } from '../lib/span.ts'
import type { PromptPart } from './prompt-part.ts'

type Named = Span & { readonly part: PromptPart }

/**
 * Finds the JSON object that holds each name, in a text where several objects stand in one array or line.
 *
 * The object of a part is the outermost one that holds all names of the part and no name of another. Where there is no
 * such object (another notation), the names themselves are all that is known. No object reaches into or over one of
 * the `foreign` stretches: what a user or a function wrote may hold any brace and quote.
 */
export function findObjects(
  text: string,
  names: readonly Named[],
  foreign: readonly Span[],
): readonly Named[] {
  const sorted = [...names].toSorted((a, b) => a.start - b.start)
  const groups: { part: PromptPart; start: number; end: number }[] = []
  for (const { part, start, end } of sorted) {
    const last = groups.at(-1)
    if (last && last.part === part) last.end = end
    else groups.push({ part, start, end })
  }
  return groups.map((group, index) => {
    const before = foreign.filter(({ end }) => end <= group.start).map(({ end }) => end)
    const after = foreign.filter(({ start }) => start >= group.end).map(({ start }) => start)
    const from = Math.max(groups[index - 1]?.end ?? 0, ...before)
    const to = Math.min(groups[index + 1]?.start ?? text.length, ...after)
    return { part: group.part, ...(objectAround(text, group, { start: from, end: to }) ?? group) }
  })
}

function objectAround(text: string, inner: Span, bounds: Span): Span | null {
  for (let at = text.indexOf('{', bounds.start); at >= 0 && at < inner.start;) {
    const end = objectEnd(text, at, bounds.end)
    if (end !== null && end >= inner.end) return { start: at, end }
    at = text.indexOf('{', at + 1)
  }
  return null
}

/** Behind the brace that closes the one at `start`; null when it is not closed before `limit`. */
function objectEnd(text: string, start: number, limit: number): number | null {
  let depth = 0
  for (let at = start; at < limit; at++) {
    const character = text[at]
    if (character === '"') {
      at = stringEnd(text, at, limit)
      continue
    }
    if (character === '{') depth += 1
    if (character === '}') depth -= 1
    if (depth === 0) return at + 1
  }
  return null
}

function stringEnd(text: string, start: number, limit: number): number {
  let at = start + 1
  while (at < limit && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
