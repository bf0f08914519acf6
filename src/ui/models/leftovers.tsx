import { Trash2 } from 'lucide-react'
import type { Shelf } from '../../store/hub-state.ts'
import { storedName } from '../../store/stored-name.ts'
import { Button } from '../kit/button.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { HubProblem } from './hub-problem.tsx'

type Leftover = Shelf['leftovers'][number]

/** What takes up room and is no model. */
export function Leftovers({ leftovers }: { readonly leftovers: readonly Leftover[] }) {
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">Leftovers</h3>
      <p className="text-xs text-ink-muted">
        From downloads and imports that broke off. They take up room and can be deleted.
      </p>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {leftovers.map((leftover) => (
          <LeftoverRow key={leftover.id} leftover={leftover} />
        ))}
      </ul>
    </section>
  )
}

function LeftoverRow({ leftover }: { readonly leftover: Leftover }) {
  const { id, download, sizeBytes } = leftover
  const remove = useAppStore((state) => state.deleteLeftover)
  const problem = useAppStore((state) => state.storeProblems[id])
  const name = download ? storedName(download) : id
  return (
    <li className="grid gap-2 p-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className="font-medium wrap-anywhere">{name}</p>
          <p className="text-xs text-ink-muted tabular-nums">
            {formatBytes(sizeBytes)}
            {download && ', a download that can go on'}
          </p>
        </div>
        {download && <GoOn id={id} name={name} />}
        <ConfirmButton
          name={`Delete ${name}`}
          label={
            <>
              <Trash2 /> Delete
            </>
          }
          question={`Delete ${formatBytes(sizeBytes)}?`}
          confirmLabel="Delete"
          onConfirm={() => void remove(id)}
        />
      </div>
      {problem && <HubProblem message={problem} />}
    </li>
  )
}

function GoOn(props: { readonly id: string; readonly name: string }) {
  const resume = useAppStore((state) => state.resumeDownload)
  const show = useAppStore((state) => state.showModels)
  return (
    <Button
      size="sm"
      aria-label={`Go on with ${props.name}`}
      onClick={() => {
        resume(props.id)
        show('downloads')
      }}
    >
      Go on
    </Button>
  )
}
