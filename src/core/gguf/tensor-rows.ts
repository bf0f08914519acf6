import type { GgufTensor } from './gguf-header.ts'

/** Against the base type: `unquantized` are the vectors and the F32 tensors that quantizers leave alone. */
export type TypeChange = 'base' | 'raised' | 'lowered' | 'unquantized' | 'unknown'

export type TensorRow = {
  readonly name: string
  readonly shape: readonly number[]
  readonly weights: number
  /** This and the next two are null for a type newer than our reader. */
  readonly type: string | null
  readonly bytes: number | null
  readonly bitsPerWeight: number | null
  /** Null outside the layers. */
  readonly layer: number | null
  /** The part that the name says, as `attn_q` or `ffn_down`; `embedding`, `output`, `norm` and `bias` for those. */
  readonly role: string
  readonly change: TypeChange
}

const ROLE_NAMES: ReadonlyMap<string, string> = new Map([
  ['token_embd', 'embedding'],
  ['position_embd', 'embedding'],
  ['per_layer_token_embd', 'embedding'],
  ['token_types', 'embedding'],
])

/**
 * Each tensor with its role, its layer and how its type compares to the base type, the one that most weights have.
 *
 * The base type is taken from the layers alone, because in a small model a large vocabulary can outweigh them.
 */
export function tensorRows(tensors: readonly GgufTensor[]): {
  readonly rows: readonly TensorRow[]
  /** Null without a tensor of a known type. */
  readonly baseType: string | null
} {
  const base = findBase(tensors)
  return { rows: tensors.map((tensor) => toRow(tensor, base)), baseType: base?.type ?? null }
}

type Base = { readonly type: string; readonly bits: number }

function findBase(tensors: readonly GgufTensor[]): Base | null {
  const inLayers = tensors.filter(({ name }) => layerOf(name) !== null)
  return heaviestType(inLayers) ?? heaviestType(tensors)
}

function heaviestType(tensors: readonly GgufTensor[]): Base | null {
  const weightsByType = new Map<string, { readonly bits: number; readonly weights: number }>()
  for (const { type, shape, sizeBytes } of tensors) {
    const weights = weightsOf(shape)
    if (type === null || sizeBytes === null || weights === 0) continue
    const bits = (sizeBytes * 8) / weights
    weightsByType.set(type, { bits, weights: weights + (weightsByType.get(type)?.weights ?? 0) })
  }
  let heaviest: (Base & { readonly weights: number }) | null = null
  for (const [type, entry] of weightsByType) {
    if (!heaviest || entry.weights > heaviest.weights) heaviest = { type, ...entry }
  }
  return heaviest
}

function toRow({ name, shape, type, sizeBytes }: GgufTensor, base: Base | null): TensorRow {
  const weights = weightsOf(shape)
  const bitsPerWeight = sizeBytes === null || weights === 0 ? null : (sizeBytes * 8) / weights
  return {
    name,
    shape,
    weights,
    type,
    bytes: sizeBytes,
    bitsPerWeight,
    layer: layerOf(name),
    role: roleOf(name),
    change: changeOf({ shape, type, bitsPerWeight }, base),
  }
}

function changeOf(
  { shape, type, bitsPerWeight }: Pick<TensorRow, 'shape' | 'type' | 'bitsPerWeight'>,
  base: Base | null,
): TypeChange {
  if (type === null || bitsPerWeight === null || !base) return 'unknown'
  if (type === base.type) return 'base'
  if (shape.length < 2 || type === 'F32') return 'unquantized'
  if (bitsPerWeight === base.bits) return 'base'
  return bitsPerWeight > base.bits ? 'raised' : 'lowered'
}

function layerOf(name: string): number | null {
  const index = /(?:^|\.)blk\.(\d{1,6})\./.exec(name)?.[1]
  return index === undefined ? null : Number(index)
}

/** Names: https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/constants.py */
function roleOf(name: string): string {
  // The last number is that of an expert in files of 2024 and before.
  const [, stem = name, suffix] = /^(?:.*?\bblk\.\d+\.)?(.+?)(?:\.\d+)?(?:\.(weight|bias))?$/s.exec(
    name,
  ) ?? [name]
  if (suffix === 'bias') return 'bias'
  return ROLE_NAMES.get(stem) ?? (/norm(_\d+)?$/.test(stem) ? 'norm' : stem)
}

function weightsOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
