import { assertNever } from '../lib/assert-never.ts'
import type { JsonValue } from '../lib/json.ts'
import type { Span } from '../lib/span.ts'
import type { CallProblem, OutputParser, ParseEvent } from './format.ts'

/** One call found in the output, while it is written and after. */
export type ParsedCall = {
  /** 0-based, in order of appearance. */
  readonly index: number
  /** Null when a malformed call broke before its name. */
  readonly name: string | null
  readonly nameSpan: Span | null
  /** The whole call, markup excluded; grows while it is written. */
  readonly span: Span
  readonly argumentsSpan: Span | null
  readonly state: CallState
}

export type CallState =
  | { readonly type: 'writing' }
  | { readonly type: 'complete'; readonly arguments: JsonValue }
  | { readonly type: 'cut-off' }
  | { readonly type: 'malformed'; readonly problem: CallProblem }

export type OutputPart =
  | { readonly type: 'text'; readonly span: Span }
  | { readonly type: 'reasoning'; readonly span: Span }
  | { readonly type: 'call'; readonly index: number }

/** The output as parts in order; every span is an offset into the raw output. */
export type ParsedOutput = {
  readonly parts: readonly OutputPart[]
  readonly calls: readonly ParsedCall[]
}

export const EMPTY_OUTPUT: ParsedOutput = { parts: [], calls: [] }

/** Parses an output that is already complete. */
export function parseOutput(parser: OutputParser, raw: string): ParsedOutput {
  const draft: Draft = { parts: [], calls: [] }
  for (const event of parser.feed(raw)) apply(draft, event)
  for (const event of parser.end()) apply(draft, event)
  return draft
}

/** Folds one parse event into what is known of the output. */
export function reduceOutput(output: ParsedOutput, event: ParseEvent): ParsedOutput {
  const draft: Draft = { parts: [...output.parts], calls: [...output.calls] }
  apply(draft, event)
  return draft
}

/** Its arrays are ours to change; what is in them is not. */
type Draft = { readonly parts: OutputPart[]; readonly calls: ParsedCall[] }

function apply(draft: Draft, event: ParseEvent): void {
  switch (event.type) {
    case 'text-delta':
      return extendText(draft, 'text', event)
    case 'reasoning-delta':
      return extendText(draft, 'reasoning', event)
    case 'call-start':
      return putCall(draft, event.call, {
        name: event.name,
        nameSpan: event.nameSpan,
        span: { start: event.at, end: event.nameSpan.end },
      })
    case 'call-arguments-delta': {
      const call = draft.calls[event.call]
      const end = event.at + event.text.length
      return putCall(draft, event.call, {
        // Keys may come in any order: the name may stand behind the arguments.
        span: { start: call?.span.start ?? event.at, end: Math.max(call?.span.end ?? end, end) },
        argumentsSpan: { start: call?.argumentsSpan?.start ?? event.at, end },
      })
    }
    case 'call-end':
      return putCall(draft, event.call, {
        span: event.span,
        argumentsSpan: event.argumentsSpan,
        state: { type: 'complete', arguments: event.arguments },
      })
    case 'call-cut-off':
      return putCall(draft, event.call, {
        name: event.name,
        span: event.span,
        state: { type: 'cut-off' },
      })
    case 'call-invalid':
      return putCall(draft, event.call, {
        name: event.name,
        span: event.span,
        state: { type: 'malformed', problem: event.problem },
      })
    default:
      return assertNever(event)
  }
}

function extendText(
  { parts }: Draft,
  type: 'text' | 'reasoning',
  delta: { readonly at: number; readonly text: string },
): void {
  const end = delta.at + delta.text.length
  const last = parts.at(-1)
  const isContinued = last?.type === type && last.span.end === delta.at
  const start = isContinued ? last.span.start : delta.at
  if (isContinued) parts.pop()
  parts.push({ type, span: { start, end } })
}

/** Changes a call, or adds it: one that breaks or is cut off early has no call-start. */
function putCall({ parts, calls }: Draft, index: number, change: Partial<ParsedCall>): void {
  const call = calls[index]
  if (!call) parts.push({ type: 'call', index })
  calls[index] = { ...(call ?? emptyCall(index)), ...change }
}

function emptyCall(index: number): ParsedCall {
  return {
    index,
    name: null,
    nameSpan: null,
    span: { start: 0, end: 0 },
    argumentsSpan: null,
    state: { type: 'writing' },
  }
}
