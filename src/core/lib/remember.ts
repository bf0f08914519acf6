/**
 * `compute`, with its latest results kept: for work that is dear and depends on one text alone, such as parsing a
 * template on every keystroke elsewhere.
 */
export function remember<Result>(
  compute: (text: string) => Result,
  most: number,
): (text: string) => Result {
  const results = new Map<string, Result>()
  return (text) => {
    const known = results.get(text)
    if (known !== undefined) return known
    const result = compute(text)
    results.set(text, result)
    const [oldest] = results.keys()
    if (results.size > most && oldest !== undefined) results.delete(oldest)
    return result
  }
}
