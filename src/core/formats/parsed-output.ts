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
  return [...parser.feed(raw), ...parser.end()].reduce(reduceOutput, EMPTY_OUTPUT)
}

/** Folds one parse event into what is known of the output. */
export function reduceOutput(output: ParsedOutput, event: ParseEvent): ParsedOutput {
  switch (event.type) {
    case 'text-delta':
      return extendText(output, 'text', event)
    case 'reasoning-delta':
      return extendText(output, 'reasoning', event)
    case 'call-start':
      return addCall(output, {
        index: event.call,
        name: event.name,
        nameSpan: event.nameSpan,
        span: { start: event.at, end: event.nameSpan.end },
        argumentsSpan: null,
        state: { type: 'writing' },
      })
    case 'call-arguments-delta': {
      const end = event.at + event.text.length
      return changeCall(output, event.call, (call) => ({
        ...call,
        span: { start: call.span.start, end },
        argumentsSpan: { start: call.argumentsSpan?.start ?? event.at, end },
      }))
    }
    case 'call-end':
      return changeCall(output, event.call, (call) => ({
        ...call,
        span: event.span,
        argumentsSpan: event.argumentsSpan,
        state: { type: 'complete', arguments: event.arguments },
      }))
    case 'call-cut-off':
      return changeCall(output, event.call, (call) => ({
        ...call,
        span: event.span,
        state: { type: 'cut-off' },
      }))
    case 'call-invalid': {
      const state = { type: 'malformed', problem: event.problem } as const
      if (output.calls[event.call]) {
        return changeCall(output, event.call, (call) => ({ ...call, span: event.span, state }))
      }
      return addCall(output, {
        index: event.call,
        name: event.name,
        nameSpan: null,
        span: event.span,
        argumentsSpan: null,
        state,
      })
    }
    default:
      return assertNever(event)
  }
}

function extendText(
  output: ParsedOutput,
  type: 'text' | 'reasoning',
  delta: { readonly at: number; readonly text: string },
): ParsedOutput {
  const end = delta.at + delta.text.length
  const last = output.parts.at(-1)
  if (last?.type === type && last.span.end === delta.at) {
    const grown: OutputPart = { type, span: { start: last.span.start, end } }
    return { ...output, parts: [...output.parts.slice(0, -1), grown] }
  }
  return { ...output, parts: [...output.parts, { type, span: { start: delta.at, end } }] }
}

function addCall(output: ParsedOutput, call: ParsedCall): ParsedOutput {
  return {
    parts: [...output.parts, { type: 'call', index: call.index }],
    calls: [...output.calls, call],
  }
}

function changeCall(
  output: ParsedOutput,
  index: number,
  change: (call: ParsedCall) => ParsedCall,
): ParsedOutput {
  return {
    ...output,
    calls: output.calls.map((call) => (call.index === index ? change(call) : call)),
  }
}
