import type { TokenInfo } from '../../core/chat/token-info.ts'

/** What one token added to the answer. */
export type Piece = { readonly text: string; readonly token: TokenInfo | null }

/**
 * Finds stop texts in a stream of pieces.
 *
 * WebLLM cuts a stop text off the answer only when it is whole, after its beginning has been streamed. So what may become
 * one is held back, in whole pieces.
 */
export function createStopGuard(stop: readonly string[]) {
  const stops = stop.filter((text) => text !== '')
  let held: Piece[] = []

  return {
    /** The pieces that may be shown now; the text before the first stop text when one is there. */
    add(piece: Piece): { readonly pieces: readonly Piece[]; readonly isStopped: boolean } {
      held.push(piece)
      const text = held.map((one) => one.text).join('')
      const found = stops.map((one) => text.indexOf(one)).filter((index) => index >= 0)
      if (found.length > 0) {
        const pieces = cut(held, Math.min(...found))
        held = []
        return { pieces, isStopped: true }
      }
      const count = countBefore(held, text.length - longestBeginning(text, stops))
      return { pieces: held.splice(0, count), isStopped: false }
    },
    /** The answer ended otherwise: what was held back is text. */
    flush(): readonly Piece[] {
      return held.splice(0)
    },
  }
}

/** How long the end of `text` is that may be the beginning of a stop text. */
function longestBeginning(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length
    }
  }
  return longest
}

/** How many pieces end at or before `end`. */
function countBefore(pieces: readonly Piece[], end: number): number {
  let position = 0
  let count = 0
  for (const { text } of pieces) {
    position += text.length
    if (position > end) break
    count += 1
  }
  return count
}

/** The pieces before `end`, the last one cut there. */
function cut(pieces: readonly Piece[], end: number): Piece[] {
  let position = 0
  const before: Piece[] = []
  for (const piece of pieces) {
    const text = piece.text.slice(0, Math.max(0, end - position))
    if (text !== '') before.push({ ...piece, text })
    position += piece.text.length
  }
  return before
}
