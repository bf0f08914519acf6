import type { ParseEvent, ToolCallFormat } from '../../formats/format.ts'
import { isJsonObject, type JsonValue } from '../../lib/json.ts'

/**
 * A tool call format of three lines, so that the prompt tests stand apart from the real parsers: one JSON array, read
 * at the end; `{` alone begins a call that is cut off; `<think>…</think>` in front is reasoning; the rest is text.
 */
export const arrayFormat: ToolCallFormat = {
  id: 'xlam',
  label: 'Array',
  description: 'A JSON array of calls.',
  example: '[{"name": "f", "arguments": {}}]',
  detect: () => 0,
  controlTokens: [],
  syntax: {
    trigger: '[',
    triggerAtStart: true,
    open: ['['],
    call: { before: ['{"name":"'], between: ['","arguments":'], after: ['}'] },
    separator: [','],
    close: [']'],
    notation: { type: 'json' },
  },
  createParser({ startsInReasoning }) {
    let raw = ''
    return {
      feed(delta) {
        raw += delta
        return []
      },
      end: () => parse(raw, startsInReasoning),
    }
  },
  render: (calls) => JSON.stringify(calls),
  instruction: 'Write calls as a JSON array.',
}

function parse(raw: string, startsInReasoning: boolean): readonly ParseEvent[] {
  const close = raw.indexOf('</think>')
  const isReasoning = close >= 0 && (startsInReasoning || raw.startsWith('<think>'))
  const begin = startsInReasoning ? 0 : '<think>'.length
  const events: ParseEvent[] = isReasoning
    ? [{ type: 'reasoning-delta', at: begin, text: raw.slice(begin, close) }]
    : []
  const at = isReasoning ? close + '</think>'.length : 0
  return [...events, ...parseAnswer(raw, at)]
}

function parseAnswer(raw: string, at: number): readonly ParseEvent[] {
  const open = raw.indexOf('[', at)
  const list = open < 0 ? [] : parseList(raw.slice(open))
  if (list.length === 0) {
    const cut = raw.indexOf('{"name"', at)
    const text: ParseEvent[] =
      cut === at || at === raw.length ? [] : [textDelta(raw, at, cut < 0 ? raw.length : cut)]
    if (cut < 0) return text
    const span = { start: cut, end: raw.length }
    return [
      ...text,
      {
        type: 'call-invalid',
        call: 0,
        name: null,
        span,
        problem: { kind: 'missing-name', at: cut },
      },
    ]
  }
  const span = { start: open, end: raw.length }
  const calls = list.flatMap((call, index): ParseEvent[] => [
    { type: 'call-start', call: index, name: call.name, nameSpan: span, at: open },
    { type: 'call-end', call: index, span, argumentsSpan: span, arguments: call.arguments },
  ])
  return open > at ? [textDelta(raw, at, open), ...calls] : calls
}

function textDelta(raw: string, at: number, end: number): ParseEvent {
  return { type: 'text-delta', at, text: raw.slice(at, end) }
}

function parseList(text: string): readonly { name: string; arguments: JsonValue }[] {
  try {
    const value: unknown = JSON.parse(text)
    if (!Array.isArray(value)) return []
    return value.flatMap((item: unknown) =>
      isJsonObject(item) && typeof item['name'] === 'string'
        ? [{ name: item['name'], arguments: item['arguments'] ?? null }]
        : [],
    )
  } catch {
    return []
  }
}
