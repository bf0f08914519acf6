/** Longer names than this are compared only after normalization: the distance takes quadratic time. */
const MAX_DISTANCE_LENGTH = 100

/**
 * The candidate that was probably meant by `name`, or undefined when none is near.
 *
 * Case and separators do not count; otherwise about one slip (insert, delete, replace, swap) in four characters is near.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = normalize(name)
  if (wanted === '') return undefined
  let best: { readonly candidate: string; readonly distance: number } | undefined
  for (const candidate of candidates) {
    if (candidate === name) continue
    const near = normalize(candidate)
    if (near === '') continue
    if (near === wanted) return candidate
    const longest = Math.max(wanted.length, near.length)
    if (longest > MAX_DISTANCE_LENGTH) continue
    const allowed = Math.max(longest > 2 ? 1 : 0, Math.floor(longest / 4))
    const distance = editDistance(wanted, near)
    if (distance <= allowed && distance < (best?.distance ?? Infinity))
      best = { candidate, distance }
  }
  return best?.candidate
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.:/-]+/g, '')
}

/** Damerau-Levenshtein distance in its "optimal string alignment" form. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1
      let distance = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + cost,
      )
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) distance = Math.min(distance, (beforeLast[column - 2] ?? 0) + 1)
      current.push(distance)
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}
