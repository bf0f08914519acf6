import { isJsonSpace, JsonScanner } from './json-scanner.ts'
import { NONE, type OutputState } from './output-state.ts'

const TICK = 0x60
const LESS = 0x3c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const SEMICOLON = 0x3b
const COMMA = 0x2c
const QUOTE = 0x22
const NEWLINE = 0x0a
/** Fences of other languages hold code, not calls. */
const CALL_FENCE_INFO: ReadonlySet<string> = new Set(['', 'json', 'tool_call', 'tool_calls'])

/** Reads prose from index `from` of a chunk at offset `base`, up to something that may be markup. */
export function readText(state: OutputState, chunk: string, from: number): number {
  const base = state.source.length - chunk.length
  let index = from
  while (index < chunk.length) {
    const start = index
    while (index < chunk.length && isPlain(state, chunk.charCodeAt(index))) index += 1
    if (index > start) state.keep(base + start, base + index)
    if (index === chunk.length) break
    const code = chunk.charCodeAt(index)
    if (!isJsonSpace(code)) {
      if (opensMarkup(state, code, base + index)) return index + 1
      state.keep(base + index, base + index + 1)
    }
    index += 1
  }
  return index
}

export function readReasoning(state: OutputState, chunk: string, from: number): number {
  const base = state.source.length - chunk.length
  for (let index = from; index < chunk.length; index += 1) {
    const code = chunk.charCodeAt(index)
    if (state.reasoningMarks[code] === 1) {
      state.startMarker(base + index, 'reasoning', code)
      return index + 1
    }
    if (!isJsonSpace(code)) state.text.add(base + index, base + index + 1)
  }
  return chunk.length
}

/** JSON that is no call is text to its end: what looks like a call deep in it is data. */
export function readJsonText(state: OutputState, chunk: string, from: number): number {
  const base = state.source.length - chunk.length
  let index = from
  while (index < chunk.length && state.mode === 'json-text') {
    index = state.jsonText.run(chunk, index)
    if (state.jsonText.event === 'invalid' || state.jsonText.isDone) state.mode = 'text'
  }
  const end = state.source.trimmedEnd(base + from, base + index)
  if (end > base + from) state.keep(base + from, end)
  return index
}

export function readFenceText(state: OutputState, chunk: string, from: number): number {
  const base = state.source.length - chunk.length
  let index = from
  for (; index < chunk.length; index += 1) {
    if (chunk.charCodeAt(index) === TICK) state.tickCount += 1
    else if (state.tickCount < state.textFence) state.tickCount = 0
    else {
      state.mode = 'text'
      break
    }
  }
  if (index > from) state.keep(base + from, base + index)
  return index
}

/** The following read one character, `code` at offset `at`, and return 1; or 0 when another mode is to read it. */

export function readTicks(state: OutputState, code: number, at: number): 0 | 1 {
  if (code === TICK) {
    state.tickCount += 1
    return 1
  }
  if (state.tickCount >= 3 && state.callFence > 0) {
    closeCallFence(state, at)
  } else if (state.home === 'skip') {
    state.failureEnd = at
    state.mode = 'skip'
  } else if (state.tickCount >= 3) {
    state.beginPending(state.markStart)
    state.pendingFence = state.tickCount
    state.infoEnd = NONE
    state.mode = 'fence-head'
  } else {
    state.keep(state.markStart, at)
    state.mode = 'text'
  }
  return 0
}

/** The fence around calls ends at `end`, and with it whatever was open in it. */
export function closeCallFence(state: OutputState, end: number): void {
  state.endFailure(end)
  state.container = null
  state.leaveMarkup(end)
  state.callFence = 0
}

export function readFenceHead(state: OutputState, code: number, at: number): 0 | 1 {
  const isInInfo = state.infoEnd === NONE
  if (isJsonSpace(code)) {
    if (isInInfo) state.infoEnd = at
    return 1
  }
  const isOpener = code === OPEN_BRACKET || code === OPEN_BRACE || code === LESS
  if (isOpener && mayHoldCalls(state, isInInfo ? at : state.infoEnd)) {
    startMarkup(state, code, at)
    return 1
  }
  if (isInInfo && !isOpener && code !== TICK) return 1
  state.release(at)
  return 0
}

export function readBracket(state: OutputState, code: number, at: number): 0 | 1 {
  if (isJsonSpace(code)) return 1
  if (at === state.markStart + 1 && startsBracketMarker(state, code)) return 1
  if (state.grammar.readsBareJson) {
    if (code === OPEN_BRACE) {
      state.startCalls('array', state.markStart)
      return 0
    }
    if (code === CLOSE_BRACKET && state.isFirst && state.callCount === 0) {
      state.mode = 'empty-list'
      return 1
    }
  }
  state.release(state.markStart + 1)
  if (state.mode === 'text' && state.grammar.readsBareJson) startJsonText(state, '[')
  return 0
}

export function readBrace(state: OutputState, code: number): 0 | 1 {
  if (isJsonSpace(code)) return 1
  if (code === QUOTE) state.startCalls('object', state.markStart)
  else state.release(state.markStart + 1)
  return 0
}

export function readEmptyList(state: OutputState, code: number, at: number): 0 | 1 {
  if (code === NEWLINE || (code === TICK && state.pendingFence > 0)) {
    state.leaveMarkup(at)
    return 0
  }
  if (isJsonSpace(code)) return 1
  state.release(at)
  return 0
}

function isPlain({ textMarks }: OutputState, code: number): boolean {
  if (code > OPEN_BRACE) return true
  if (textMarks[code] === 1) return false
  switch (code) {
    case TICK:
    case OPEN_BRACKET:
    case OPEN_BRACE:
    case SEMICOLON:
    case COMMA:
      return false
    default:
      return !isJsonSpace(code)
  }
}

/** Does this character of the prose begin something that may be markup? If so, the mode is set. */
function opensMarkup(state: OutputState, code: number, at: number): boolean {
  if (code === SEMICOLON || code === COMMA) {
    const separates = state.isAfterCall && state.text.isAfterMarkup && state.pending === NONE
    if (separates) state.pending = at
    return separates
  }
  const { readsBareJson } = state.grammar
  if (code === TICK) {
    if (!readsBareJson) return false
    state.mode = 'ticks'
    state.home = 'text'
    state.markStart = at
    state.tickCount = 1
    return true
  }
  const isJson = code === OPEN_BRACKET || code === OPEN_BRACE
  if (state.textMarks[code] !== 1 && !(isJson && readsBareJson)) return false
  if (state.source.codeAt(at - 1) === TICK) {
    // In inline code, markup is being talked about.
    if (!isJson || !readsBareJson) return false
    state.keep(at, at + 1)
    startJsonText(state, code === OPEN_BRACKET ? '[' : '{')
    return true
  }
  state.beginPending(at)
  startMarkup(state, code, at)
  return true
}

/** What may begin a marker, or `[` or `{`; it counts as read. */
function startMarkup(state: OutputState, code: number, at: number): void {
  if (code === OPEN_BRACKET || code === OPEN_BRACE) {
    state.markStart = at
    state.mode = code === OPEN_BRACKET ? 'bracket' : 'brace'
  } else {
    state.startMarker(at, 'text', code)
  }
}

/** `opener` counts as read. */
function startJsonText(state: OutputState, opener: '[' | '{'): void {
  state.jsonText = new JsonScanner(1)
  state.jsonText.run(opener, 0)
  state.mode = 'json-text'
}

function startsBracketMarker(state: OutputState, code: number): boolean {
  state.matcher.start(state.textMarkers)
  state.matcher.step(OPEN_BRACKET)
  if (state.matcher.step(code) === 'none') return false
  state.mode = 'marker'
  state.home = 'text'
  return true
}

function mayHoldCalls(state: OutputState, infoEnd: number): boolean {
  const info = state.source.slice(state.markStart + state.pendingFence, infoEnd)
  return CALL_FENCE_INFO.has(info.toLowerCase())
}
