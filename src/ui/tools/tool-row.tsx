import {
  ArrowDown,
  ArrowUp,
  CircleX,
  CopyPlus,
  Ellipsis,
  GripVertical,
  Split,
  Trash2,
  TriangleAlert,
} from 'lucide-react'
import type { ComponentProps } from 'react'
import type { ToolId } from '../../core/tools/tool.ts'
import { Badge } from '../kit/badge.tsx'
import { IconButton } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { Menu, type MenuEntry } from '../kit/menu.tsx'
import { Switch } from '../kit/switch.tsx'
import { usePointedPart } from '../kit/use-pointed-part.ts'
import { useAppStore } from '../use-app-store.ts'
import type { ToolView } from './tool-view.ts'
import { useToolView } from './use-tool-view.ts'

export type RowMove = { readonly from: number; readonly to: number; readonly title: string }

/** One tool document in the list. */
export function ToolRow(props: {
  readonly id: ToolId
  readonly index: number
  readonly count: number
  readonly isDragged: boolean
  /** Where a dragged row would land, seen from this one. */
  readonly dropEdge: 'before' | 'after' | null
  readonly handleProps: ComponentProps<'span'>
  readonly onMove: (move: RowMove) => void
  readonly onOpen: () => void
}) {
  const { id, index } = props
  const view = useToolView(id)
  const isSelected = useAppStore((state) => state.selectedToolId === id)
  const setEnabled = useAppStore((state) => state.setToolEnabled)
  const name = view?.tools[0]?.tool.name
  const { isLit, handlers } = usePointedPart(name === undefined ? null : { type: 'tool', name })
  if (!view) return null
  const { title } = view
  const move = (to: number) => {
    if (to >= 0 && to < props.count) props.onMove({ from: index, to, title })
  }
  return (
    <li
      onPointerEnter={handlers.onPointerEnter}
      onPointerLeave={handlers.onPointerLeave}
      data-lit={isLit}
      className={classNames(
        'group relative flex items-start gap-2 border-b border-line py-2 pr-1.5 pl-1 [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]',
        isLit ? 'bg-mark' : isSelected ? 'bg-accent-soft' : 'hover:bg-sunken',
        props.isDragged && 'opacity-50',
      )}
    >
      {isSelected && <span className="absolute inset-y-0 left-0 w-0.5 bg-accent" />}
      {props.dropEdge && (
        <span
          className={classNames(
            'absolute inset-x-0 z-10 h-0.5 bg-accent',
            props.dropEdge === 'before' ? 'top-0' : 'bottom-0',
          )}
        />
      )}
      {/* For the pointer only: the keyboard has Alt+Up and Alt+Down, and the menu. */}
      <span
        aria-hidden
        {...props.handleProps}
        className="-my-2 flex cursor-grab touch-none items-start self-stretch px-0.5 pt-2.5 text-ink-faint opacity-50 group-focus-within:opacity-100 group-hover:opacity-100 active:cursor-grabbing"
      >
        <GripVertical className="size-3.5" />
      </span>
      <span className="pt-0.5">
        <Switch
          size="sm"
          label={`Offer ${title} to the model`}
          checked={view.document.enabled}
          onChange={(enabled) => setEnabled(id, enabled)}
        />
      </span>
      <button
        type="button"
        aria-current={isSelected}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onClick={props.onOpen}
        onKeyDown={(event) => {
          const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
          if (!event.altKey || step === undefined) return
          event.preventDefault()
          move(index + step)
        }}
        className="min-w-0 flex-1 text-left"
      >
        <RowText view={view} />
      </button>
      <RowMenu {...{ view, index, count: props.count, move }} />
    </li>
  )
}

function RowText({ view }: { readonly view: ToolView }) {
  return (
    <>
      <span className="flex items-center justify-between gap-2">
        <span
          className={classNames(
            'truncate text-[13px] leading-5 font-semibold',
            view.isNamed && 'font-mono',
            !view.document.enabled && 'text-ink-muted',
          )}
        >
          {view.title}
        </span>
        <ProblemBadge view={view} />
      </span>
      {view.description && (
        <span className="block truncate text-xs text-ink-muted">{view.description}</span>
      )}
      {view.parameters && (
        <span className="block truncate font-mono text-2xs text-ink-muted">{view.parameters}</span>
      )}
    </>
  )
}

function ProblemBadge({ view }: { readonly view: ToolView }) {
  if (view.errorCount > 0) {
    return (
      <Badge tone="bad" icon={<CircleX />}>
        {counted(view.errorCount, 'error')}
      </Badge>
    )
  }
  if (view.warningCount === 0) return null
  return (
    <Badge tone="warn" icon={<TriangleAlert />}>
      {counted(view.warningCount, 'warning')}
    </Badge>
  )
}

function RowMenu(props: {
  readonly view: ToolView
  readonly index: number
  readonly count: number
  readonly move: (to: number) => void
}) {
  const { index, view } = props
  const { id } = view.document
  const duplicate = useAppStore((state) => state.duplicateTool)
  const split = useAppStore((state) => state.splitTool)
  const remove = useAppStore((state) => state.deleteTool)
  const splitEntry: MenuEntry = {
    type: 'item',
    text: `Split into ${view.tools.length} tools`,
    icon: <Split />,
    onSelect: () => split(id),
  }
  return (
    <Menu
      align="end"
      trigger={(triggerProps) => (
        <IconButton
          size="sm"
          label={`Actions for ${view.title}`}
          className="-my-0.5"
          {...triggerProps}
        >
          <Ellipsis />
        </IconButton>
      )}
      entries={[
        { type: 'item', text: 'Duplicate', icon: <CopyPlus />, onSelect: () => duplicate(id) },
        ...(view.tools.length > 1 ? [splitEntry] : []),
        { type: 'separator' },
        {
          type: 'item',
          text: 'Move up',
          keys: 'Alt ↑',
          icon: <ArrowUp />,
          disabled: index === 0,
          onSelect: () => props.move(index - 1),
        },
        {
          type: 'item',
          text: 'Move down',
          keys: 'Alt ↓',
          icon: <ArrowDown />,
          disabled: index === props.count - 1,
          onSelect: () => props.move(index + 1),
        },
        { type: 'separator' },
        {
          type: 'item',
          text: 'Delete',
          icon: <Trash2 />,
          danger: true,
          onSelect: () => remove(id),
        },
      ]}
    />
  )
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
