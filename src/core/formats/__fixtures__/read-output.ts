import { formatById } from '../all-formats.ts'
import type { FormatId, ParseEvent, ParserOptions } from '../format.ts'
import { EMPTY_OUTPUT, reduceOutput, type ParsedCall } from '../parsed-output.ts'
import type { ExpectedPart } from './recorded-output.ts'

export const PLAIN: ParserOptions = { startsInReasoning: false }

/** Feeds the chunks to a new parser and merges what belongs together, as the chunking must not matter. */
export function eventsOf(
  format: FormatId,
  chunks: readonly string[],
  options: ParserOptions = PLAIN,
): readonly ParseEvent[] {
  const parser = formatById(format).createParser(options)
  return mergeDeltas([...chunks.flatMap((chunk) => parser.feed(chunk)), ...parser.end()])
}

function mergeDeltas(events: readonly ParseEvent[]): readonly ParseEvent[] {
  const merged: ParseEvent[] = []
  for (const event of events) {
    const last = merged.at(-1)
    if (last && 'text' in last && 'text' in event && isContinued(last, event)) {
      merged[merged.length - 1] = { ...last, text: last.text + event.text }
    } else {
      merged.push(event)
    }
  }
  return merged
}

type Delta = Extract<ParseEvent, { readonly text: string }>

function isContinued(last: Delta, next: Delta): boolean {
  const isSameCall = !('call' in last) || ('call' in next && last.call === next.call)
  return last.type === next.type && isSameCall && last.at + last.text.length === next.at
}

/** The events in the notation of the recorded outputs. */
export function partsOf(events: readonly ParseEvent[], output: string): readonly ExpectedPart[] {
  const { parts, calls } = events.reduce(reduceOutput, EMPTY_OUTPUT)
  return parts.map((part): ExpectedPart => {
    if (part.type === 'call') return callPart(calls[part.index], output)
    const text = output.slice(part.span.start, part.span.end)
    return part.type === 'text' ? text : { reasoning: text }
  })
}

function callPart(call: ParsedCall | undefined, output: string): ExpectedPart {
  if (!call) return 'a call that is missing'
  const { name, state, span, argumentsSpan } = call
  switch (state.type) {
    case 'writing':
      return `${name} is never ended`
    case 'complete':
      return { call: name ?? 'no name', arguments: state.arguments }
    case 'cut-off':
      return argumentsSpan === null
        ? { cutOff: name }
        : { cutOff: name, argumentsText: output.slice(argumentsSpan.start, argumentsSpan.end) }
    case 'malformed': {
      const { problem } = state
      const said =
        problem.kind === 'syntax' ? { expected: problem.expected, found: problem.found } : {}
      return {
        invalid: name,
        kind: problem.kind,
        at: output.slice(problem.at),
        ...said,
        span: output.slice(span.start, span.end),
      }
    }
  }
}
