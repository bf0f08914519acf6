import { useRef, useState, type KeyboardEvent } from 'react'
import type { BitCell, BitMatrix } from '../../core/gguf/tensor-report.ts'
import type { TypeChange } from '../../core/gguf/tensor-rows.ts'
import { classNames } from '../kit/class-names.ts'
import { CHANGE_WORDS, ChangeMark } from './change-mark.tsx'
import { formatBits } from './figures.ts'

/** Far above real models (126 layers); a broken file may claim thousands. */
const MOST_LAYERS = 256
/** Every how many layers the axis has a number. */
const AXIS_STEP = 4

const BAR_COLOURS: Readonly<Record<TypeChange, string>> = {
  base: 'bg-line-strong',
  raised: 'bg-accent',
  lowered: 'bg-warn',
  unquantized: 'bg-info',
  unknown: 'bg-transparent',
}

type Place = { readonly role: number; readonly layer: number }
type Count = { readonly roles: number; readonly layers: number }

/**
 * A row for each role, a cell for each layer, and in it a bar as high as its bits: what was raised is higher and of
 * another colour. Arrow keys, Home and End move over the cells; the line below says what is in the current one.
 */
export function BitMap(props: { readonly matrix: BitMatrix; readonly baseType: string | null }) {
  const { roles, layers: allLayers, cells } = props.matrix
  const layers = allLayers.slice(0, MOST_LAYERS)
  const [pointedAt, setPlace] = useState<Place>({ role: 0, layer: 0 })
  // Another model, or one more shard, may have come since.
  const place = inside(pointedAt, { roles: roles.length, layers: layers.length })
  const grid = useRef<HTMLDivElement>(null)
  if (roles.length === 0) {
    return <p className="text-sm text-ink-muted">This file has no layers.</p>
  }
  const scale = bitScale(cells)
  const current = cells[place.role]?.[place.layer] ?? null

  function move(event: KeyboardEvent) {
    const next = nextPlace(event.key, place, { roles: roles.length, layers: layers.length })
    if (!next) return
    event.preventDefault()
    setPlace(next)
    grid.current?.querySelector<HTMLElement>(`[data-place="${next.role}-${next.layer}"]`)?.focus()
  }

  return (
    <div className="grid min-w-0 gap-2">
      <div className="overflow-x-auto pb-1">
        <div
          ref={grid}
          role="grid"
          tabIndex={-1}
          aria-label="Bits per weight, a row for each role, a column for each layer"
          onKeyDown={move}
          className="grid w-max min-w-full gap-y-1"
        >
          {roles.map((role, roleIndex) => (
            <div
              key={role}
              role="row"
              className="grid items-end"
              style={{ gridTemplateColumns: columnsFor(layers.length) }}
            >
              <span
                role="rowheader"
                title={role}
                className="sticky left-0 z-10 truncate bg-surface pr-2 font-mono text-xs leading-7 text-ink-muted"
              >
                {role}
              </span>
              {layers.map((layer, layerIndex) => (
                <Cell
                  key={layer}
                  cell={cells[roleIndex]?.[layerIndex] ?? null}
                  name={`${role}, layer ${layer}`}
                  place={{ role: roleIndex, layer: layerIndex }}
                  isCurrent={place.role === roleIndex && place.layer === layerIndex}
                  scale={scale}
                  onPoint={setPlace}
                />
              ))}
            </div>
          ))}
        </div>
        <div
          aria-hidden
          className="grid w-max min-w-full text-2xs text-ink-muted tabular-nums"
          style={{ gridTemplateColumns: columnsFor(layers.length) }}
        >
          <span className="sticky left-0 bg-surface">layer</span>
          {layers.map((layer, index) => (
            <span key={layer} className="w-0 pl-0.5 whitespace-nowrap">
              {index % AXIS_STEP === 0 ? layer : ''}
            </span>
          ))}
        </div>
      </div>
      <p className="min-h-5 text-xs">
        <span className="font-mono">{roles[place.role]}</span>
        {`, layer ${layers[place.layer]}: `}
        <CellWords cell={current} />
      </p>
      <Legend cells={cells} baseType={props.baseType} />
    </div>
  )
}

function Cell(props: {
  readonly cell: BitCell | null
  readonly name: string
  readonly place: Place
  readonly isCurrent: boolean
  readonly scale: (bits: number) => number
  readonly onPoint: (place: Place) => void
}) {
  const { cell, place } = props
  return (
    <div
      role="gridcell"
      tabIndex={props.isCurrent ? 0 : -1}
      aria-label={`${props.name}: ${cellWords(cell)}`}
      data-place={`${place.role}-${place.layer}`}
      onPointerEnter={() => props.onPoint(place)}
      onFocus={() => props.onPoint(place)}
      className={classNames(
        'flex h-7 items-end rounded-sm px-px focus-visible:outline-offset-0',
        props.isCurrent ? 'bg-accent-soft' : 'bg-sunken',
      )}
    >
      {cell && (
        <span
          className={`w-full rounded-[2px] ${BAR_COLOURS[cell.change]}`}
          style={{ height: `${props.scale(cell.bitsPerWeight) * 100}%` }}
        />
      )}
    </div>
  )
}

function CellWords({ cell }: { readonly cell: BitCell | null }) {
  return (
    <span className="inline-flex items-center gap-1">
      {cellWords(cell)}
      {cell && <ChangeMark change={cell.change} />}
    </span>
  )
}

function cellWords(cell: BitCell | null): string {
  if (!cell) return 'nothing, or of a type that this reader does not know'
  const types = cell.types.join(' and ')
  return `${types}, ${formatBits(cell.bitsPerWeight)} bits per weight, ${CHANGE_WORDS[cell.change]}`
}

function Legend(props: { readonly cells: BitMatrix['cells']; readonly baseType: string | null }) {
  const present = new Set(props.cells.flat().map((cell) => cell?.change))
  const shown = (['base', 'raised', 'lowered', 'unquantized'] as const).filter((change) =>
    present.has(change),
  )
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-muted">
      {shown.map((change) => (
        <li key={change} className="flex items-center gap-1.5">
          <span className={`size-2.5 rounded-[2px] ${BAR_COLOURS[change]}`} />
          {change === 'base' ? `base type, ${props.baseType}` : CHANGE_WORDS[change]}
          <ChangeMark change={change} />
        </li>
      ))}
    </ul>
  )
}

/** Logarithmic, so that 2 and 4 bits differ as much as 4 and 8. What is not quantized does not press the rest down. */
function bitScale(cells: BitMatrix['cells']): (bits: number) => number {
  const quantized = cells
    .flat()
    .flatMap((cell) => (cell && cell.change !== 'unquantized' ? [cell.bitsPerWeight] : []))
  const most = quantized.reduce((highest, bits) => Math.max(highest, bits), 1)
  return (bits) => Math.min(1, Math.log2(1 + bits) / Math.log2(1 + most)) ** 2
}

function columnsFor(layers: number): string {
  return `6.5rem repeat(${layers}, minmax(0.5rem, 1fr))`
}

function nextPlace(key: string, { role, layer }: Place, count: Count): Place | null {
  const moves: Readonly<Record<string, Place>> = {
    ArrowLeft: { role, layer: layer - 1 },
    ArrowRight: { role, layer: layer + 1 },
    ArrowUp: { role: role - 1, layer },
    ArrowDown: { role: role + 1, layer },
    Home: { role, layer: 0 },
    End: { role, layer: count.layers },
  }
  const next = moves[key]
  if (!next) return null
  return inside(next, count)
}

function inside({ role, layer }: Place, count: Count): Place {
  return {
    role: Math.min(count.roles - 1, Math.max(0, role)),
    layer: Math.min(count.layers - 1, Math.max(0, layer)),
  }
}
