import { useEffect, useRef } from 'react'
import type { LocalChoice, LocalChoices, LocalPurpose } from '../../store/hub-state.ts'
import { Button } from '../kit/button.tsx'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { formatBytes } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'

const VERBS: Readonly<Record<LocalPurpose, string>> = {
  open: 'Open',
  inspect: 'Inspect',
  import: 'Import',
}

/** Several models of the user's, to choose one; those that cannot be loaded with the reason. Nothing when there is nothing to choose. */
export function ModelChoice(props: {
  /** What may be asked for here. */
  readonly purposes: readonly LocalPurpose[]
  readonly isBusy?: boolean
}) {
  const choices = useAppStore((state) => state.localChoices)
  if (!choices || !props.purposes.includes(choices.purpose)) return null
  return <Choices choices={choices} isBusy={props.isBusy ?? false} />
}

function Choices(props: { readonly choices: LocalChoices; readonly isBusy: boolean }) {
  const { models, purpose } = props.choices
  const choose = useAppStore((state) => state.chooseLocalModel)
  const box = useRef<HTMLElement>(null)
  const isThere = models !== null

  // What was dropped elsewhere on the page, or chosen further down, is asked for here.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' })
    if (isThere) box.current?.focus({ preventScroll: true })
  }, [isThere])

  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label="Models to choose from"
      className="grid gap-2 rounded-lg bg-sunken p-3"
    >
      <div className="flex items-center justify-between gap-2">
        <p className="text-sm font-semibold" role="status">
          {models ? `${models.length} models: which one?` : 'Looking at the files…'}
        </p>
        <Button size="sm" onClick={() => void choose(null)}>
          Cancel
        </Button>
      </div>
      {models ? (
        <ul className="grid gap-1.5">
          {models.map((choice, index) => (
            <Choice
              key={`${choice.folder}/${choice.name} ${index}`}
              choice={choice}
              purpose={purpose}
              isBusy={props.isBusy}
            />
          ))}
        </ul>
      ) : (
        <ProgressBar value={null} label="Looking at the files" />
      )}
    </section>
  )
}

function Choice(props: {
  readonly choice: LocalChoice
  readonly purpose: LocalPurpose
  readonly isBusy: boolean
}) {
  const { choice, purpose } = props
  const { name, folder, files, sizeBytes, problem } = choice
  const choose = useAppStore((state) => state.chooseLocalModel)
  const verb = VERBS[purpose]
  // The header can be read even of a model that is too large to run.
  const isRefused = problem !== null && purpose !== 'inspect'
  return (
    <li className="flex items-center gap-3">
      <span className="grid min-w-0 flex-1">
        <span className="text-sm font-medium wrap-anywhere">{name}</span>
        <span className="text-xs wrap-anywhere text-ink-muted tabular-nums">
          {formatBytes(sizeBytes)}
          {files.length > 1 && `, ${files.length} files`}
          {folder !== '' && `, in ${folder}/`}
        </span>
        {problem && (
          <span className="text-xs wrap-anywhere text-bad">
            {problem.title}. {problem.advice}
          </span>
        )}
      </span>
      <Button
        size="sm"
        aria-label={`${verb} ${name}${folder === '' ? '' : ` in ${folder}`}`}
        disabled={props.isBusy || isRefused}
        onClick={() => void choose(choice)}
      >
        {verb}
      </Button>
    </li>
  )
}
