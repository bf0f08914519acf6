import type { PromptPart } from './prompt-part.ts'
import { commonEnd, commonStart, type Trace, type TracedChunk } from './trace-marks.ts'
import { partKey } from './prompt-part.ts'

/** Beyond so many pairs of chunks the middle is taken as one: a template that differs everywhere says nothing. */
const MOST_PAIRS = 250_000

export type TraceDifference = {
  /** What only `trace` has. */
  readonly own: readonly { readonly start: number; readonly end: number }[]
  /** What `other` prints too, but elsewhere in its program, with the part that it prints it for. */
  readonly shared: readonly {
    readonly start: number
    readonly end: number
    readonly part: PromptPart
  }[]
}

/** Finds the text that one rendering has and another, of the same program with less input, has not. */
export function traceDifference(trace: Trace, other: Trace): TraceDifference {
  const own: { start: number; end: number }[] = []
  const shared: { start: number; end: number; part: PromptPart }[] = []
  for (const [mine, theirs] of unmatchedRuns(trace.chunks, other.chunks)) {
    const [first] = mine
    const last = mine.at(-1)
    if (!first || !last) continue
    const { start } = first
    const { end } = last
    const text = trace.text.slice(start, end)
    const otherText = theirs.map((chunk) => other.text.slice(chunk.start, chunk.end)).join('')
    const head = commonStart(text, otherText)
    const tail = commonEnd(text.slice(head), otherText.slice(head))
    own.push({ start: start + head, end: end - tail })
    const headPart = theirs[0]?.part
    const tailPart = theirs.at(-1)?.part
    if (head > 0 && headPart) shared.push({ start, end: start + head, part: headPart })
    if (tail > 0 && tailPart) shared.push({ start: end - tail, end, part: tailPart })
  }
  return { own: own.filter((span) => span.end > span.start), shared }
}

type Run = readonly [readonly TracedChunk[], readonly TracedChunk[]]

/** The longest common subsequence by statement and part; what stands between two matches is a run. */
function unmatchedRuns(a: readonly TracedChunk[], b: readonly TracedChunk[]): readonly Run[] {
  const keysA = a.map(keyOf)
  const keysB = b.map(keyOf)
  const head = commonCount(keysA, keysB, (index) => index)
  const tail = Math.min(
    commonCount(keysA, keysB, (index, keys) => keys.length - 1 - index),
    Math.min(a.length, b.length) - head,
  )
  const endA = a.length - tail
  const endB = b.length - tail
  const runs: Run[] = []
  let fromA = 0
  let fromB = 0
  const match = (atA: number, atB: number) => {
    if (atA > fromA || atB > fromB) runs.push([a.slice(fromA, atA), b.slice(fromB, atB)])
    // Matched statements may print another text.
    if (atA < a.length && atB < b.length) runs.push([a.slice(atA, atA + 1), b.slice(atB, atB + 1)])
    fromA = atA + 1
    fromB = atB + 1
  }
  for (let index = 0; index < head; index++) match(index, index)
  for (const [atA, atB] of matchesBetween(keysA.slice(head, endA), keysB.slice(head, endB))) {
    match(atA + head, atB + head)
  }
  for (let index = 0; index < tail; index++) match(endA + index, endB + index)
  match(a.length, b.length)
  return runs
}

function commonCount(
  a: readonly string[],
  b: readonly string[],
  at: (index: number, keys: readonly string[]) => number,
): number {
  const most = Math.min(a.length, b.length)
  let count = 0
  while (count < most && a[at(count, a)] === b[at(count, b)]) count += 1
  return count
}

function matchesBetween(
  a: readonly string[],
  b: readonly string[],
): readonly (readonly [number, number])[] {
  if (a.length * b.length > MOST_PAIRS) return []
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0
  for (let row = a.length - 1; row >= 0; row--) {
    for (let column = b.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        a[row] === b[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const matches: (readonly [number, number])[] = []
  let row = 0
  let column = 0
  while (row < a.length && column < b.length) {
    if (a[row] === b[column]) matches.push([row++, column++])
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1
    else column += 1
  }
  return matches
}

function keyOf({ statement, part }: TracedChunk): string {
  return `${statement}/${part ? partKey(part) : ''}`
}
