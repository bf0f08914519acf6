import { ArrowLeft, GitCommitHorizontal, Lock, Scale } from 'lucide-react'
import type { OpenedRepo } from '../../store/hub-state.ts'
import { repoTerms, selectRepoFacts, type Terms } from '../../store/hub-views.ts'
import { Badge } from '../kit/badge.tsx'
import { IconButton } from '../kit/button.tsx'
import { ProgressBar } from '../kit/progress-bar.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { HubProblem, OutsideLink } from './hub-problem.tsx'
import { LicenseBadge } from './license-badge.tsx'
import { ProblemStep } from './problem-step.tsx'
import { QuantizationTable } from './quantization-table.tsx'
import { useHeadingFocus } from './use-heading-focus.ts'

type Details = Extract<OpenedRepo['status'], { readonly type: 'open' }>['details']

/** Enough of a commit to tell two apart. */
const COMMIT_DIGITS = 8

/** What a repository offers, with its terms, and whether it runs here. */
export function RepoView({ repo }: { readonly repo: OpenedRepo }) {
  const close = useAppStore((state) => state.closeRepo)
  const open = useAppStore((state) => state.openRepo)
  const heading = useHeadingFocus()
  return (
    <div className="grid gap-4 p-4 sm:p-5">
      <div className="flex items-start gap-1.5">
        <IconButton label="Back to the search" className="-ml-2" onClick={close}>
          <ArrowLeft />
        </IconButton>
        <h3
          ref={heading}
          tabIndex={-1}
          className="min-w-0 flex-1 pt-1 text-base font-semibold wrap-anywhere"
        >
          {repo.id}
        </h3>
      </div>
      {repo.status.type === 'opening' && <ProgressBar value={null} label={`Opening ${repo.id}`} />}
      {repo.status.type === 'failed' && (
        <HubProblem message={repo.status.message}>
          <ProblemStep message={repo.status.message} onRetry={() => void open(repo.asked)} />
        </HubProblem>
      )}
      {repo.status.type === 'open' && <OpenRepo repo={repo} details={repo.status.details} />}
    </div>
  )
}

function OpenRepo(props: { readonly repo: OpenedRepo; readonly details: Details }) {
  const { repo, details } = props
  const open = useAppStore((state) => state.openRepo)
  const checkAgain = () => void open(repo.asked)
  const baseUrl = useAppStore((state) => state.hubBaseUrl)
  const terms = repoTerms(details, baseUrl)
  const failed = Object.values(repo.checks).find((check) => check.type === 'failed')
  return (
    <>
      <div className="grid gap-2">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs text-ink-muted">
          <LicenseBadge label={terms.label} use={terms.use} />
          {details.gated !== false && (
            <Badge tone="warn" icon={<Lock />}>
              Gated
            </Badge>
          )}
          <span className="inline-flex items-center gap-1">
            <GitCommitHorizontal className="size-3.5" aria-hidden="true" />
            Pinned to commit{' '}
            <code className="font-mono" title={details.commit}>
              {details.commit.slice(0, COMMIT_DIGITS)}
            </code>
          </span>
          <span className="tabular-nums">{formatCount(details.downloads)} downloads</span>
          <span className="tabular-nums">{formatCount(details.likes)} likes</span>
          <OutsideLink url={`${baseUrl}/${details.id}`}>Model card</OutsideLink>
        </p>
        <RepoFactsLine />
      </div>
      <TermsNote terms={terms} />
      {failed?.type === 'failed' && (
        <HubProblem message={failed.message}>
          <ProblemStep message={failed.message} onRetry={checkAgain} />
        </HubProblem>
      )}
      <QuantizationTable details={details} terms={terms} />
    </>
  )
}

function TermsNote({ terms }: { readonly terms: Terms }) {
  return (
    <section aria-label="License" className="flex items-start gap-3 rounded-lg bg-sunken p-3">
      <Scale className="mt-0.5 size-4 shrink-0 text-ink-muted" aria-hidden="true" />
      <div className="grid gap-1 text-sm">
        <p>
          <span className="font-medium">{terms.label}.</span> {terms.note}
        </p>
        <p>
          <OutsideLink url={terms.url}>Read the terms</OutsideLink>
        </p>
      </div>
    </section>
  )
}

/** What the header of one of the files says. */
function RepoFactsLine() {
  const facts = useAppStore(selectRepoFacts)
  const isReading = useAppStore((state) =>
    Object.values(state.hubRepo?.checks ?? {}).some((check) => check.type === 'reading'),
  )
  if (!facts) {
    return isReading ? (
      <p className="text-sm text-ink-muted">Reading the header of a file…</p>
    ) : null
  }
  const { architecture, parameterCount, contextLength, format } = facts
  const entries: readonly (readonly [string, string])[] = [
    ['Architecture', architecture],
    ['Parameters', formatParameters(parameterCount)],
    ['Context', contextLength === null ? 'not given' : `${formatCount(contextLength)} tokens`],
    ['Tool calls', format === null ? 'No chat template' : formatWords(format)],
    ['Checked for', `${formatCount(facts.forContext)} tokens, ${facts.forCache} cache`],
  ]
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1.5 text-sm">
      {entries.map(([label, value]) => (
        <div key={label}>
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className="font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function formatWords(format: { readonly label: string; readonly certain: boolean }): string {
  return format.certain ? format.label : `Not recognised, perhaps ${format.label}`
}

function formatParameters(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(2)} B` : `${(count / 1e6).toFixed(0)} M`
}
