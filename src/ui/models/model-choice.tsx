import { Button } from '../kit/button.tsx'
import { formatBytes } from '../kit/quantities.ts'
import type { ModelChoices } from './use-model-choice.ts'

/** The models of a folder, to choose one; those that cannot be loaded with the reason. */
export function ModelChoice(props: {
  readonly choice: ModelChoices
  /** What is done with the chosen one. */
  readonly verb: 'Open' | 'Import'
  readonly isBusy?: boolean
}) {
  const { choice, verb, isBusy = false } = props
  if (!choice.models) return null
  return (
    <section aria-label="Models to choose from" className="grid gap-2 rounded-lg bg-sunken p-3">
      <div className="flex items-center justify-between gap-2">
        <p className="text-sm font-semibold" role="status">
          {choice.models.length} models: which one?
        </p>
        <Button size="sm" onClick={choice.cancel}>
          Cancel
        </Button>
      </div>
      <ul className="grid gap-1.5">
        {choice.models.map(({ name, files, sizeBytes, problem }, index) => (
          <li key={`${name} ${index}`} className="flex items-center gap-3">
            <span className="grid min-w-0 flex-1">
              <span className="text-sm font-medium wrap-anywhere">{name}</span>
              <span className="text-xs text-ink-muted tabular-nums">
                {formatBytes(sizeBytes)}
                {files.length > 1 && `, ${files.length} files`}
              </span>
              {problem && (
                <span className="text-xs wrap-anywhere text-bad">
                  {problem.title}. {problem.advice}
                </span>
              )}
            </span>
            <Button
              size="sm"
              aria-label={`${verb} ${name}`}
              disabled={isBusy || problem !== null}
              onClick={() => choice.pick(files)}
            >
              {verb}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
