import { isJsonObject, type JsonValue } from '../lib/json.ts'
import type { ToolCall } from '../tools/tool.ts'
import type { ArgumentNotation, CallSyntax, SyntaxPart } from './call-syntax.ts'
import { spacedJson } from './spaced-json.ts'
import type { TaggedNotation } from './tagged-arguments.ts'

const ESCAPE = '<escape>'
const PYTHON_NAME = /^[A-Za-z_]\w*$/
/** Keys that FunctionGemma's notation cannot take for anything else. */
const GEMMA_KEY = /^[^\s:,{}[\]<](?:[^:,{}[\]<]*[^\s:,{}[\]<])?$/

/** Writes calls as a syntax without varying parts has them. No calls are no text. */
export function writeCalls(syntax: CallSyntax, calls: readonly ToolCall[]): string {
  if (calls.length === 0) return ''
  const { before, between, after } = syntax.call
  const written = calls.map(
    ({ name, arguments: args }) =>
      fixed(before) + name + fixed(between) + writeArguments(syntax.notation, args) + fixed(after),
  )
  return fixed(syntax.open) + written.join(fixed(syntax.separator ?? [])) + fixed(syntax.close)
}

/** Arguments without what encloses them. What is no object has no place in these notations: it stands there as a value. */
export function writeArguments(notation: ArgumentNotation, args: JsonValue): string {
  if (!isJsonObject(args))
    return notation.type === 'json' ? spacedJson(args) : writeValue(notation, args)
  const entries = Object.entries(args)
  switch (notation.type) {
    case 'json':
      return spacedJson(args)
    case 'python':
      return entries.map(([key, value]) => `${pythonKey(key)}=${writePython(value)}`).join(', ')
    case 'gemma':
      return entries.map(([key, value]) => `${gemmaKey(key)}:${writeGemma(value)}`).join(',')
    case 'tagged':
      return entries
        .map(([key, value]) => writeTagged(notation, key, value))
        .join(notation.separator)
  }
}

/** One value, as it stands behind its key. */
export function writeValue(notation: ArgumentNotation, value: JsonValue): string {
  switch (notation.type) {
    case 'json':
      return spacedJson(value)
    case 'python':
      return writePython(value)
    case 'gemma':
      return writeGemma(value)
    case 'tagged':
      return typeof value === 'string' ? value : spacedJson(value)
  }
}

/** One argument in its element. */
export function writeTagged(notation: TaggedNotation, key: string, value: JsonValue): string {
  const { before, between, betweenJson = between, after } = notation
  const isText = typeof value === 'string'
  return before + key + (isText ? between : betweenJson) + writeValue(notation, value) + after
}

function writePython(value: JsonValue): string {
  if (value === null) return 'None'
  if (isList(value)) return `[${value.map(writePython).join(', ')}]`
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False'
    case 'object': {
      const entries = Object.entries(value).map(
        ([key, entry]) => `${JSON.stringify(key)}: ${writePython(entry)}`,
      )
      return `{${entries.join(', ')}}`
    }
    default:
      // Python reads every escape that JSON has.
      return JSON.stringify(value)
  }
}

function writeGemma(value: JsonValue): string {
  if (typeof value === 'string') return ESCAPE + value + ESCAPE
  if (isList(value)) return `[${value.map(writeGemma).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(
    ([key, entry]) => `${gemmaKey(key)}:${writeGemma(entry)}`,
  )
  return `{${entries.join(',')}}`
}

function pythonKey(key: string): string {
  return PYTHON_NAME.test(key) ? key : JSON.stringify(key)
}

function gemmaKey(key: string): string {
  return GEMMA_KEY.test(key) ? key : ESCAPE + key + ESCAPE
}

function fixed(parts: readonly SyntaxPart[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : '')).join('')
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
