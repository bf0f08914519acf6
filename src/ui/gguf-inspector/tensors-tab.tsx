import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { useRef, useState } from 'react'
import { Virtualizer } from 'virtua'
import type { TensorRow } from '../../core/gguf/tensor-rows.ts'
import { classNames } from '../kit/class-names.ts'
import { formatBytes, formatCount } from '../kit/quantities.ts'
import { ChangeMark } from './change-mark.tsx'
import { formatBits, formatWeights } from './figures.ts'
import { SearchField } from './search-field.tsx'
import {
  filterTensors,
  nextSort,
  sortTensors,
  type TensorColumn,
  type TensorSort,
} from './sort-tensors.ts'

const HEADING_HEIGHT = 32
const ROW_HEIGHT = 30

const COLUMNS: readonly {
  readonly column: TensorColumn
  readonly label: string
  readonly isNumber: boolean
}[] = [
  { column: 'name', label: 'Name', isNumber: false },
  { column: 'layer', label: 'Layer', isNumber: true },
  { column: 'role', label: 'Role', isNumber: false },
  { column: 'type', label: 'Type', isNumber: false },
  { column: 'bitsPerWeight', label: 'Bits', isNumber: true },
  { column: 'weights', label: 'Weights', isNumber: true },
  { column: 'shape', label: 'Shape', isNumber: true },
  { column: 'bytes', label: 'Size', isNumber: true },
]

/** The columns of the heading and of every row: rows are not in one table layout, as only the visible ones exist. */
const GRID =
  'grid w-full min-w-[54rem] grid-cols-[minmax(11rem,2fr)_4.5rem_minmax(6.5rem,1fr)_6.5rem_4.5rem_6rem_minmax(8rem,0.6fr)_6rem] items-center'

/** Every tensor of the file. Only the rows in sight exist in the page. */
export function TensorsTab({ rows }: { readonly rows: readonly TensorRow[] }) {
  const [query, setQuery] = useState('')
  const [sort, setSort] = useState<TensorSort>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const shown = sortTensors(filterTensors(rows, query), sort)
  const bytes = shown.reduce((sum, row) => sum + (row.bytes ?? 0), 0)
  return (
    <>
      <SearchField
        label="Filter tensors"
        value={query}
        onChange={setQuery}
        result={`${formatCount(shown.length)} of ${formatCount(rows.length)} tensors, ${formatBytes(bytes)}`}
      />
      <div
        ref={scroller}
        role="table"
        aria-label="Tensors"
        aria-rowcount={shown.length + 1}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2"
      >
        <div role="rowgroup" className="sticky top-0 z-20 w-max min-w-full bg-sunken">
          <div
            role="row"
            aria-rowindex={1}
            className={`${GRID} border-b border-line`}
            style={{ height: HEADING_HEIGHT }}
          >
            {COLUMNS.map((entry) => (
              <Heading
                key={entry.column}
                {...entry}
                sort={sort}
                onSort={() => setSort(nextSort(sort, entry.column))}
              />
            ))}
          </div>
        </div>
        <div role="rowgroup" className="w-max min-w-full">
          <Virtualizer
            data={shown}
            itemSize={ROW_HEIGHT}
            startMargin={HEADING_HEIGHT}
            scrollRef={scroller}
          >
            {(row, index) => <Row key={row.name} row={row} rowIndex={index + 2} />}
          </Virtualizer>
        </div>
        {shown.length === 0 && (
          <p className="sticky left-0 p-6 text-center text-sm text-ink-muted">
            {rows.length === 0 ? 'This file has no tensors.' : 'No tensor matches.'}
          </p>
        )}
      </div>
    </>
  )
}

function Heading(props: {
  readonly column: TensorColumn
  readonly label: string
  readonly isNumber: boolean
  readonly sort: TensorSort
  readonly onSort: () => void
}) {
  const direction = props.sort?.column === props.column ? props.sort.direction : 'none'
  const Icon = { ascending: ArrowUp, descending: ArrowDown, none: ChevronsUpDown }[direction]
  return (
    <div
      role="columnheader"
      aria-sort={direction}
      className={classNames(
        'flex h-full',
        props.isNumber && 'justify-end',
        props.column === 'name' && 'sticky left-0 bg-sunken',
      )}
    >
      <button
        type="button"
        onClick={props.onSort}
        className={classNames(
          'flex items-center gap-1 px-3 text-xs font-medium focus-visible:-outline-offset-2',
          direction === 'none' ? 'text-ink-muted hover:text-ink' : 'text-ink',
        )}
      >
        {props.label}
        <Icon className={classNames('size-3', direction === 'none' && 'text-ink-faint')} />
      </button>
    </div>
  )
}

function Row({ row, rowIndex }: { readonly row: TensorRow; readonly rowIndex: number }) {
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      className={`${GRID} group border-b border-line text-xs hover:bg-sunken`}
      style={{ height: ROW_HEIGHT }}
    >
      <span
        role="cell"
        title={row.name}
        className="sticky left-0 z-10 -mb-px flex items-center self-stretch border-b border-line bg-surface px-3 font-mono group-hover:bg-sunken"
      >
        <span className="truncate">{row.name}</span>
      </span>
      <span role="cell" className="px-3 text-right text-ink-muted tabular-nums">
        {row.layer ?? '–'}
      </span>
      <span role="cell" title={row.role} className="truncate px-3 font-mono text-ink-muted">
        {row.role}
      </span>
      <span role="cell" className="flex items-center gap-1 px-3 font-mono">
        {row.type ?? 'unknown'}
        <ChangeMark change={row.change} />
      </span>
      <Figure>{formatBits(row.bitsPerWeight)}</Figure>
      <Figure>{formatWeights(row.weights)}</Figure>
      <Figure>{row.shape.join(' × ') || '1'}</Figure>
      <Figure>{row.bytes === null ? 'unknown' : formatBytes(row.bytes)}</Figure>
    </div>
  )
}

function Figure({ children }: { readonly children: string }) {
  return (
    <span role="cell" title={children} className="truncate px-3 text-right tabular-nums">
      {children}
    </span>
  )
}
