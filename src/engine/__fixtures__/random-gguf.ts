import {
  writeGguf,
  type GgufTensorData,
  type GgufValue,
} from '../../core/gguf/__fixtures__/write-gguf.ts'

const HEAD_SIZE = 32
const EMBEDDING = 64
const FEED_FORWARD = 64
const CONTROL = 3
const NORMAL = 1

/** GPT-2's letters for ASCII: space and newline have stand-ins. */
const ASCII = Array.from({ length: 95 }, (_, index) =>
  String.fromCodePoint(32 + index).replace(' ', 'Ġ'),
)
/** Texts that a model would have as one token, across what a grammar takes for a border. */
const PIECES = [
  '",',
  '":',
  '"}',
  ',Ġ',
  ':Ġ',
  '{"',
  '[{"',
  '}}',
  '"}]',
  'name',
  '"Ġ',
  'ab',
  '12',
  '</',
  'rue',
  '":Ġ"',
]

/** `｜` and `▁`, each a token, in GPT-2's letters for their bytes: the markers of some formats are written with them. */
const MARKER_CHARACTERS = ['ï½ľ', 'âĸģ']
const SPEAKABLE = [...ASCII, 'Ċ', ...PIECES, ...MARKER_CHARACTERS]

/**
 * A one-layer Llama with random weights and hardly more than an ASCII vocabulary: what it says is noise, so whatever order there is in an
 * answer comes from the grammar. The same seed gives the same model.
 */
export function randomGguf(random: () => number): Uint8Array<ArrayBuffer> {
  const texts = [...SPEAKABLE, '<|endoftext|>', '<|im_end|>']
  while (texts.length % HEAD_SIZE !== 0) texts.push(`<|pad${texts.length}|>`)
  const controls = SPEAKABLE.length
  const text = (value: string): GgufValue => ({ type: 'string', value })
  const count = (value: number): GgufValue => ({ type: 'u32', value })
  const tensor = (name: string, shape: readonly number[], scale = 0.5): GgufTensorData => ({
    name,
    shape,
    type: 'f32',
    data: Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      () => (random() - 0.5) * 2 * scale,
    ),
  })
  const ones = (name: string): GgufTensorData => ({
    name,
    shape: [EMBEDDING],
    type: 'f32',
    data: new Float32Array(EMBEDDING).fill(1),
  })
  const file = writeGguf({
    metadata: {
      'general.architecture': text('llama'),
      'general.name': text('noise'),
      'llama.context_length': count(16384),
      'llama.embedding_length': count(EMBEDDING),
      'llama.block_count': count(1),
      'llama.feed_forward_length': count(FEED_FORWARD),
      'llama.attention.head_count': count(EMBEDDING / HEAD_SIZE),
      'llama.attention.head_count_kv': count(EMBEDDING / HEAD_SIZE),
      'llama.rope.dimension_count': count(HEAD_SIZE),
      'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
      'llama.vocab_size': count(texts.length),
      'tokenizer.ggml.model': text('gpt2'),
      'tokenizer.ggml.pre': text('qwen2'),
      'tokenizer.ggml.tokens': { type: 'strings', value: texts },
      'tokenizer.ggml.token_type': {
        type: 'i32s',
        value: texts.map((_, index) => (index < controls ? NORMAL : CONTROL)),
      },
      'tokenizer.ggml.merges': { type: 'strings', value: ['a b'] },
      'tokenizer.ggml.eos_token_id': count(controls + 1),
      'tokenizer.ggml.bos_token_id': count(controls),
      'tokenizer.ggml.add_bos_token': { type: 'bool', value: false },
    },
    tensors: [
      tensor('token_embd.weight', [EMBEDDING, texts.length]),
      ones('output_norm.weight'),
      tensor('output.weight', [EMBEDDING, texts.length], 0.15),
      ones('blk.0.attn_norm.weight'),
      tensor('blk.0.attn_q.weight', [EMBEDDING, EMBEDDING]),
      tensor('blk.0.attn_k.weight', [EMBEDDING, EMBEDDING]),
      tensor('blk.0.attn_v.weight', [EMBEDDING, EMBEDDING]),
      tensor('blk.0.attn_output.weight', [EMBEDDING, EMBEDDING]),
      ones('blk.0.ffn_norm.weight'),
      tensor('blk.0.ffn_gate.weight', [EMBEDDING, FEED_FORWARD]),
      tensor('blk.0.ffn_up.weight', [EMBEDDING, FEED_FORWARD]),
      tensor('blk.0.ffn_down.weight', [FEED_FORWARD, EMBEDDING]),
    ],
  })
  return new Uint8Array(file)
}
