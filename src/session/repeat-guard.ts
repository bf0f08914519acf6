import { isJsonObject, type JsonValue } from '../core/lib/json.ts'
import type { ToolCall } from '../core/tools/tool.ts'

/** How often one call may be made in one run. */
const MOST_TIMES = 2

export type RepeatGuard = {
  /** Notes the calls of a step. Says which call it is when the model goes round in circles, else null. */
  readonly add: (
    calls: readonly ToolCall[],
  ) => { readonly name: string; readonly times: number } | null
}

/**
 * Notices a model that asks again for what it was given: the same set of calls in two steps in a row, or one call for
 * the third time. The same arguments in another order of keys are the same call.
 */
export function createRepeatGuard(): RepeatGuard {
  const counts = new Map<string, number>()
  let previous = ''
  return {
    add(calls) {
      // A call made twice within one step counts once: it is odd, but no circle.
      const keyed = new Map(
        calls.map((call) => [canonical([call.name, call.arguments]), call.name]),
      )
      const set = [...keyed.keys()].toSorted().join('\n')
      const isSameSet = calls.length > 0 && set === previous
      previous = set
      let worst: { readonly name: string; readonly times: number } | null = null
      for (const [key, name] of keyed) {
        const times = (counts.get(key) ?? 0) + 1
        counts.set(key, times)
        if (isSameSet || times > MOST_TIMES) {
          worst = worst && worst.times >= times ? worst : { name, times }
        }
      }
      return worst
    },
  }
}

function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
}
