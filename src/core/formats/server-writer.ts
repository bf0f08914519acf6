import { SERVER_CALL_CLOSE, SERVER_CALL_OPEN } from './server-calls.ts'

/** Writes what a server sends as data as the text of the format `server`: each function gives the characters to add. */
export type ServerWriter = {
  text(text: string): string
  reasoning(text: string): string
  /** The parts of several calls may be mixed; a call is written to its end before the next one begins. */
  callPart(part: {
    readonly index: number
    readonly name: string
    readonly arguments: string
  }): string
  /** A call that got no end stays cut off. */
  end(isWhole: boolean): string
}

type Call = {
  name: string
  arguments: string
  written: number
  hasBegun: boolean
  isClosed: boolean
}

/**
 * Merges `tool_calls` deltas by index into one text.
 *
 * The first call that is not complete is written as it comes. It is over once its arguments are whole JSON and a later one
 * has begun, or at the end.
 */
export function createServerWriter(): ServerWriter {
  const calls = new Map<number, Call>()
  let isThinking = false

  function leaveReasoning(): string {
    if (!isThinking) return ''
    isThinking = false
    return '</think>'
  }

  /** What can be written now, in order. */
  function advance(isOver: boolean): string {
    let output = ''
    // In the order in which they came: one that has begun is not interrupted.
    const ordered = [...calls.values()]
    for (const [place, call] of ordered.entries()) {
      if (call.isClosed) {
        // Characters after the end of a call: kept, as text.
        output += call.arguments.slice(call.written)
        call.written = call.arguments.length
        continue
      }
      const isLast = place === ordered.length - 1
      // A name may come in parts: it is whole once arguments or another call follow.
      if (!call.hasBegun && call.arguments === '' && isLast && !isOver) return output
      if (!call.hasBegun) {
        call.hasBegun = true
        output += `${SERVER_CALL_OPEN}{"name": ${JSON.stringify(call.name)}, "arguments": `
      }
      output += call.arguments.slice(call.written)
      call.written = call.arguments.length
      if (isLast && !isOver) return output
      if (!isOver && !isWholeJson(call.arguments)) return output
      // A tool without parameters may be sent without arguments.
      if (call.arguments.trim() === '') output += '{}'
      call.isClosed = true
      output += `}${SERVER_CALL_CLOSE}`
    }
    return output
  }

  return {
    text: (text) => (text === '' ? '' : leaveReasoning() + text),
    reasoning(text) {
      if (text === '' || isThinking) return text
      isThinking = true
      return `<think>${text}`
    },
    callPart(part) {
      const call = calls.get(part.index) ?? {
        name: '',
        arguments: '',
        written: 0,
        hasBegun: false,
        isClosed: false,
      }
      call.name += part.name
      call.arguments += part.arguments
      calls.set(part.index, call)
      return leaveReasoning() + advance(false)
    },
    end: (isWhole) => leaveReasoning() + advance(isWhole),
  }
}

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
