import { isJsonObject, type JsonValue } from '../lib/json.ts'
import type { ToolCall } from '../tools/tool.ts'
import type { CallHead } from './call-head.ts'
import type { FormatId, ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { spacedJson } from './spaced-json.ts'

/**
 * How calls are written, as found by comparing what a template prints: `open`, then each call as `before`, name,
 * `between`, arguments, `after`, with `separator` between two calls, then `close`. All texts are as printed, but for
 * white space at the outer ends.
 */
export type FoundMarkers = {
  readonly open: string
  readonly before: string
  readonly between: string
  readonly after: string
  /** Null: the template prints one call only. */
  readonly separator: string | null
  readonly close: string
  /** The keys of name and arguments; null where the name stands outside of the JSON. */
  readonly keys: { readonly name: string; readonly arguments: string } | null
  readonly reasoning: { readonly open: string; readonly close: string } | null
}

const PREFIX = 'found:'
const TEXTS = ['open', 'before', 'between', 'after', 'close'] as const
const formats = new Map<string, ToolCallFormat>()

/** The format of these markers. Its id carries them, so a stored answer can be read again. */
export function foundFormat(markers: FoundMarkers): ToolCallFormat {
  const id: FormatId = `${PREFIX}${JSON.stringify(markers)}`
  const known = formats.get(id)
  if (known) return known
  const format = formatOf(id, markers)
  formats.set(id, format)
  return format
}

/** The format with an id that `foundFormat` gave; null for any other text. */
export function foundFormatById(id: string): ToolCallFormat | null {
  const known = formats.get(id)
  if (known) return known
  if (!id.startsWith(PREFIX)) return null
  const markers = readMarkers(id.slice(PREFIX.length))
  return markers && foundFormat(markers)
}

function formatOf(id: FormatId, markers: FoundMarkers): ToolCallFormat {
  const { open, before, between, after, separator, close, reasoning } = markers
  const grammar = grammarOf(markers)
  const render = (calls: readonly ToolCall[]) => {
    const written = calls.map(
      (call) =>
        before + nameText(markers, call.name) + between + spacedJson(call.arguments) + after,
    )
    return calls.length === 0 ? '' : open + written.join(separator ?? '\n') + close
  }
  const example = render([{ name: 'get_weather', arguments: { location: 'London' } }])
  const trigger = (open + before).trim()
  return {
    id,
    label: 'Found in the template',
    description: describe(markers),
    example,
    detect: () => 0,
    controlTokens: controlTokensIn(markers),
    ...(reasoning && { reasoning: [reasoning] }),
    syntax: {
      trigger: markerIn(trigger) || trigger.slice(0, 1),
      triggerAtStart: markerIn(trigger) === '',
      open: [open],
      call: { before: [before], between: [between], after: [after] },
      separator: separator === null ? null : [separator],
      close: [close],
      notation: { type: 'json' },
    },
    createParser: (options) => createOutputParser(grammar, options),
    render,
    instruction: `To call tools, write the calls in exactly this form:\n\n${example}\n\nIf no tool fits, or a required argument is missing, answer in plain text instead.`,
  }
}

function grammarOf(markers: FoundMarkers): OutputGrammar {
  const { keys, reasoning, before, after, open, close } = markers
  const ofAll = markerIn(open)
  const ofCall = markerIn(before)
  const opening = ofCall || ofAll
  const closing = closerIn(ofCall ? after : close)
  const head = keys === null ? { head: headOf(markers) } : {}
  const noise = ofCall ? [ofAll, closerIn(close)].filter((text) => text && text !== closing) : []
  return {
    containers: opening
      ? [
          {
            open: opening,
            close: closing || null,
            otherwise: isWord(opening) ? 'prose' : 'invalid',
            ...head,
          },
        ]
      : [],
    readsBareJson: opening === '',
    ...(keys && {
      keys: { name: keys.name, arguments: [keys.arguments], other: ['id', 'type', 'tool_call_id'] },
    }),
    ...(reasoning && { reasoning: [reasoning] }),
    noise: noise.filter((text) => !isWord(text)),
  }
}

/** The name stands between what is left of `before` behind the marker and `between`. */
function headOf({ before, between }: FoundMarkers): CallHead {
  const marker = markerIn(before)
  const rest = before.trim().slice(marker.length).trim()
  const end = between.trim()
  return {
    ends: end === '' ? [] : [end],
    expected: `a name${end && ` and "${end}"`}`,
    read(head) {
      const text = end !== '' && head.endsWith(end) ? head.slice(0, -end.length) : head
      const prefixAt = text.indexOf(rest, marker.length)
      const from = prefixAt < 0 ? marker.length : prefixAt + rest.length
      const name = text.slice(from).trim()
      return /^[^\s<>{}"]+$/.test(name)
        ? { type: 'call', name, at: text.indexOf(name, from) }
        : null
    },
  }
}

/**
 * The marker at the beginning of a text, up to the JSON, or to the name: `<call>` of `<call>\n{"name": "`. Empty where
 * none stands before the JSON.
 */
export function markerIn(text: string): string {
  const trimmed = text.trim()
  const match = /^(?:<[^<>{}\s]+>|\[[A-Z_/ ]+\]|[^\s[{<"'`,:]+)/.exec(trimmed)?.[0] ?? ''
  return /^[\]})]/.test(match) ? '' : match
}

/** The marker behind the JSON: `</call>` of `}\n</call>`. */
export function closerIn(text: string): string {
  return markerIn(text.replace(/^[\s"}\]]+/, ''))
}

function isWord(marker: string): boolean {
  return /^\w/.test(marker)
}

function nameText({ keys }: FoundMarkers, name: string): string {
  return keys === null ? name : JSON.stringify(name).slice(1, -1)
}

function controlTokensIn(markers: FoundMarkers): readonly string[] {
  const all = [...TEXTS.map((key) => markers[key]), markers.separator ?? '']
  const thinking = markers.reasoning ? [markers.reasoning.open, markers.reasoning.close] : []
  const tokens = all.flatMap((text) => text.match(/<[^<>{}\s]+>|\[[A-Z_/]+\]/g) ?? [])
  return [...new Set([...tokens, ...thinking, '<think>', '</think>'])]
}

function describe({ open, before, between, close, after, keys, reasoning }: FoundMarkers): string {
  const begin = (open + before).trim()
  const end = (after + close).trim()
  const shape = keys
    ? `Calls are JSON with the keys ${keys.name} and ${keys.arguments}`
    : `The name and the arguments stand apart, with ${quoted(between.trim() || ' ')} between them`
  const thought = reasoning
    ? ` Reasoning stands between ${quoted(reasoning.open)} and ${quoted(reasoning.close)}.`
    : ''
  return `${shape}; they begin with ${quoted(begin)}${end && ` and end with ${quoted(end)}`}.${thought}`
}

function quoted(text: string): string {
  return `“${text.replaceAll('\n', '⏎')}”`
}

function readMarkers(text: string): FoundMarkers | null {
  let value: JsonValue
  try {
    value = JSON.parse(text)
  } catch {
    // Not an id of ours.
    return null
  }
  if (!isJsonObject(value)) return null
  const { open, before, between, after, close, separator, keys, reasoning } = value
  if (typeof open !== 'string' || typeof before !== 'string' || typeof between !== 'string')
    return null
  if (typeof after !== 'string' || typeof close !== 'string') return null
  if (separator !== null && typeof separator !== 'string') return null
  const pair = (from: JsonValue | undefined, first: string, second: string) => {
    if (!isJsonObject(from)) return null
    const [a, b] = [from[first], from[second]]
    return typeof a === 'string' && typeof b === 'string' ? ([a, b] as const) : null
  }
  const names = pair(keys, 'name', 'arguments')
  const thinking = pair(reasoning, 'open', 'close')
  return {
    open,
    before,
    between,
    after,
    separator,
    close,
    keys: names && { name: names[0], arguments: names[1] },
    reasoning: thinking && { open: thinking[0], close: thinking[1] },
  }
}
