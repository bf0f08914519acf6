import type { GgufVocabulary } from '../gguf/read-vocabulary.ts'

/**
 * The merges that a SentencePiece vocabulary implies: two tokens merge when they make a token, the one with the highest
 * score first. A file keeps only the scores.
 */
export function scoreMerges({
  tokens,
  scores,
}: GgufVocabulary): readonly (readonly [string, string])[] {
  const known = new Set(tokens)
  const merges: { readonly pair: readonly [string, string]; readonly score: number }[] = []
  for (const [id, token] of tokens.entries()) {
    const characters = Array.from(token)
    let left = ''
    for (let index = 1; index < characters.length; index++) {
      left += characters[index - 1] ?? ''
      const right = token.slice(left.length)
      if (known.has(left) && known.has(right)) {
        merges.push({ pair: [left, right], score: scores[id] ?? 0 })
      }
    }
  }
  return merges.toSorted((a, b) => b.score - a.score).map(({ pair }) => pair)
}
