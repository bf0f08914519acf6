/** One token as the engine sees it. */
export type TokenInfo = {
  /** Null where the engine does not tell. */
  readonly id: number | null
  readonly text: string
  /** Natural logarithm of its probability, before sampling. */
  readonly logprob: number
  /** The likeliest tokens at this place, best first; the chosen one need not be among them. */
  readonly alternatives: readonly TokenAlternative[]
}

export type TokenAlternative = {
  readonly id: number | null
  readonly text: string
  readonly logprob: number
}

/** A token where it stands in the output. */
export type AnswerToken = TokenInfo & {
  /** Offset of its first character. A token that is a part of a character stands, without length, at its end. */
  readonly at: number
}

/**
 * Gives each token its place. `delta` is what the engine wrote for these tokens, at `at`.
 *
 * When their texts are not the delta's, as with characters that span several tokens, the first one takes all of it.
 */
export function placeTokens(
  tokens: readonly TokenInfo[],
  delta: { readonly at: number; readonly text: string },
): readonly AnswerToken[] {
  if (tokens.map(({ text }) => text).join('') !== delta.text) {
    return tokens.map((token, index) =>
      index === 0
        ? { ...token, text: delta.text, at: delta.at }
        : { ...token, text: '', at: delta.at + delta.text.length },
    )
  }
  let at = delta.at
  return tokens.map((token) => {
    const placed = { ...token, at }
    at += token.text.length
    return placed
  })
}

/** How unexpected a token was, in bits: 0 for a certain one, 1 for one of two equals. */
export function surpriseBits(logprob: number): number {
  return Math.max(0, -logprob / Math.LN2)
}
