import { validate } from '@cfworker/json-schema'

import type { JsonValue } from '../lib/json.ts'
import type { CallIssue } from './call-issue.ts'
import { leafIssues } from './leaf-issues.ts'
import { prepareSchema, StepLimitError } from './prepare-schema.ts'

/**
 * Checks a value against a JSON Schema (draft 2020-12, or the one that `$schema` names).
 *
 * Never throws, whatever the schema says: malformed keywords and references that lead nowhere do not count. What could not be
 * checked is a warning.
 */
export function validateValue(schema: JsonValue, value: JsonValue): readonly CallIssue[] {
  try {
    const prepared = prepareSchema(schema, longestText(value))
    const { errors } = validate(value, prepared.schema, prepared.draft, prepared.lookup, false)
    const skipped = prepared.skippedPatterns.map((pattern) =>
      unchecked(
        `The pattern ${pattern} was not checked: it may take too long on a text of this length.`,
      ),
    )
    return [...leafIssues(errors, { prepared, value }), ...skipped]
  } catch (error) {
    if (error instanceof StepLimitError || error instanceof RangeError) {
      return [
        unchecked('The arguments were not checked: the schema is nested or repeated without end.'),
      ]
    }
    const detail = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    return [
      unchecked(`The arguments were not checked: the schema cannot be used (${detail ?? ''}).`),
    ]
  }
}

function unchecked(message: string): CallIssue {
  return { kind: 'schema', severity: 'warning', path: '', message }
}

function longestText(root: JsonValue): number {
  let longest = 0
  const waiting = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string') longest = Math.max(longest, value.length)
    if (typeof value !== 'object' || value === null) continue
    for (const [key, item] of Object.entries(value)) {
      longest = Math.max(longest, key.length)
      waiting.push(item)
    }
  }
  return longest
}
