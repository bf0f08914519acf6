import { isJsonObject, type JsonValue } from '../lib/json.ts'
import type { CallIssue } from './call-issue.ts'
import { childPointer } from './json-pointer.ts'
import { nearest } from './nearest.ts'
import { namedValue, orList, shortValue, typeWords } from './value-text.ts'

/** An issue with what was expected, so that the branches of an `anyOf` can be told as one. */
export type Finding = {
  readonly issue: CallIssue
  readonly types?: readonly string[]
  readonly allowed?: readonly JsonValue[]
}

export function typeFinding(
  path: string,
  types: readonly string[],
  value: JsonValue | undefined,
): Finding {
  const message = `Expected ${orList(types.map(typeWords))}, got ${namedValue(value ?? null)}.`
  return { ...plain('type', path, message), types }
}

export function enumFinding(
  path: string,
  allowed: readonly JsonValue[],
  value: JsonValue | undefined,
): Finding {
  const texts = allowed.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
  const given = typeof value === 'string' ? value : JSON.stringify(value ?? null)
  const same = texts.find((text) => text === given)
  const suggestion = same ?? nearest(given, texts)
  const message = `Expected ${orList(allowed.map(shortValue))}, got ${namedValue(value ?? null)}.`
  const found = plain('enum', path, message)
  return { issue: suggestion === undefined ? found.issue : { ...found.issue, suggestion }, allowed }
}

export function missingFindings(
  path: string,
  names: readonly JsonValue[],
  value: JsonValue | undefined,
): readonly Finding[] {
  return names.flatMap((name) => {
    if (typeof name !== 'string' || (isJsonObject(value) && Object.hasOwn(value, name))) return []
    return [
      plain(
        'missing',
        childPointer(path, name),
        `${JSON.stringify(name)} is required but missing.`,
      ),
    ]
  })
}

export function plain(kind: CallIssue['kind'], path: string, message: string): Finding {
  return { issue: { kind, severity: 'error', path, message } }
}
