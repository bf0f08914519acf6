/** How a byte pair encoding cuts text into words before it merges, by `tokenizer.ggml.pre` (names of llama.cpp). */
export type PreTokenizer = {
  /** Applied one after the other, each to what the one before left. */
  readonly patterns: readonly string[]
  /** A word that is a token is taken as it is. */
  readonly ignoresMerges: boolean
}

const CONTRACTIONS = `(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])`
const SPACES = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`
const words = (digits: string) =>
  String.raw`${CONTRACTIONS}|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|${SPACES}`
const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
const UPPER = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`
const LOWER = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
const cased = (end: string, digits: string) =>
  String.raw`[^\r\n\p{L}\p{N}]?${UPPER}*${LOWER}+${end}|[^\r\n\p{L}\p{N}]?${UPPER}+${LOWER}*${end}|` +
  String.raw`${digits}| ?[^\s\p{L}\p{N}]+[\r\n/]*|${SPACES}`

const LLAMA3: PreTokenizer = { patterns: [words(String.raw`\p{N}{1,3}`)], ignoresMerges: true }
const QWEN2: PreTokenizer = { patterns: [words(String.raw`\p{N}`)], ignoresMerges: false }
const GPT_2: PreTokenizer = { patterns: [GPT2], ignoresMerges: false }
const SINGLE_DIGITS: PreTokenizer = { patterns: [String.raw`\p{N}`, GPT2], ignoresMerges: false }
const TEKKEN: PreTokenizer = { patterns: [cased('', String.raw`\p{N}`)], ignoresMerges: true }
const GPT_4O: PreTokenizer = {
  patterns: [cased(`${CONTRACTIONS}?`, String.raw`\p{N}{1,3}`)],
  ignoresMerges: false,
}

const BY_NAME: ReadonlyMap<string, PreTokenizer> = new Map([
  ...['llama3', 'llama-v3', 'llama-bpe', 'falcon3', 'pixtral', 'lfm2'].map(
    (name) => [name, LLAMA3] as const,
  ),
  ...['qwen2', 'deepseek-r1-qwen', 'megrez'].map((name) => [name, QWEN2] as const),
  ...['gpt-2', 'phi-2', 'olmo', 'mpt', 'granite-docling'].map((name) => [name, GPT_2] as const),
  ...['smollm', 'starcoder', 'refact', 'command-r', 'codeshell', 'exaone', 'minerva-7b'].map(
    (name) => [name, SINGLE_DIGITS] as const,
  ),
  ['tekken', TEKKEN],
  ['gpt-4o', GPT_4O],
  ['llama4', GPT_4O],
])

/** Null for one that is not known here: then only the engine can count. */
export function preTokenizer(name: string): PreTokenizer | null {
  return BY_NAME.get(name) ?? null
}
