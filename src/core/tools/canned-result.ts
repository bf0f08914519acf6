import { isJsonObject, type JsonValue } from '../lib/json.ts'
import type { CannedResult } from './tool.ts'

/**
 * The stored result for a call with these arguments: of those whose every condition holds, the one with the most
 * conditions; among equals the first. Null when none fits.
 */
export function chooseCannedResult<Result extends Pick<CannedResult, 'when'>>(
  results: readonly Result[],
  callArguments: JsonValue,
): Result | null {
  let best: Result | null = null
  for (const result of results) {
    if (!matches(result.when, callArguments)) continue
    if (!best || Object.keys(result.when).length > Object.keys(best.when).length) best = result
  }
  return best
}

function matches(when: CannedResult['when'], callArguments: JsonValue): boolean {
  const given = isJsonObject(callArguments) ? callArguments : {}
  return Object.entries(when).every(
    ([key, value]) => Object.hasOwn(given, key) && isEqual(given[key] ?? null, value),
  )
}

/** Equal as JSON: key order does not count. */
function isEqual(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]))
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key] ?? null, b[key] ?? null))
  )
}
