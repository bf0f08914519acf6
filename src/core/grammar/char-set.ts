/** Unicode code points as ranges, sorted and apart from each other. */
export type CharSet = readonly CharRange[]
export type CharRange = readonly [first: number, last: number]

const LAST_CODE_POINT = 0x10_ffff

/** Every character but NUL, which ends a text in llama.cpp. */
export const ANY_CHAR: CharSet = [[1, LAST_CODE_POINT]]

export function charsOf(text: string): CharSet {
  return union(Array.from(text, (char) => [[codeOf(char), codeOf(char)]]))
}

export function range(first: string, last: string): CharSet {
  return [[codeOf(first), codeOf(last)]]
}

export const DIGITS: CharSet = range('0', '9')

export function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0
}

export function union(sets: readonly CharSet[]): CharSet {
  const sorted = sets.flat().toSorted((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [first, last] of sorted) {
    const previous = merged.at(-1)
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last)
    else merged.push([first, last])
  }
  return merged
}

export function intersect(a: CharSet, b: CharSet): CharSet {
  const common: CharRange[] = []
  for (const [first, last] of a) {
    for (const [otherFirst, otherLast] of b) {
      const from = Math.max(first, otherFirst)
      const to = Math.min(last, otherLast)
      if (from <= to) common.push([from, to])
    }
  }
  return union([common])
}

export function complement(set: CharSet): CharSet {
  const gaps: CharRange[] = []
  let next = 1
  for (const [first, last] of set) {
    if (first > next) gaps.push([next, first - 1])
    next = Math.max(next, last + 1)
  }
  if (next <= LAST_CODE_POINT) gaps.push([next, LAST_CODE_POINT])
  return gaps
}

export function subtract(set: CharSet, taken: CharSet): CharSet {
  return intersect(set, complement(taken))
}

export function hasChar(set: CharSet, code: number): boolean {
  return set.some(([first, last]) => first <= code && code <= last)
}

/** The coarsest sets of which each of `sets` is a union. */
export function partition(sets: readonly CharSet[]): readonly CharSet[] {
  const starts = new Set<number>()
  for (const [first, last] of sets.flat()) {
    starts.add(first)
    starts.add(last + 1)
  }
  const edges = [...starts].toSorted((a, b) => a - b)
  const parts = new Map<string, CharRange[]>()
  edges.forEach((first, index) => {
    const next = edges[index + 1]
    if (next === undefined) return
    const members = sets.flatMap((set, place) => (hasChar(set, first) ? [place] : []))
    if (members.length === 0) return
    const key = members.join(' ')
    const part = parts.get(key)
    if (part) part.push([first, next - 1])
    else parts.set(key, [[first, next - 1]])
  })
  return [...parts.values()].map((ranges) => union([ranges]))
}
