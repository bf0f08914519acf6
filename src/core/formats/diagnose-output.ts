import type { CallIssue } from '../schema/call-issue.ts'
import { validateCall } from '../schema/validate-call.ts'
import type { Tool, ToolCall } from '../tools/tool.ts'
import { FORMATS, formatById } from './all-formats.ts'
import type { FormatId, ToolCallFormat } from './format.ts'
import { parseOutput, type ParsedCall, type ParsedOutput } from './parsed-output.ts'
import { closingEdit, editsFor, type RepairEdit } from './repair-edits.ts'

export type OutputToDiagnose = {
  readonly raw: string
  readonly format: FormatId
  readonly startsInReasoning: boolean
}

/** A stretch of the answer as it was and as a repair makes it. */
export type DiffPart = { readonly type: 'same' | 'removed' | 'added'; readonly text: string }

export type Repair = {
  readonly raw: string
  /** What was done, in order of the text. */
  readonly steps: readonly string[]
  readonly diff: readonly DiffPart[]
  /** The calls that can be read then. */
  readonly calls: readonly ToolCall[]
  /** What their tools' schemas say against those that could not be read before. */
  readonly issues: readonly CallIssue[]
}

export type OtherFormat = {
  readonly id: FormatId
  readonly label: string
  readonly calls: readonly ToolCall[]
}

/** Why an output holds no call, or not all that it was meant to hold. */
export type OutputDiagnosis = {
  /** The family in whose format calls do stand here. */
  readonly otherFormat: OtherFormat | null
  /** How the output could be changed for every call in it to be read. */
  readonly repair: Repair | null
}

export const NO_DIAGNOSIS: OutputDiagnosis = { otherFormat: null, repair: null }

/** A longer output is not searched: each try parses it anew. */
const MAX_LENGTH = 10_000
const MAX_TRIES = 400
const MAX_EDITS = 40

/**
 * Looks for what a malformed output was meant to be.
 *
 * Nothing is guessed that our own parser does not confirm: a repair leaves no call broken, keeps those that could be read
 * as they are, and brings at least one more. An output without broken calls has no repair.
 */
export function diagnoseOutput(output: OutputToDiagnose, tools: readonly Tool[]): OutputDiagnosis {
  if (output.raw.length > MAX_LENGTH) return NO_DIAGNOSIS
  const format = formatById(output.format)
  const read = parse(format, output, tools)
  const isBroken = read.calls.some(isUnreadable)
  if (!isBroken && read.calls.length > 0) return NO_DIAGNOSIS
  const readable = callsOf(read).length
  const otherFormat = otherFormatOf(output, { tools, readable })
  const repair = isBroken ? findRepair(output, { format, tools, before: read }) : null
  return { otherFormat, repair }
}

/** The format that reads more calls than its own; of several the one whose calls name tools. */
function otherFormatOf(
  output: OutputToDiagnose,
  { tools, readable }: { readonly tools: readonly Tool[]; readonly readable: number },
): OtherFormat | null {
  const names = new Set(tools.map(({ name }) => name))
  const found = FORMATS.filter(({ id }) => id !== output.format).flatMap((format) => {
    const read = parse(format, output, tools)
    const calls = callsOf(read)
    const known = calls.filter(({ name }) => names.has(name)).length
    // The less of the output is left as text, the better the format explains it.
    const textLength = read.parts.reduce(
      (sum, part) => (part.type === 'text' ? sum + part.span.end - part.span.start : sum),
      0,
    )
    const isBetter = calls.length > readable && !read.calls.some(isUnreadable)
    return isBetter && known > 0 ? [{ format, calls, known, textLength }] : []
  })
  const [best] = found.toSorted((a, b) => b.known - a.known || a.textLength - b.textLength)
  return best ? { id: best.format.id, label: best.format.label, calls: best.calls } : null
}

type Search = {
  readonly format: ToolCallFormat
  readonly tools: readonly Tool[]
  readonly before: ParsedOutput
}

type Draft = { readonly raw: string; readonly edits: readonly RepairEdit[] }

/** Tries the likeliest edit at the first broken place, goes on from there, and comes back when that leads nowhere. */
function findRepair(output: OutputToDiagnose, search: Search): Repair | null {
  const { format, tools, before } = search
  let tries = 0
  let fallback: Repair | null = null

  function go(draft: Draft, read: ParsedOutput): Repair | null {
    if (!read.calls.some(isUnreadable)) return accept(draft, read)
    if (draft.edits.length >= MAX_EDITS) return null
    const left = rest(draft.raw, read)
    for (const edit of candidates(draft.raw, read, search)) {
      tries += 1
      if (tries > MAX_TRIES) return null
      const raw = draft.raw.slice(0, edit.start) + edit.text + draft.raw.slice(edit.end)
      const next = parse(format, { ...output, raw }, tools)
      // An edit that does not get the parser any further has mended nothing.
      if (rest(raw, next) >= left) continue
      const found = go({ raw, edits: [...draft.edits, edit] }, next)
      if (found) return found
    }
    return null
  }

  /** One that fits the schema is taken at once, another only when there is none. */
  function accept(draft: Draft, read: ParsedOutput): Repair | null {
    const kept = callsOf(before)
    const calls = callsOf(read)
    const isKept = kept.every((call) => calls.some((other) => isSameCall(call, other)))
    if (calls.length <= kept.length || !isKept) return null
    const mended = calls.filter((call) => !kept.some((other) => isSameCall(call, other)))
    const issues = mended.flatMap((call) => validateCall(call, tools))
    const repair: Repair = {
      raw: draft.raw,
      steps: draft.edits.map(({ label }) => label),
      diff: diffOf(output.raw, draft.edits),
      calls,
      issues,
    }
    if (issues.every(({ severity }) => severity !== 'error')) return repair
    fallback ??= repair
    return null
  }

  return go({ raw: output.raw, edits: [] }, before) ?? fallback
}

function candidates(raw: string, read: ParsedOutput, search: Search): readonly RepairEdit[] {
  const call = read.calls.find(isUnreadable)
  if (!call) return []
  const { syntax } = search.format
  const parameters = search.tools.find(({ name }) => name === call.name)?.parameters ?? null
  const { start } = call.span
  if (call.state.type === 'cut-off') {
    const closing = closingEdit({ raw, start, syntax, parameters })
    return closing ? [closing] : []
  }
  if (call.state.type !== 'malformed') return []
  const { problem } = call.state
  if (problem.kind === 'missing-arguments') {
    const text = ', "arguments": {}'
    return [{ start: problem.at, end: problem.at, text, label: 'empty arguments added' }]
  }
  if (problem.kind !== 'syntax') return []
  const { at, expected } = problem
  return editsFor({ raw, at, expected, start, syntax, parameters })
}

/** How much of the text the parser has not got through; 0 when it is all well. */
function rest(raw: string, { calls }: ParsedOutput): number {
  const call = calls.find(isUnreadable)
  if (!call) return -1
  return call.state.type === 'malformed' ? raw.length - call.state.problem.at : 0
}

/** The edits as a diff of the original. Later edits may lie inside what earlier ones wrote, so they are replayed on marks. */
function diffOf(raw: string, edits: readonly RepairEdit[]): readonly DiffPart[] {
  type Mark = { readonly type: DiffPart['type']; readonly character: string }
  let marks: readonly Mark[] = raw.split('').map((character) => ({ type: 'same', character }))
  for (const { start, end, text } of edits) {
    // Offsets count what stands there now: removed characters do not.
    const places = marks.flatMap(({ type }, index) => (type === 'removed' ? [] : [index]))
    const from = places[start] ?? marks.length
    const to = end > start ? (places[end - 1] ?? marks.length) + 1 : from
    const removed = marks.slice(from, to).flatMap((mark): readonly Mark[] => {
      if (mark.type === 'added') return []
      return [{ type: 'removed', character: mark.character }]
    })
    const added = text.split('').map((character): Mark => ({ type: 'added', character }))
    marks = [...marks.slice(0, from), ...removed, ...added, ...marks.slice(to)]
  }
  const parts: DiffPart[] = []
  for (const { type, character } of marks) {
    const last = parts.at(-1)
    if (last?.type === type) parts[parts.length - 1] = { type, text: last.text + character }
    else parts.push({ type, text: character })
  }
  return parts
}

function parse(
  format: ToolCallFormat,
  { raw, startsInReasoning }: OutputToDiagnose,
  tools: readonly Tool[],
): ParsedOutput {
  return parseOutput(format.createParser({ startsInReasoning, tools }), raw)
}

function callsOf({ calls }: ParsedOutput): readonly ToolCall[] {
  return calls.flatMap(({ name, state }) =>
    name !== null && state.type === 'complete' ? [{ name, arguments: state.arguments }] : [],
  )
}

function isUnreadable({ state }: ParsedCall): boolean {
  return state.type === 'malformed' || state.type === 'cut-off'
}

function isSameCall(a: ToolCall, b: ToolCall): boolean {
  return a.name === b.name && JSON.stringify(a.arguments) === JSON.stringify(b.arguments)
}
