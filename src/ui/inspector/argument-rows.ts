import type { ParsedCall } from '../../core/formats/parsed-output.ts'
import type { ArgumentText } from '../../core/formats/argument-text.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/lib/json.ts'
import type { Span } from '../../core/lib/span.ts'
import type { CallIssue } from '../../core/schema/call-issue.ts'
import { pointerKeys, pointerOf } from '../../core/schema/json-pointer.ts'

/** One argument of a call as the table shows it. */
export type ArgumentRow = {
  readonly key: string
  /** JSON Pointer into the arguments. */
  readonly pointer: string
  readonly value: ArgumentValue
  /** Key and value in the raw output; null when the argument is not there. */
  readonly span: Span | null
  /** What the tool's schema says of it; null when it says nothing. */
  readonly declared: { readonly type: string; readonly isRequired: boolean } | null
  /** What is wrong with it or inside it. */
  readonly issues: readonly CallIssue[]
  readonly mark: 'good' | 'bad' | 'warning' | 'unchecked'
}

/** A call and what it is written in. */
export type WrittenCall = {
  readonly raw: string
  readonly call: ParsedCall
  /** Null until it is there. */
  readonly reading: ArgumentText | null
}

export type ArgumentValue =
  | { readonly type: 'complete'; readonly value: JsonValue }
  /** The characters so far. */
  | { readonly type: 'partial'; readonly text: string }
  | { readonly type: 'missing' }

/**
 * The arguments of a call in the order they were written, complete or not, then the required ones that are missing.
 *
 * `parameters` is the tool's schema, null when the tool is unknown: then nothing can be checked.
 */
export function argumentRows(
  written: WrittenCall,
  issues: readonly CallIssue[],
  parameters: JsonObject | null,
): readonly ArgumentRow[] {
  const entries = writtenArguments(written, parameters)
  const missing = issues
    .filter((issue) => issue.kind === 'missing')
    .flatMap((issue) => topLevelKey(issue.path) ?? [])
    .filter((key) => !entries.has(key))
  const missingEntries = missing.map((key) => [key, MISSING] as const)
  return [...entries, ...missingEntries].map(([key, { value, span }]) => {
    const pointer = pointerOf([key])
    const own = issues.filter(
      (issue) => issue.path === pointer || issue.path.startsWith(`${pointer}/`),
    )
    return {
      key,
      pointer,
      value,
      span,
      declared: declaredAs(key, parameters),
      issues: own,
      mark: markOf(own, parameters !== null),
    }
  })
}

/** Issues that belong to no single argument. */
export function callLevelIssues(issues: readonly CallIssue[]): readonly CallIssue[] {
  return issues.filter((issue) => issue.path === '')
}

/** A schema in a word or two: `string`, `integer or null`, `array of string`, `celsius | fahrenheit`. */
export function schemaTypeLabel(schema: JsonValue | undefined): string {
  if (!isJsonObject(schema)) return 'any'
  const choices = schema['enum']
  if (Array.isArray(choices) && choices.length > 0 && choices.length <= 6) {
    return choices
      .map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice)))
      .join(' | ')
  }
  const type = schema['type']
  if (type === 'array') {
    return isJsonObject(schema['items']) ? `array of ${schemaTypeLabel(schema['items'])}` : 'array'
  }
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return type.join(' or ')
  return 'any'
}

type Written = { readonly value: ArgumentValue; readonly span: Span | null }

const MISSING: Written = { value: { type: 'missing' }, span: null }

function writtenArguments(
  { raw, call, reading }: WrittenCall,
  parameters: JsonObject | null,
): ReadonlyMap<string, Written> {
  const written = new Map<string, Written>()
  const from = call.argumentsSpan?.start ?? 0
  const text = call.argumentsSpan ? raw.slice(from, call.argumentsSpan.end) : ''
  for (const entry of reading?.entries(text, parameters) ?? []) {
    const { keySpan, valueSpan } = entry
    const value: ArgumentValue =
      entry.value === undefined
        ? { type: 'partial', text: text.slice(valueSpan.start, valueSpan.end) }
        : { type: 'complete', value: entry.value }
    const span = { start: from + keySpan.start, end: from + valueSpan.end }
    written.set(entry.key, { value, span })
  }
  return written
}

function markOf(issues: readonly CallIssue[], isChecked: boolean): ArgumentRow['mark'] {
  if (issues.some((issue) => issue.severity === 'error')) return 'bad'
  if (issues.length > 0) return 'warning'
  return isChecked ? 'good' : 'unchecked'
}

function declaredAs(key: string, parameters: JsonObject | null): ArgumentRow['declared'] {
  const properties = parameters?.['properties']
  if (!isJsonObject(properties) || !Object.hasOwn(properties, key)) return null
  const required = parameters?.['required']
  return {
    type: schemaTypeLabel(properties[key]),
    isRequired: Array.isArray(required) && required.includes(key),
  }
}

function topLevelKey(pointer: string): string | null {
  const [key, ...deeper] = pointerKeys(pointer)
  return key === undefined || deeper.length > 0 ? null : key
}
