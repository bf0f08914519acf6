/**
 * Remembers the latest result: fields that are the same by identity give the very same result.
 *
 * React reads a selector twice and loops when the two results differ, so whatever builds an object needs this.
 */
export function memoFields<Input extends object, Result>(
  compute: (input: Input) => Result,
): (input: Input) => Result {
  let last: { readonly input: Input; readonly result: Result } | null = null
  return (input) => {
    if (last && sameFields(last.input, input)) return last.result
    last = { input, result: compute(input) }
    return last.result
  }
}

/** Like `memoFields`, with the latest result for each key object, for as long as the key lives. */
export function memoFieldsBy<Key extends object, Input extends object, Result>(
  compute: (key: Key, input: Input) => Result,
): (key: Key, input: Input) => Result {
  const memos = new WeakMap<Key, (input: Input) => Result>()
  return (key, input) => {
    let memo = memos.get(key)
    if (!memo) {
      memo = memoFields((fields) => compute(key, fields))
      memos.set(key, memo)
    }
    return memo(input)
  }
}

/** The result for each text, computed once; the oldest are forgotten when there are too many. */
export function memoText<Result>(
  compute: (text: string) => Result,
  most = 500,
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

/** The array of before when it has the same elements. */
export function memoElements<Element>(): (elements: readonly Element[]) => readonly Element[] {
  let last: readonly Element[] = []
  return (elements) => {
    const isSame =
      elements.length === last.length && elements.every((element, index) => element === last[index])
    if (!isSame) last = elements
    return last
  }
}

function sameFields<Input extends object>(a: Input, b: Input): boolean {
  const keys = Object.keys(b) as (keyof Input)[]
  return keys.length === Object.keys(a).length && keys.every((key) => Object.is(a[key], b[key]))
}
