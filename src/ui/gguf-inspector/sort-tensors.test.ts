import { expect, it } from 'vitest'
import { bumpedModel } from '../../core/gguf/__fixtures__/bumped-model.ts'
import { headerOf } from '../../core/gguf/__fixtures__/header-of.ts'
import { reportTensors } from '../../core/gguf/tensor-report.ts'
import { filterTensors, nextSort, sortTensors, type TensorColumn } from './sort-tensors.ts'

const header = await headerOf(bumpedModel({ bumpedLayers: [0, 35] }))
const { rows } = reportTensors(header.tensors)
const COLUMNS: readonly TensorColumn[] = [
  'name',
  'layer',
  'role',
  'type',
  'bitsPerWeight',
  'weights',
  'shape',
  'bytes',
]

it.each(COLUMNS)('sorts by %s both ways and loses no row', (column) => {
  const up = sortTensors(rows, { column, direction: 'ascending' })
  const down = sortTensors(rows, { column, direction: 'descending' })
  expect(new Set(up)).toEqual(new Set(rows))
  expect(down).toHaveLength(rows.length)
  const values = (list: typeof rows) =>
    list.flatMap((row) => (row[column] === null ? [] : [JSON.stringify(row[column])]))
  expect(values(down)).toEqual(values(up).toReversed())
})

it('sorts layers as numbers and keeps what has none at the end', () => {
  const names = sortTensors(rows, { column: 'name', direction: 'ascending' }).map(
    ({ name }) => name,
  )
  expect(names.indexOf('blk.9.attn_q.weight')).toBeLessThan(names.indexOf('blk.10.attn_q.weight'))
  for (const direction of ['ascending', 'descending'] as const) {
    const sorted = sortTensors(rows, { column: 'layer', direction })
    expect(sorted.slice(-2).map(({ layer }) => layer)).toEqual([null, null])
  }
})

it('a third press goes back to the order of the file', () => {
  const first = nextSort(null, 'bytes')
  const second = nextSort(first, 'bytes')
  expect([first, second, nextSort(second, 'bytes')]).toEqual([
    { column: 'bytes', direction: 'ascending' },
    { column: 'bytes', direction: 'descending' },
    null,
  ])
  expect(nextSort(second, 'name')).toEqual({ column: 'name', direction: 'ascending' })
  expect(sortTensors(rows, null)).toBe(rows)
})

it('filters by words in any column of text', () => {
  expect(filterTensors(rows, ' Q6_K  attn_v ')).toHaveLength(2)
  expect(filterTensors(rows, 'raised')).toHaveLength(5)
  expect(filterTensors(rows, 'nothing')).toEqual([])
  expect(filterTensors(rows, ' ')).toBe(rows)
})
