import { Tokenizer } from '@huggingface/tokenizers'
import type { GgufHeader } from '../gguf/gguf-header.ts'
import type { GgufVocabulary } from '../gguf/read-vocabulary.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { preTokenizer } from './pre-tokenizers.ts'
import { scoreMerges } from './score-merges.ts'
import { tokenEnds } from './token-ends.ts'

/** Why a vocabulary cannot be used here. */
export type TokenizerProblem =
  | { readonly kind: 'unknown-model'; readonly name: string }
  | { readonly kind: 'unknown-pre-tokenizer'; readonly name: string }
  | { readonly kind: 'no-vocabulary' }
  | { readonly kind: 'failed'; readonly detail: string }

export type TextTokenizer = {
  /**
   * Where each token of `text` ends, in UTF-16 units. A character that spans several tokens belongs to the last of
   * them. Null when the tokens do not add up to the text.
   */
  readonly ends: (text: string) => Uint32Array | null
}

const UNKNOWN = 2
const CONTROL = 3
const USER_DEFINED = 4

/** Builds the tokenizer that a GGUF file describes: a byte pair encoding or SentencePiece with scores. */
export function createTokenizer(
  header: GgufHeader,
  vocabulary: GgufVocabulary,
): Result<TextTokenizer, TokenizerProblem> {
  const text = (key: string) => String(header.metadata.get(`tokenizer.ggml.${key}`) ?? '')
  const model = text('model')
  if (vocabulary.tokens.length === 0) return err({ kind: 'no-vocabulary' })
  if (model !== 'gpt2' && model !== 'llama') return err({ kind: 'unknown-model', name: model })
  const isBytes = model === 'gpt2'
  const words = preTokenizer(text('pre'))
  if (isBytes && !words) return err({ kind: 'unknown-pre-tokenizer', name: text('pre') })
  // llama.cpp puts a space in front of a SentencePiece text, and of what follows a special token, unless told not to.
  const addsSpace = !isBytes && header.metadata.get('tokenizer.ggml.add_space_prefix') !== false
  try {
    const tokenizer = new Tokenizer(
      isBytes
        ? definition(vocabulary, {
            normalizer: null,
            pre_tokenizer: {
              type: 'Sequence',
              pretokenizers: [
                ...(words?.patterns ?? []).map((Regex) => ({
                  type: 'Split',
                  pattern: { Regex },
                  behavior: 'Isolated',
                  invert: false,
                })),
                {
                  type: 'ByteLevel',
                  add_prefix_space: false,
                  trim_offsets: false,
                  use_regex: false,
                },
              ],
            },
            merges: vocabulary.merges,
            options: { ignore_merges: words?.ignoresMerges ?? false },
          })
        : definition(vocabulary, {
            normalizer: {
              type: 'Sequence',
              normalizers: [
                ...(addsSpace ? [{ type: 'Prepend', prepend: '▁' }] : []),
                { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
              ],
            },
            pre_tokenizer: null,
            merges: scoreMerges(vocabulary),
            options: { byte_fallback: true, fuse_unk: true, unk_token: unknownToken(vocabulary) },
          }),
      {},
    )
    const special = new Set(addedTokens(vocabulary).map(({ content }) => content))
    return ok({
      ends: (prompt) =>
        tokenEnds(prompt, tokenizer.tokenize(prompt), { special, isBytes, addsSpace }),
    })
  } catch (error) {
    return err({ kind: 'failed', detail: error instanceof Error ? error.message : String(error) })
  }
}

/** As in a Hugging Face `tokenizer.json`. */
function definition(
  vocabulary: GgufVocabulary,
  parts: {
    readonly normalizer: object | null
    readonly pre_tokenizer: object | null
    readonly merges: readonly string[] | readonly (readonly [string, string])[]
    readonly options: object
  },
): object {
  const { normalizer, pre_tokenizer, merges, options } = parts
  const vocab = new Map(vocabulary.tokens.map((token, id) => [token, id]))
  return {
    normalizer,
    pre_tokenizer,
    post_processor: null,
    decoder: null,
    added_tokens: addedTokens(vocabulary),
    model: { type: 'BPE', vocab: Object.fromEntries(vocab), merges, ...options },
  }
}

function addedTokens({ tokens, types }: GgufVocabulary) {
  return tokens.flatMap((content, id) => {
    const type = types[id]
    const isAdded = type === CONTROL || type === USER_DEFINED || type === UNKNOWN
    if (!isAdded || content === '') return []
    return [{ id, content, special: type === CONTROL, normalized: false }]
  })
}

function unknownToken({ tokens, types }: GgufVocabulary): string {
  return tokens[types.indexOf(UNKNOWN)] ?? '<unk>'
}
