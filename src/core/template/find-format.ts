import type { ToolCallFormat } from '../formats/format.ts'
import { closerIn, foundFormat, markerIn, type FoundMarkers } from '../formats/found-format.ts'
import { parseOutput } from '../formats/parsed-output.ts'
import type { JsonObject } from '../lib/json.ts'
import type { Tool } from '../tools/tool.ts'
import type { ChatTemplate, TemplateMessage } from './chat-template.ts'
import { compileTemplate } from './jinja-template.ts'

const NAMES = ['a0first0name', 'a0second0name'] as const
const KEY = 'a0key0'
const VALUES = ['a0first0value', 'a0second0value'] as const
const CONTENT = 'a0content0text'
const THOUGHT = 'a0thought0text'
const USER: TemplateMessage = { role: 'user', content: 'a0user0text' }

/**
 * Finds out how a model writes calls from nothing but its chat template, for a family that no format knows.
 *
 * Renders an answer in text, one with one call and one with two, and compares: what the renderings of calls have alone is
 * the calls' text, and in that stand a name and arguments that are known. Null when the template prints no calls, when it
 * writes arguments other than as JSON, or when what was found does not read back what the template printed.
 */
export function findFormat(chatTemplate: string): ToolCallFormat | null {
  const compiled = compileTemplate(chatTemplate)
  if (!compiled.ok) return null
  const template = compiled.value
  const plain = render(template, { role: 'assistant', content: CONTENT })
  const single = render(template, callMessage(1))
  if (plain === null || single === null) return null
  const one = differing(single, plain)
  const place = callPlaces(one)[0]
  if (!place) return null
  const double = render(template, callMessage(2))
  const two = double === null ? null : differing(double, plain)
  const markers = { ...markersOf(one, place, two), reasoning: findReasoning(template, plain) }
  const format = foundFormat(markers)
  return readsBack(format, one, 1) &&
    (two === null || markers.separator === null || readsBack(format, two, 2))
    ? format
    : null
}

type CallPlace = {
  /** Where the call's object begins and ends; for a name outside of the JSON, where the name begins and the arguments end. */
  readonly start: number
  readonly end: number
  readonly nameStart: number
  readonly nameEnd: number
  readonly argumentsStart: number
  readonly argumentsEnd: number
  readonly keys: FoundMarkers['keys']
}

/** The calls in a text, in order. */
function callPlaces(text: string): readonly CallPlace[] {
  return NAMES.flatMap((name, index): readonly CallPlace[] => {
    const nameStart = text.indexOf(name)
    const nameEnd = nameStart + name.length
    const argumentsStart = objectBefore(text, text.indexOf(VALUES[index] ?? ''))
    const argumentsEnd = argumentsStart < 0 ? -1 : objectEnd(text, argumentsStart)
    if (nameStart < 0 || argumentsEnd < 0) return []
    const place = { nameStart, nameEnd, argumentsStart, argumentsEnd }
    for (
      let start = text.lastIndexOf('{', nameStart);
      start >= 0;
      start = text.lastIndexOf('{', start - 1)
    ) {
      const end = objectEnd(text, start)
      const keys = end < argumentsEnd ? null : keysOf(text.slice(start, end), name)
      if (keys) return [{ ...place, start, end, keys }]
      if (start === 0) break
    }
    return nameEnd <= argumentsStart
      ? [{ ...place, start: nameStart, end: argumentsEnd, keys: null }]
      : []
  })
}

function markersOf(
  one: string,
  place: CallPlace,
  two: string | null,
): Omit<FoundMarkers, 'reasoning'> {
  const { start, end, nameStart, nameEnd, argumentsStart, argumentsEnd, keys } = place
  const lead = one.slice(0, start)
  const tail = one.slice(end)
  const [first, second] = two === null ? [] : callPlaces(two)
  const middle = two !== null && first && second ? two.slice(first.end, second.start) : null
  // What stands between two calls and again around each belongs to each call, the rest to all of them.
  const after = middle === null ? '' : commonPieces(pieces(middle), pieces(tail)).join('')
  const before =
    middle === null
      ? ''
      : commonPieces(pieces(middle.slice(after.length)).toReversed(), pieces(lead).toReversed())
          .toReversed()
          .join('')
  const isOfEach = middle !== null && (closerIn(after) !== '' || markerIn(before) !== '')
  const whole = { before: lead.trimStart(), after: tail.trimEnd() }
  const ofEach = middle === null ? whole : isOfEach ? { before, after } : { before: '', after: '' }
  return {
    open: lead.slice(0, lead.length - ofEach.before.length).trimStart(),
    before: ofEach.before + one.slice(start, nameStart),
    between: one.slice(nameEnd, argumentsStart),
    after: one.slice(argumentsEnd, end) + ofEach.after,
    separator:
      middle === null
        ? null
        : middle.slice(ofEach.after.length, middle.length - ofEach.before.length),
    close: tail.slice(ofEach.after.length).trimEnd(),
    keys,
  }
}

/** What stands around the thought of an answer, when the template prints it. */
function findReasoning(template: ChatTemplate, plain: string): FoundMarkers['reasoning'] {
  const rendered = render(template, {
    role: 'assistant',
    content: CONTENT,
    reasoning_content: THOUGHT,
  })
  const text = rendered === null ? '' : differing(rendered, plain)
  const [lead, tail] = text.split(THOUGHT)
  const open = markerIn(lead?.slice(lead.lastIndexOf('\n', lead.trimEnd().length - 1) + 1) ?? '')
  const close = markerIn(tail ?? '')
  return open && close && open !== close && !/^\w/.test(open + close) ? { open, close } : null
}

function readsBack(format: ToolCallFormat, text: string, count: 1 | 2): boolean {
  const { calls } = parseOutput(format.createParser({ startsInReasoning: false }), text)
  const isRight = ({ name, state }: (typeof calls)[number], index: number) =>
    name === NAMES[index] &&
    state.type === 'complete' &&
    JSON.stringify(state.arguments) === JSON.stringify({ [KEY]: VALUES[index] })
  return calls.length === count && calls.every(isRight)
}

/** The part of a text that another one does not share at its beginning and end. */
function differing(text: string, other: string): string {
  const prefix = commonPrefix(text, other)
  // Two tags may begin or end alike, and no tag is to be cut in two.
  const start =
    prefix.lastIndexOf('<') > prefix.lastIndexOf('>') ? prefix.lastIndexOf('<') : prefix.length
  const suffix = commonSuffix(text.slice(start), other.slice(start))
  const cutAt = /^[^<>]*>/.exec(suffix)?.[0].length ?? 0
  return text.slice(start, text.length - suffix.length + cutAt)
}

function commonPrefix(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return a.slice(0, length)
}

/** Tags, brackets, words and white space apart: two tags may begin alike. */
function pieces(text: string): readonly string[] {
  return text.match(/<[^<>]*>|\[[^[\]]*\]|\s+|[^<[\s]+|[<[]/g) ?? []
}

function commonPieces(a: readonly string[], b: readonly string[]): readonly string[] {
  const length = a.findIndex((piece, index) => piece !== b[index])
  return length < 0 ? a : a.slice(0, length)
}

function commonSuffix(a: string, b: string): string {
  let length = 0
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length))
    length += 1
  return a.slice(a.length - length)
}

/** Where the `{` of the arguments object stands whose value is at `valueAt`. */
function objectBefore(text: string, valueAt: number): number {
  const keyAt = text.lastIndexOf(KEY, valueAt)
  return valueAt < 0 || keyAt < 0 ? -1 : text.lastIndexOf('{', keyAt)
}

/** Where the JSON object at `start` ends; -1 when there is none. The texts are short: some hundred characters. */
function objectEnd(text: string, start: number): number {
  for (let end = text.indexOf('}', start) + 1; end > 0; end = text.indexOf('}', end) + 1) {
    if (parsedObject(text.slice(start, end))) return end
  }
  return -1
}

function keysOf(text: string, name: string): FoundMarkers['keys'] {
  const entries = Object.entries(parsedObject(text) ?? {})
  const nameKey = entries.find(([, value]) => value === name)?.[0]
  const argumentsKey = entries.find(([, value]) =>
    JSON.stringify(value).startsWith(`{"${KEY}"`),
  )?.[0]
  return nameKey !== undefined && argumentsKey !== undefined
    ? { name: nameKey, arguments: argumentsKey }
    : null
}

function parsedObject(text: string): JsonObject | null {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    // Not the whole object yet.
    return null
  }
}

function callMessage(count: 1 | 2): TemplateMessage {
  return {
    role: 'assistant',
    content: '',
    tool_calls: NAMES.slice(0, count).map((name, index) => ({
      id: `call0000${index}`,
      type: 'function',
      function: { name, arguments: { [KEY]: VALUES[index] ?? '' } },
    })),
  }
}

const TOOLS: readonly Tool[] = NAMES.map((name) => {
  const parameters = { type: 'object', properties: { [KEY]: { type: 'string' } } } as const
  const definition = { name, description: 'a0description0', parameters }
  return { ...definition, definition }
})

function render(template: ChatTemplate, answer: TemplateMessage): string | null {
  const rendered = template.render({
    messages: [USER, answer],
    tools: TOOLS,
    toolShape: 'wrapped',
    bosToken: '',
    eosToken: '',
    nowMs: 0,
    addGenerationPrompt: false,
  })
  return rendered.ok ? rendered.value : null
}
