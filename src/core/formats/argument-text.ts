import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import type { Span } from '../lib/span.ts'
import { childPointer, pointerKeys, valueAt } from '../schema/json-pointer.ts'
import type { ArgumentMember, ArgumentNode } from './argument-tree.ts'
import type { ArgumentNotation } from './call-syntax.ts'
import { GemmaArguments } from './gemma-arguments.ts'
import {
  partialEntries,
  replaceAtPointer,
  spanAtPointer,
  type PartialEntry,
} from './partial-json.ts'
import { PythonArguments } from './python-arguments.ts'
import {
  TaggedArguments,
  taggedValue,
  type TaggedArgument,
  type TaggedNotation,
} from './tagged-arguments.ts'
import { spacedJson } from './spaced-json.ts'
import { writeArguments, writeTagged, writeValue } from './write-arguments.ts'

export type ArgumentPlace = {
  /** JSON Pointer (RFC 6901) into the arguments. */
  readonly pointer: string
  /** The schema of the tool's arguments: some notations have no types of their own. */
  readonly parameters: JsonObject | null
}

/**
 * The text of a call's arguments in one notation: what stands where in it, and how it is changed.
 *
 * The text is that of a call's `argumentsSpan`, enclosing brackets included; it may still be written.
 */
export type ArgumentText = {
  /** The top-level arguments, complete, unfinished or broken, in the order they stand there. */
  entries(text: string, parameters: JsonObject | null): readonly PartialEntry[]
  /** Where the value at a pointer stands in a complete text; null when nothing is there. */
  spanAt(text: string, place: ArgumentPlace): Span | null
  /** A complete text with the value at a pointer replaced; null when nothing is there. */
  replaced(text: string, place: ArgumentPlace, value: JsonValue): string | null
}

const READ_BY = new WeakMap<ArgumentNotation, ArgumentText>()

/**
 * Reads and changes arguments in a notation. JSON that stands in another notation's place is read as JSON.
 *
 * The same object for the same notation.
 */
export function argumentText(notation: ArgumentNotation): ArgumentText {
  const known = READ_BY.get(notation) ?? createArgumentText(notation)
  READ_BY.set(notation, known)
  return known
}

function createArgumentText(notation: ArgumentNotation): ArgumentText {
  switch (notation.type) {
    case 'json':
      return JSON_TEXT
    case 'python':
      return orJson(treeText(notation, () => new PythonArguments(), ['(', ')']))
    case 'gemma':
      return treeText(notation, () => new GemmaArguments(), ['{', '}'])
    case 'tagged':
      return taggedText(notation)
  }
}

/** The text with a value replaced where it stands, or added to `args`, the value of the text, when it is missing. */
export function withArgument(
  notation: ArgumentNotation,
  text: { readonly text: string; readonly args: JsonValue },
  change: ArgumentPlace & { readonly value: JsonValue },
): string | null {
  const { pointer, parameters, value } = change
  const replaced = argumentText(notation).replaced(text.text, change, value)
  if (replaced !== null || pointer === '') return replaced
  // A missing argument has no place yet: the object that it belongs to is written anew.
  const parentPointer = pointer.slice(0, pointer.lastIndexOf('/'))
  const key = pointerKeys(pointer).at(-1) ?? ''
  const parent = valueAt(text.args, parentPointer)
  if (!isJsonObject(parent)) return null
  const grown: JsonObject = { ...parent, [key]: value }
  const place = { pointer: parentPointer, parameters }
  return argumentText(notation).replaced(text.text, place, grown)
}

const JSON_TEXT: ArgumentText = {
  entries: (text) => partialEntries(text),
  spanAt: (text, { pointer }) => spanAtPointer(text, pointer),
  replaced: (text, { pointer }, value) => replaceAtPointer(text, pointer, spacedJson(value)),
}

/** Some families write either. */
function orJson(other: ArgumentText): ArgumentText {
  const textFor = (text: string) => (/^\s*[{"]/.test(text) ? JSON_TEXT : other)
  return {
    entries: (text, parameters) => textFor(text).entries(text, parameters),
    spanAt: (text, place) => textFor(text).spanAt(text, place),
    replaced: (text, place, value) => textFor(text).replaced(text, place, value),
  }
}

type TreeReader = {
  readonly tree: { readonly root: ArgumentNode | null }
  read(chunk: string, from: number, base: number): number
}

function treeText(
  notation: ArgumentNotation,
  createReader: () => TreeReader,
  [open, close]: readonly [string, string],
): ArgumentText {
  const rootOf = (text: string) => {
    const reader = createReader()
    reader.read(text, 0, 0)
    return reader.tree.root
  }
  const spanAt = (text: string, { pointer }: ArgumentPlace): Span | null => {
    let node = rootOf(text)
    for (const key of pointerKeys(pointer)) node = memberOf(node, key)?.node ?? null
    return node === null || node.end < 0 ? null : { start: node.start, end: node.end }
  }
  return {
    entries: (text) => (rootOf(text)?.members ?? []).flatMap((member) => entryOf(member, text)),
    spanAt,
    replaced(text, place, value) {
      if (place.pointer === '') return open + writeArguments(notation, value) + close
      const span = spanAt(text, place)
      return span && text.slice(0, span.start) + writeValue(notation, value) + text.slice(span.end)
    },
  }
}

/** Of equal keys the last counts. */
function memberOf(node: ArgumentNode | null, key: string): ArgumentMember | undefined {
  return node?.members?.findLast((member, index) => (member.key ?? String(index)) === key)
}

function entryOf({ key, keySpan, node }: ArgumentMember, text: string): PartialEntry | [] {
  if (key === null) return []
  const isComplete = node !== null && node.end >= 0
  const end = isComplete ? node.end : text.length
  const valueSpan = { start: node?.start ?? end, end }
  return {
    key,
    keySpan,
    valueSpan,
    value: isComplete ? node.value : undefined,
    complete: isComplete,
  }
}

function taggedText(notation: TaggedNotation): ArgumentText {
  const argumentsOf = (text: string) => {
    const reader = new TaggedArguments(notation, text, [])
    reader.read(text, 0, 0)
    return reader.arguments
  }
  const find = (text: string, pointer: string) => {
    const [key, ...deeper] = pointerKeys(pointer)
    const argument = argumentsOf(text).findLast((each) => each.key === key && each.isComplete)
    const inner = deeper.reduce(childPointer, '')
    return argument?.valueSpan ? { argument, valueSpan: argument.valueSpan, inner } : null
  }
  return {
    entries: (text, parameters) =>
      argumentsOf(text).map((argument) => taggedEntry(argument, text, parameters)),
    spanAt(text, { pointer }) {
      const found = find(text, pointer)
      if (found === null || found.inner === '') return found?.valueSpan ?? null
      const { start, end } = found.valueSpan
      const span = spanAtPointer(text.slice(start, end), found.inner)
      return span && { start: start + span.start, end: start + span.end }
    },
    replaced(text, { pointer }, value) {
      if (pointer === '') return writeArguments(notation, value)
      const found = find(text, pointer)
      if (found === null) return null
      const { argument, inner, valueSpan } = found
      const whole = found.inner === '' ? value : changedJson(text, valueSpan, { inner, value })
      if (whole === undefined) return null
      // The tag may tell the type: the element is written anew.
      const written = writeTagged(notation, argument.key, whole).trimEnd()
      return text.slice(0, argument.span.start) + written + text.slice(argument.span.end)
    },
  }
}

function changedJson(
  text: string,
  { start, end }: Span,
  change: { readonly inner: string; readonly value: JsonValue },
): JsonValue | undefined {
  const json = replaceAtPointer(text.slice(start, end), change.inner, spacedJson(change.value))
  return json === null ? undefined : JSON.parse(json)
}

function taggedEntry(
  argument: TaggedArgument,
  text: string,
  parameters: JsonObject | null,
): PartialEntry {
  const { key, keySpan, isComplete } = argument
  const valueSpan = argument.valueSpan ?? { start: text.length, end: text.length }
  const value = isComplete ? taggedValue(argument, text, parameters) : undefined
  return { key, keySpan, valueSpan, value, complete: isComplete }
}
