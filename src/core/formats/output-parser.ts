import { isHeadProse, readHead } from './call-head.ts'
import type { OutputParser, ParserOptions } from './format.ts'
import { NONE, OutputState, type OutputGrammar } from './output-state.ts'
import { readBody, readCalls, readMarker, readSkip } from './read-calls.ts'
import {
  closeCallFence,
  readBrace,
  readBracket,
  readEmptyList,
  readFenceHead,
  readFenceText,
  readJsonText,
  readReasoning,
  readText,
  readTicks,
} from './read-prose.ts'

/**
 * Splits an output into text, reasoning and calls; `grammar` says what differs between families.
 *
 * One pass over the characters with a state per mode: nothing is read twice, and what is held back is held as offsets, so
 * the work is linear in the output whatever the chunking. What counts as a call is told at `CallReader`.
 */
export function createOutputParser(grammar: OutputGrammar, options: ParserOptions): OutputParser {
  const state = new OutputState(grammar)
  if (options.startsInReasoning) {
    state.mode = 'reasoning'
    state.text.type = 'reasoning'
    // The rest of the tag's line is no reasoning.
    state.text.isAfterMarkup = true
  } else if (grammar.startsIn) {
    state.beginPending(0)
    state.startBody(grammar.startsIn, 0)
  }
  return {
    feed(delta) {
      state.source.append(delta)
      let index = 0
      while (index < delta.length) index = read(state, delta, index)
      if (state.mode === 'calls') state.reader?.reportArguments(state.source.length)
      return state.takeEvents()
    },
    end() {
      finish(state)
      return state.takeEvents()
    },
  }
}

/** Reads on from `index`, by at least one character or into another mode; returns the next index. */
function read(state: OutputState, chunk: string, index: number): number {
  switch (state.mode) {
    case 'text':
      return readText(state, chunk, index)
    case 'reasoning':
      return readReasoning(state, chunk, index)
    case 'calls':
      return readCalls(state, chunk, index)
    case 'json-text':
      return readJsonText(state, chunk, index)
    case 'head':
      return readHead(state, chunk, index)
    case 'fence-text':
      return readFenceText(state, chunk, index)
    default:
      return (
        index + readOne(state, chunk.charCodeAt(index), state.source.length - chunk.length + index)
      )
  }
}

function readOne(state: OutputState, code: number, at: number): 0 | 1 {
  switch (state.mode) {
    case 'marker':
      return readMarker(state, code, at)
    case 'ticks':
      return readTicks(state, code, at)
    case 'fence-head':
      return readFenceHead(state, code, at)
    case 'bracket':
      return readBracket(state, code, at)
    case 'brace':
      return readBrace(state, code)
    case 'empty-list':
      return readEmptyList(state, code, at)
    case 'body':
      return readBody(state, code, at)
    case 'skip':
      return readSkip(state, code, at)
    default:
      return 0
  }
}

/** The output ends where it may be in the middle of anything. */
function finish(state: OutputState): void {
  const end = state.source.length
  switch (state.mode) {
    case 'text':
      // A separator after the last call.
      if (state.pending !== NONE) state.leaveMarkup(end)
      break
    case 'calls':
      finishCalls(state, end)
      break
    case 'head':
      finishHead(state, end)
      break
    case 'body':
      finishBody(state, end)
      break
    case 'skip':
      state.endFailure(end)
      state.leaveMarkup(end)
      break
    case 'marker':
      finishMarker(state, end)
      break
    case 'ticks':
      finishTicks(state, end)
      break
    case 'fence-head':
      state.release(end)
      break
    case 'bracket':
    case 'brace':
      state.release(state.markStart + 1)
      break
    case 'empty-list':
      state.leaveMarkup(end)
      break
    case 'reasoning':
    case 'json-text':
    case 'fence-text':
      break
  }
  state.text.finish(end)
}

function finishCalls(state: OutputState, end: number): void {
  const { reader } = state
  if (!reader?.cutOff(end)) state.release(end)
  else if (reader.calls === 0) finishBody(state, end)
  else state.leaveMarkup(end)
}

function finishHead(state: OutputState, end: number): void {
  if (!isHeadProse(state, end)) finishBody(state, end)
  else if (end > 0) state.release(end)
}

function finishBody(state: OutputState, end: number): void {
  if (state.values === 0) {
    if (state.container?.otherwise === 'prose') return state.release(end)
    const { known } = state
    const span = { start: known?.span.start ?? state.contentStart, end }
    state.emit({ type: 'call-cut-off', call: state.nextCall(), name: known?.name ?? null, span })
  }
  state.leaveMarkup(end)
}

function finishMarker(state: OutputState, end: number): void {
  const { home, markStart } = state
  if (home === 'reasoning') state.text.add(markStart, end)
  else if (home === 'body') finishBody(state, end)
  else if (home === 'skip') {
    state.endFailure(end)
    state.leaveMarkup(end)
  } else {
    const closes = state.container !== null && state.text.isAfterMarkup
    const isWord = /^\w/.test(state.source.slice(markStart, end))
    if (closes || (state.matcher.isMostlyMatched && !isWord)) state.leaveMarkup(end)
    else state.release(end)
  }
}

function finishTicks(state: OutputState, end: number): void {
  const isFence = state.tickCount >= 3
  if (state.home === 'skip' || (state.callFence > 0 && (isFence || state.text.isAfterMarkup))) {
    closeCallFence(state, end)
  } else {
    state.keep(state.markStart, end)
  }
}
