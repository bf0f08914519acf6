import { isJsonSpace } from './json-scanner.ts'
import type { OutputState } from './output-state.ts'

const TICK = 0x60
const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b
const SEMICOLON = 0x3b
const COMMA = 0x2c
/** After a complete value these are JSON gone wrong rather than prose. */
const STRAY_JSON = '}]:"'
const EXPECTED_VALUE = 'a call, "{" or "["'
const EXPECTED_ARGUMENTS = 'the arguments, "{"'

export function readCalls(state: OutputState, chunk: string, from: number): number {
  const { reader } = state
  if (reader === null) return from
  const base = state.source.length - chunk.length
  const index = reader.read(chunk, from, base)
  switch (reader.state) {
    case 'open':
      break
    case 'done':
      state.values += 1
      state.known = null
      if (reader.calls > 0) state.endCalls()
      state.leaveMarkup(base + index)
      if (state.container?.close) state.mode = 'body'
      else state.container = null
      break
    case 'not-a-call':
      state.release(state.source.trimmedEnd(0, base + index))
      if (state.mode === 'text' && reader.scanner.event !== 'invalid' && !reader.scanner.isDone) {
        state.jsonText = reader.scanner
        state.mode = 'json-text'
      }
      break
    case 'broken':
      state.confirm()
      state.failure = reader.failure
      state.failureEnd = reader.failure?.end ?? base + index
      state.mode = 'skip'
      break
  }
  return index
}

/** The following read one character, `code` at offset `at`, and return 1; or 0 when another mode is to read it. */

export function readBody(state: OutputState, code: number, at: number): 0 | 1 {
  if (isJsonSpace(code)) return 1
  const isArgumentsDue = state.container?.head !== undefined && state.values > 0
  if ((code === OPEN_BRACE || (code === OPEN_BRACKET && !state.known)) && !isArgumentsDue) {
    state.startCalls(code === OPEN_BRACE ? 'object' : 'array', at)
    return 1
  }
  if (state.containerMarks[code] === 1) {
    state.startMarker(at, 'body', code)
    return 1
  }
  if (state.values > 0 && (code === SEMICOLON || code === COMMA)) return 1
  refuseBody(state, at, at)
  return 0
}

export function readSkip(state: OutputState, code: number, at: number): 0 | 1 {
  if (state.containerMarks[code] === 1 && state.container) {
    state.startMarker(at, 'skip', code)
  } else if (code === TICK && state.callFence > 0) {
    state.mode = 'ticks'
    state.home = 'skip'
    state.markStart = at
    state.tickCount = 1
  } else if (!isJsonSpace(code)) {
    state.failureEnd = at + 1
  }
  return 1
}

export function readMarker(state: OutputState, code: number, at: number): 0 | 1 {
  const step = state.matcher.step(code)
  if (step === 'partial') return 1
  if (step !== 'none') {
    applyMarker(state, step.marker, at + 1)
    return 1
  }
  switch (state.home) {
    case 'text':
      state.release(at)
      break
    case 'reasoning':
      state.text.add(state.markStart, at)
      state.mode = 'reasoning'
      break
    case 'body':
      refuseBody(state, state.markStart, at)
      break
    case 'skip':
      state.failureEnd = at
      state.mode = 'skip'
      break
  }
  return 0
}

/** No JSON stands in a container at `at`, where it should; it has been read up to `end`. */
function refuseBody(state: OutputState, at: number, end: number): void {
  const { container } = state
  if (container === null) return
  const isStray = STRAY_JSON.includes(state.source.slice(at, at + 1))
  if (state.values > 0 && isStray) {
    state.startFailure(at, container.close === null ? 'the end' : `"${container.close}"`)
  } else if (state.values > 0) {
    state.leaveMarkup(at)
    if (end > at) state.keep(at, end)
  } else if (container.otherwise === 'prose' || (!state.known && state.isTalkedAbout(at))) {
    state.container = null
    state.release(at)
  } else if (container.otherwise === 'text') {
    state.container = null
    state.leaveMarkup(at)
    if (end > at) state.keep(at, end)
  } else {
    state.startFailure(at, state.known ? EXPECTED_ARGUMENTS : EXPECTED_VALUE)
    state.failureEnd = end
  }
}

function applyMarker(state: OutputState, marker: string, end: number): void {
  const { container, markStart } = state
  if (state.home === 'text') return applyTextMarker(state, marker, end)
  if (state.home === 'reasoning') return applyReasoningMarker(state, marker, end)
  if (container?.filler?.includes(marker)) {
    state.mode = state.home
    return
  }
  if (state.home === 'body' && state.values === 0) {
    state.startFailure(markStart, state.known ? EXPECTED_ARGUMENTS : EXPECTED_VALUE)
  }
  state.endFailure(end)
  state.leaveMarkup(end)
  state.container = null
  const next = state.grammar.containers.find(({ open }) => open === marker)
  if (next) {
    state.pending = markStart
    state.startBody(next, end)
  }
}

function applyReasoningMarker(state: OutputState, marker: string, end: number): void {
  const container = state.grammar.containers.find(({ open }) => open === marker)
  const isClose = state.reasoning.some(({ close }) => close === marker)
  if (container) {
    state.switchTo('text', end)
    state.startBody(container, end)
  } else if (isClose || state.text.isAfterMarkup) {
    switchReasoning(state, marker, end)
  } else {
    state.text.add(state.markStart, end)
    state.mode = 'reasoning'
  }
}

function applyTextMarker(state: OutputState, marker: string, end: number): void {
  const isThink = state.reasoning.some(({ open, close }) => open === marker || close === marker)
  if (isThink && state.pendingFence === 0) return switchReasoning(state, marker, end)
  const container = state.grammar.containers.find(({ open }) => open === marker)
  if (container && (state.isFirst || !container.isOnlyFirst)) return state.startBody(container, end)
  if (state.grammar.noise?.includes(marker)) return state.leaveMarkup(end)
  const closes = state.container?.close === marker
  const follows = state.isAfterCall && state.text.isAfterMarkup
  if (isThink || !(closes || follows)) return state.release(end)
  state.container = null
  state.leaveMarkup(end)
}

function switchReasoning(state: OutputState, marker: string, end: number): void {
  const isOpen = state.reasoning.some(({ open }) => open === marker)
  state.switchTo(isOpen ? 'reasoning' : 'text', end)
}
