import type { GgufTensor } from './gguf-header.ts'
import { tensorRows, type TensorRow, type TypeChange } from './tensor-rows.ts'

/** Bytes and bits count the tensors of known types only. */
export type TensorGroup<Key> = {
  readonly key: Key
  readonly tensors: number
  readonly weights: number
  readonly bytes: number
  readonly bitsPerWeight: number | null
  /** Each type once, that of most weights first; null for unknown ones. */
  readonly types: readonly (string | null)[]
}

export type BitCell = {
  readonly bitsPerWeight: number
  readonly types: readonly string[]
  readonly change: TypeChange
}

/** The matrices of the layers: `cells[role][layer]`, by position in the two lists. Null where a layer has none. */
export type BitMatrix = {
  readonly roles: readonly string[]
  readonly layers: readonly number[]
  readonly cells: readonly (readonly (BitCell | null)[])[]
}

/** Roles that got another type than the base one, in the same layers. */
export type BumpedRoles = {
  readonly change: 'raised' | 'lowered'
  readonly type: string
  readonly roles: readonly string[]
  /** Ascending; null for tensors outside the layers. */
  readonly layers: readonly number[] | null
  /** Every layer that has these roles has them so. */
  readonly isEverywhere: boolean
}

export type TensorReport = {
  readonly rows: readonly TensorRow[]
  readonly weights: number
  readonly bytes: number
  readonly bitsPerWeight: number | null
  /** What most weights of the layers are stored as; null without a tensor of a known type. */
  readonly baseType: string | null
  readonly byType: readonly TensorGroup<string | null>[]
  /** In the order of a layer's computation. */
  readonly byRole: readonly TensorGroup<string>[]
  /** Layers ascending; null, what is outside of them, last. */
  readonly byLayer: readonly TensorGroup<number | null>[]
  readonly matrix: BitMatrix
  readonly bumps: readonly BumpedRoles[]
}

/** Other roles follow these, as they come in the file. */
const ROLE_ORDER: readonly string[] = [
  'attn_qkv',
  'attn_q',
  'attn_k',
  'attn_v',
  'attn_output',
  'ffn_gate',
  'ffn_up',
  'ffn_down',
]
const LAST_ROLES: readonly string[] = ['norm', 'bias', 'embedding', 'output']

/**
 * Says how a model's weights are stored, by role and by layer, and which of them were raised above or lowered below
 * the base type ("layer bumping").
 */
export function reportTensors(tensors: readonly GgufTensor[]): TensorReport {
  const { rows, baseType } = tensorRows(tensors)
  const all = groupOf(null, rows)
  const matrix = buildMatrix(rows)
  return {
    rows,
    weights: rows.reduce((sum, { weights }) => sum + weights, 0),
    bytes: all.bytes,
    bitsPerWeight: all.bitsPerWeight,
    baseType,
    byType: groupBy(rows, ({ type }) => type).toSorted((a, b) => b.weights - a.weights),
    byRole: groupBy(rows, ({ role }) => role).toSorted((a, b) => roleRank(a.key) - roleRank(b.key)),
    byLayer: groupBy(rows, ({ layer }) => layer).toSorted(
      (a, b) => (a.key ?? Infinity) - (b.key ?? Infinity),
    ),
    matrix,
    bumps: findBumps(rows),
  }
}

function roleRank(role: string): number {
  const last = LAST_ROLES.indexOf(role)
  if (last >= 0) return ROLE_ORDER.length + 1 + last
  const index = ROLE_ORDER.indexOf(role)
  return index >= 0 ? index : ROLE_ORDER.length
}

function groupBy<Key>(
  rows: readonly TensorRow[],
  keyOf: (row: TensorRow) => Key,
): readonly TensorGroup<Key>[] {
  return [...collect(rows, keyOf)].map(([key, members]) => groupOf(key, members))
}

function groupOf<Key>(key: Key, rows: readonly TensorRow[]): TensorGroup<Key> {
  const known = rows.filter(({ bytes }) => bytes !== null)
  const bytes = known.reduce((sum, row) => sum + (row.bytes ?? 0), 0)
  const knownWeights = known.reduce((sum, row) => sum + row.weights, 0)
  const byType = [...collect(rows, ({ type }) => type)].map(([type, members]) => ({
    type,
    weights: members.reduce((sum, row) => sum + row.weights, 0),
  }))
  return {
    key,
    tensors: rows.length,
    weights: rows.reduce((sum, row) => sum + row.weights, 0),
    bytes,
    bitsPerWeight: knownWeights > 0 ? (bytes * 8) / knownWeights : null,
    types: byType.toSorted((a, b) => b.weights - a.weights).map(({ type }) => type),
  }
}

function buildMatrix(rows: readonly TensorRow[]): BitMatrix {
  const matrices = rows.filter(isLayerMatrix)
  const roles = [...new Set(matrices.map(({ role }) => role))].toSorted(
    (a, b) => roleRank(a) - roleRank(b),
  )
  const layers = [...new Set(matrices.map(({ layer }) => layer))].toSorted((a, b) => a - b)
  const byPlace = collect(matrices, ({ role, layer }) => `${layer} ${role}`)
  return {
    roles,
    layers,
    cells: roles.map((role) =>
      layers.map((layer) => toCell(byPlace.get(`${layer} ${role}`) ?? [])),
    ),
  }
}

type LayerMatrix = TensorRow & { readonly layer: number }

function isLayerMatrix(row: TensorRow): row is LayerMatrix {
  return row.layer !== null && row.shape.length > 1 && row.role !== 'norm' && row.role !== 'bias'
}

function toCell(rows: readonly TensorRow[]): BitCell | null {
  const group = groupOf(null, rows)
  if (group.bitsPerWeight === null) return null
  const changed = rows.find(({ change }) => change === 'raised' || change === 'lowered')
  return {
    bitsPerWeight: group.bitsPerWeight,
    types: group.types.filter((type) => type !== null),
    change: (changed ?? rows[0])?.change ?? 'unknown',
  }
}

function findBumps(rows: readonly TensorRow[]): readonly BumpedRoles[] {
  const layersOfRole = new Map(
    [...collect(rows.filter(isLayerMatrix), ({ role }) => role)].map(([role, members]) => [
      role,
      new Set(members.map(({ layer }) => layer)).size,
    ]),
  )
  const bumped = rows.filter(({ change }) => change === 'raised' || change === 'lowered')
  const perRole = [
    ...collect(bumped, ({ change, type, role, layer }) =>
      JSON.stringify([change, type, role, layer === null]),
    ).values(),
  ].flatMap((members) => {
    const [first] = members
    if (!first || first.type === null) return []
    const layers = members.flatMap(({ layer }) => (layer === null ? [] : [layer]))
    const unique = [...new Set(layers)].toSorted((a, b) => a - b)
    return [
      {
        change: first.change === 'raised' ? ('raised' as const) : ('lowered' as const),
        type: first.type,
        role: first.role,
        layers: first.layer === null ? null : unique,
        isEverywhere: unique.length === layersOfRole.get(first.role),
      },
    ]
  })
  return [
    ...collect(perRole, ({ change, type, layers }) =>
      JSON.stringify([change, type, layers]),
    ).values(),
  ].flatMap((members) => {
    const [first] = members
    if (!first) return []
    const { role: _, ...common } = first
    const roles = members.map(({ role }) => role).toSorted((a, b) => roleRank(a) - roleRank(b))
    return [{ ...common, roles, isEverywhere: members.every(({ isEverywhere }) => isEverywhere) }]
  })
}

function collect<Row, Key>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): ReadonlyMap<Key, readonly Row[]> {
  const groups = new Map<Key, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}
