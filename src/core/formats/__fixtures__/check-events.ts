import { expect } from 'vitest'
import type { ParseEvent } from '../format.ts'

type CallStart = Extract<ParseEvent, { type: 'call-start' }>
type CallEnd = Extract<ParseEvent, { type: 'call-end' }>

/** What only one notation promises. `written` is what stands in the output where the name does. */
export type NotationChecks = {
  readonly name: (event: CallStart, written: string) => void
  readonly end?: (event: CallEnd) => void
}

/** Holds the events of a whole output to what `ParseEvent` promises: in order, on the characters that they name, each call ended once. */
export function checkEvents(
  events: readonly ParseEvent[],
  output: string,
  checks: NotationChecks,
): void {
  /** Characters that an event has told of, as text or as part of a call. */
  let told = 0
  let calls = 0
  let open: { readonly call: number; readonly start: number; argumentsEnd: number } | null = null
  for (const event of events) {
    switch (event.type) {
      case 'text-delta':
      case 'reasoning-delta':
        expect(open).toBeNull()
        expect(event.text).not.toBe('')
        expect(event.at).toBeGreaterThanOrEqual(told)
        expect(output.slice(event.at, event.at + event.text.length)).toBe(event.text)
        told = event.at + event.text.length
        break
      case 'call-start':
        expect(open).toBeNull()
        expect(event.call).toBe(calls)
        expect(event.at).toBeGreaterThanOrEqual(told)
        checks.name(event, output.slice(event.nameSpan.start, event.nameSpan.end))
        open = { call: event.call, start: event.at, argumentsEnd: event.at + 1 }
        break
      case 'call-arguments-delta':
        expect(event.call).toBe(open?.call)
        expect(event.at).toBeGreaterThanOrEqual(open?.argumentsEnd ?? Infinity)
        expect(output.slice(event.at, event.at + event.text.length)).toBe(event.text)
        if (open) open.argumentsEnd = event.at + event.text.length
        break
      case 'call-end':
      case 'call-cut-off':
      case 'call-invalid':
        expect(event.call).toBe(calls)
        if (open) expect(event.span.start).toBe(open.start)
        expect(event.span.start).toBeGreaterThanOrEqual(told)
        expect(event.span.end).toBeGreaterThanOrEqual(open?.argumentsEnd ?? event.span.start)
        expect(event.span.end).toBeLessThanOrEqual(output.length)
        if (event.type === 'call-end') checks.end?.(event)
        if (event.type === 'call-invalid') {
          expect(event.problem.at).toBeGreaterThanOrEqual(event.span.start)
          // It may stand behind the span: a closing tag that came too early.
          expect(event.problem.at).toBeLessThanOrEqual(output.length)
        }
        told = event.span.end
        open = null
        calls += 1
        break
    }
  }
  expect(open).toBeNull()
}
