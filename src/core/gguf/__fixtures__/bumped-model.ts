import type { GgufContent, GgufTensorData, GgufValue } from './write-gguf.ts'

const LAYERS = 36
const LENGTH = 2048
const KV_LENGTH = 256
const FEED_FORWARD = 11_008
const VOCABULARY = 151_936

export type BumpedModelOptions = {
  readonly chatTemplate?: string
  /** Layers in which `attn_v` and `ffn_down` are Q6_K instead of Q4_K. */
  readonly bumpedLayers: readonly number[]
}

/** The header of a model with the shapes of xLAM-2-3b (434 tensors), quantized to Q4_K with some layers bumped. */
export function bumpedModel({ chatTemplate, bumpedLayers }: BumpedModelOptions): GgufContent {
  const layers = Array.from({ length: LAYERS }, (_, layer) =>
    layerTensors(layer, bumpedLayers.includes(layer) ? 'q6_k' : 'q4_k'),
  )
  return {
    metadata: {
      'general.architecture': text('qwen2'),
      'general.name': text('xLAM 2 3B Fc R'),
      'general.file_type': number(15),
      'general.license': text('cc-by-nc-4.0'),
      'general.quantization_version': number(2),
      'qwen2.block_count': number(LAYERS),
      'qwen2.context_length': number(32_768),
      'qwen2.embedding_length': number(LENGTH),
      'qwen2.feed_forward_length': number(FEED_FORWARD),
      'qwen2.attention.head_count': number(16),
      'qwen2.attention.head_count_kv': number(2),
      'qwen2.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-6 },
      'qwen2.rope.freq_base': { type: 'f32', value: 1e6 },
      'tokenizer.ggml.model': text('gpt2'),
      'tokenizer.ggml.pre': text('qwen2'),
      'tokenizer.ggml.tokens': { type: 'strings', value: ['!', '<|endoftext|>', '<|im_end|>'] },
      'tokenizer.ggml.token_type': { type: 'i32s', value: Array.from({ length: 40 }, () => 1) },
      'tokenizer.ggml.bos_token_id': number(1),
      'tokenizer.ggml.eos_token_id': number(2),
      'tokenizer.ggml.add_bos_token': { type: 'bool', value: false },
      ...(chatTemplate === undefined ? {} : { 'tokenizer.chat_template': text(chatTemplate) }),
    },
    tensors: [
      { name: 'token_embd.weight', shape: [LENGTH, VOCABULARY], type: 'q6_k' },
      ...layers.flat(),
      { name: 'output_norm.weight', shape: [LENGTH], type: 'f32' },
    ],
  }
}

function layerTensors(layer: number, bumped: GgufTensorData['type']): readonly GgufTensorData[] {
  const matrix = (
    name: string,
    shape: readonly number[],
    type: GgufTensorData['type'] = 'q4_k',
  ): GgufTensorData => ({ name: `blk.${layer}.${name}.weight`, shape, type })
  const vector = (name: string, length: number): GgufTensorData => ({
    name: `blk.${layer}.${name}`,
    shape: [length],
    type: 'f32',
  })
  return [
    vector('attn_norm.weight', LENGTH),
    matrix('ffn_down', [FEED_FORWARD, LENGTH], bumped),
    matrix('ffn_gate', [LENGTH, FEED_FORWARD]),
    matrix('ffn_up', [LENGTH, FEED_FORWARD]),
    vector('ffn_norm.weight', LENGTH),
    vector('attn_k.bias', KV_LENGTH),
    matrix('attn_k', [LENGTH, KV_LENGTH]),
    matrix('attn_output', [LENGTH, LENGTH]),
    vector('attn_q.bias', LENGTH),
    matrix('attn_q', [LENGTH, LENGTH]),
    vector('attn_v.bias', KV_LENGTH),
    matrix('attn_v', [LENGTH, KV_LENGTH], bumped),
  ]
}

function text(value: string): GgufValue {
  return { type: 'string', value }
}

function number(value: number): GgufValue {
  return { type: 'u32', value }
}
