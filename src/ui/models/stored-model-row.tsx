import {
  ChevronRight,
  CircleCheck,
  CircleX,
  EllipsisVertical,
  FileCheck2,
  HardDriveUpload,
  Microscope,
  Play,
  Trash2,
} from 'lucide-react'
import { useState } from 'react'
import { storeMessage } from '../../store/hub-message.ts'
import type { Shelf, StoreTask } from '../../store/hub-state.ts'
import { storedName } from '../../store/stored-name.ts'
import { Badge } from '../kit/badge.tsx'
import { Button, IconButton } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { ForecastLine } from '../kit/forecast-line.tsx'
import { Menu } from '../kit/menu.tsx'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { Confirm } from './confirm-button.tsx'
import { canPickFolder, pickFolder, saveFiles } from './folders.ts'
import { HubProblem } from './hub-problem.tsx'

type Entry = Shelf['models'][number]
type Model = Extract<Entry, { readonly type: 'model' }>
type Broken = Extract<Entry, { readonly type: 'broken' }>

const COLUMNS = 5

export function StoredModelRow({ model }: { readonly model: Model }) {
  const { id, files, repo, commit } = model
  const load = useAppStore((state) => state.loadStoredModel)
  const remove = useAppStore((state) => state.deleteModel)
  const isRunning = useAppStore(
    ({ modelSource }) => modelSource?.type === 'stored' && modelSource.id === id,
  )
  const [isOpen, setIsOpen] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  const name = storedName(model)
  const isDamaged = files.some((file) => file.isDamaged)
  return (
    <>
      <tr>
        <td className="py-1.5 pr-3">
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
            className="-ml-1 flex items-start gap-1 rounded-md py-0.5 pr-1.5 pl-0.5 text-left hover:bg-accent-soft"
          >
            <ChevronRight
              className={classNames(
                'mt-0.5 size-4 shrink-0 text-ink-faint transition-transform',
                isOpen && 'rotate-90',
              )}
            />
            <span className="grid">
              <span className="font-medium wrap-anywhere">{name}</span>
              <span className="text-xs wrap-anywhere text-ink-muted">
                {repo === null ? 'Imported' : `${repo} @ ${commit?.slice(0, 8) ?? ''}`}
                {files.length > 1 && `, ${files.length} files`}
              </span>
            </span>
          </button>
        </td>
        <td className="py-1.5 pr-3 text-right whitespace-nowrap tabular-nums">
          {formatBytes(model.sizeBytes)}
        </td>
        <td className="py-1.5 pr-3 whitespace-nowrap max-md:hidden">
          {model.lastUsedAtMs === null ? 'Never' : dateOf(model.lastUsedAtMs)}
        </td>
        <td className="py-1.5 pr-3 whitespace-nowrap max-sm:hidden">
          <Verified files={files} />
        </td>
        <td className="py-1.5">
          <span className="flex items-center justify-end gap-1">
            <Button
              size="sm"
              tone="primary"
              aria-label={`Load ${name}`}
              disabled={isRunning || isDamaged}
              onClick={() => void load(model)}
            >
              <Play /> {isRunning ? 'Running' : 'Load'}
            </Button>
            <RowMenu id={id} name={name} onDelete={() => setIsAsking(true)} />
          </span>
        </td>
      </tr>
      <Below id={id}>
        {isAsking && (
          <Confirm
            question={`Delete ${name}, ${formatBytes(model.sizeBytes)}?`}
            confirmLabel="Delete"
            onConfirm={() => void remove(id)}
            onCancel={() => setIsAsking(false)}
          />
        )}
        {isDamaged && (
          <p className="text-sm text-bad">
            A file is not what it was when it was downloaded. Delete the model and download it
            again.
          </p>
        )}
        {!isRunning && <Look id={id} />}
        {isOpen && <Files files={files} />}
      </Below>
    </>
  )
}

/** Where it would compute, before it is loaded; or why it cannot be loaded. */
function Look({ id }: { readonly id: string }) {
  const look = useAppStore((state) => state.storedLooks[id])
  if (!look) return null
  if (look.type === 'model') return <ForecastLine model={look} />
  const { title, advice } = look.message
  return <p className="text-xs wrap-anywhere text-bad">{`${title}. ${advice}`}</p>
}

export function BrokenModelRow({ entry }: { readonly entry: Broken }) {
  const { id, sizeBytes, model, files } = entry
  const remove = useAppStore((state) => state.deleteModel)
  const [isAsking, setIsAsking] = useState(false)
  const name = model ? storedName(model) : id
  return (
    <>
      <tr>
        <td className="py-1.5 pr-3">
          <strong className="mr-2 font-medium wrap-anywhere">{name}</strong>
          <Badge tone="bad" icon={<CircleX />}>
            Broken
          </Badge>
        </td>
        <td className="py-1.5 pr-3 text-right whitespace-nowrap tabular-nums">
          {formatBytes(sizeBytes)}
        </td>
        <td className="max-md:hidden">–</td>
        <td className="max-sm:hidden">–</td>
        <td className="py-1.5 text-right">
          <IconButton label={`Delete ${name}`} size="sm" onClick={() => setIsAsking(true)}>
            <Trash2 />
          </IconButton>
        </td>
      </tr>
      <Below id={id}>
        {isAsking && (
          <Confirm
            question={`Delete ${name}?`}
            confirmLabel="Delete"
            onConfirm={() => void remove(id)}
            onCancel={() => setIsAsking(false)}
          />
        )}
        <p className="text-sm text-ink-muted">
          {storeMessage({ kind: 'broken', id, files }).advice}
        </p>
      </Below>
    </>
  )
}

/** What concerns one model: the work on it, what went wrong, and what its row unfolds. */
function Below(props: { readonly id: string; readonly children: React.ReactNode }) {
  const task = useAppStore((state) => state.storeTasks[props.id])
  const problem = useAppStore((state) => state.storeProblems[props.id])
  return (
    <tr className="border-b border-line">
      <td colSpan={COLUMNS}>
        <div className="grid gap-2 not-empty:pb-2.5">
          {task && <Task id={props.id} task={task} />}
          {problem && <HubProblem message={problem} />}
          {props.children}
        </div>
      </td>
    </tr>
  )
}

const TASK_WORDS = { verify: 'Reading every byte again', export: 'Copying', delete: 'Deleting' }

function Task({ id, task }: { readonly id: string; readonly task: StoreTask }) {
  const cancel = useAppStore((state) => state.cancelStoreTask)
  const { doneBytes, totalBytes } = task
  const words = TASK_WORDS[task.kind]
  return (
    <div className="flex items-center gap-3 rounded-lg bg-sunken p-2.5">
      <div className="grid flex-1 gap-1">
        <ProgressBar value={totalBytes === 0 ? null : doneBytes / totalBytes} label={words} />
        <p className="text-xs text-ink-muted tabular-nums">
          {words}
          {totalBytes > 0 && `, ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`}
        </p>
      </div>
      {task.kind !== 'delete' && (
        <Button size="sm" onClick={() => cancel(id)}>
          Cancel
        </Button>
      )}
    </div>
  )
}

function RowMenu(props: {
  readonly id: string
  readonly name: string
  readonly onDelete: () => void
}) {
  const { id, name } = props
  const verify = useAppStore((state) => state.verifyModel)
  const inspect = useAppStore((state) => state.inspect)
  const exportModel = useAppStore((state) => state.exportModel)
  const storedFiles = useAppStore((state) => state.storedFiles)
  const isBusy = useAppStore((state) => Object.hasOwn(state.storeTasks, id))

  async function exportFiles() {
    if (!canPickFolder()) return saveFiles(await storedFiles(id))
    const folder = await pickFolder('readwrite')
    if (folder) await exportModel(id, folder)
  }

  return (
    <Menu
      align="end"
      trigger={(triggerProps) => (
        <IconButton label={`More for ${name}`} size="sm" {...triggerProps}>
          <EllipsisVertical />
        </IconButton>
      )}
      entries={[
        {
          type: 'item',
          text: 'Inspect',
          icon: <Microscope />,
          onSelect: () => void inspect({ type: 'stored', id }),
        },
        {
          type: 'item',
          text: 'Verify again',
          icon: <FileCheck2 />,
          hint: 'Reads every byte and compares the SHA-256.',
          disabled: isBusy,
          onSelect: () => void verify(id),
        },
        {
          type: 'item',
          text: 'Export…',
          icon: <HardDriveUpload />,
          hint: 'Copies the files to a disk, say a USB stick.',
          disabled: isBusy,
          onSelect: () => void exportFiles(),
        },
        { type: 'separator' },
        {
          type: 'item',
          text: 'Delete…',
          icon: <Trash2 />,
          danger: true,
          disabled: isBusy,
          onSelect: props.onDelete,
        },
      ]}
    />
  )
}

function Verified({ files }: { readonly files: Model['files'] }) {
  const damaged = files.filter((file) => file.isDamaged)
  if (damaged.length > 0) {
    return (
      <Badge tone="bad" icon={<CircleX />}>
        Damaged
      </Badge>
    )
  }
  const oldestMs = files.reduce((least, file) => Math.min(least, file.verifiedAtMs), Infinity)
  return (
    <Badge tone="good" icon={<CircleCheck />}>
      {dateOf(oldestMs)}
    </Badge>
  )
}

function Files({ files }: { readonly files: Model['files'] }) {
  return (
    <ul className="grid gap-1 rounded-lg bg-sunken p-2.5 text-xs">
      {files.map((file) => (
        <li key={file.path} className="grid gap-x-3 sm:grid-cols-[1fr_auto_auto]">
          <code className="font-mono wrap-anywhere">{file.path}</code>
          <code className="font-mono text-ink-muted" title={`SHA-256 ${file.sha256}`}>
            sha256 {file.sha256.slice(0, 12)}…
          </code>
          <span className="text-ink-muted tabular-nums">
            {formatBytes(file.sizeBytes)}
            {file.isDamaged && ', damaged'}
          </span>
        </li>
      ))}
    </ul>
  )
}

function dateOf(timeMs: number): string {
  return new Date(timeMs).toLocaleDateString(undefined, { dateStyle: 'medium' })
}
