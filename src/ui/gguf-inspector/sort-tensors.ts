import type { TensorRow } from '../../core/gguf/tensor-rows.ts'

export type TensorColumn =
  | 'name'
  | 'layer'
  | 'role'
  | 'type'
  | 'bitsPerWeight'
  | 'weights'
  | 'shape'
  | 'bytes'

/** Null: as in the file. */
export type TensorSort = {
  readonly column: TensorColumn
  readonly direction: 'ascending' | 'descending'
} | null

/** `blk.10` comes after `blk.9`. */
const naturally = new Intl.Collator('en', { numeric: true })

/** What is unknown, or in no layer, stays at the end in both directions. Equal rows keep the order of the file. */
export function sortTensors(rows: readonly TensorRow[], sort: TensorSort): readonly TensorRow[] {
  if (!sort) return rows
  const { column } = sort
  const sign = sort.direction === 'ascending' ? 1 : -1
  return rows.toSorted((left, right) => {
    const [a, b] = [left[column], right[column]]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return sign * compare(a, b)
  })
}

/** A third press on a heading goes back to the order of the file. */
export function nextSort(sort: TensorSort, column: TensorColumn): TensorSort {
  if (sort?.column !== column) return { column, direction: 'ascending' }
  return sort.direction === 'ascending' ? { column, direction: 'descending' } : null
}

/** Every word of the query is to be in the name, the role or the type. */
export function filterTensors(rows: readonly TensorRow[], query: string): readonly TensorRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter(({ name, role, type, change }) => {
    const text = `${name} ${role} ${type ?? 'unknown'} ${change}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

type Sortable = string | number | readonly number[]

function compare(a: Sortable, b: Sortable): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return naturally.compare(a, b)
  if (typeof a === 'object' && typeof b === 'object') return compareShapes(a, b)
  return 0
}

/** By the first dimension that differs; the shorter first. */
function compareShapes(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((length, index) => length !== b[index])
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1)
}
