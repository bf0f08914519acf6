import { Download, Heart, Lock, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import type { HubSearch } from '../../store/hub-state.ts'
import { termsOf } from '../../store/hub-views.ts'
import { Badge } from '../kit/badge.tsx'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { HubProblem } from './hub-problem.tsx'
import { LicenseBadge } from './license-badge.tsx'
import { ProblemStep } from './problem-step.tsx'

type Found = Extract<HubSearch, { readonly type: 'found' }>

/** What a search found, or why it could not. */
export function SearchResults() {
  const search = useAppStore((state) => state.hubSearch)
  const submit = useAppStore((state) => state.submitHubQuery)
  switch (search.type) {
    case 'idle':
      return null
    case 'searching':
      return <p className="py-6 text-center text-sm text-ink-muted">Searching the Hub…</p>
    case 'failed':
      return (
        <HubProblem message={search.message}>
          <ProblemStep message={search.message} onRetry={() => void submit(search.query)} />
        </HubProblem>
      )
    default:
      return search.models.length === 0 ? (
        <Nothing query={search.query} />
      ) : (
        <Models found={search} />
      )
  }
}

function Nothing({ query }: { readonly query: string }) {
  const setQuery = useAppStore((state) => state.setHubQuery)
  return (
    <EmptyState icon={<SearchX />} title={`No model with GGUF files matches “${query}”`}>
      <p>Try fewer or other words: the Hub looks for them in the names of repositories.</p>
      <Button className="mt-3" onClick={() => setQuery('')}>
        Show the recommended models
      </Button>
    </EmptyState>
  )
}

function Models({ found }: { readonly found: Found }) {
  const open = useAppStore((state) => state.openRepo)
  const loadMore = useAppStore((state) => state.loadMoreModels)
  const baseUrl = useAppStore((state) => state.hubBaseUrl)
  const { more } = found
  return (
    <section className="grid gap-3" aria-label="Results">
      <h3 className="text-sm font-semibold">Results for “{found.query}”</h3>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {found.models.map((model) => {
          const terms = termsOf(model.id, model.license, baseUrl)
          return (
            <li key={model.id}>
              <button
                type="button"
                onClick={() => void open(model.id)}
                className="grid w-full gap-1 rounded-lg px-3 py-2 text-left hover:bg-sunken"
              >
                <span className="font-medium wrap-anywhere">{model.id}</span>
                <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-muted">
                  <Figure icon={<Download />} label="downloads" value={model.downloads} />
                  <Figure icon={<Heart />} label="likes" value={model.likes} />
                  {model.gguf?.architecture && <span>{model.gguf.architecture}</span>}
                  <LicenseBadge label={terms.label} use={terms.use} />
                  {model.gated !== false && (
                    <Badge tone="warn" icon={<Lock />}>
                      Gated
                    </Badge>
                  )}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      {typeof more === 'object' && <HubProblem message={more.failed} />}
      {found.next !== null && (
        <Button
          className="justify-self-center"
          onClick={() => void loadMore()}
          disabled={more === 'loading'}
        >
          {more === 'loading' ? 'Loading…' : 'Show more'}
        </Button>
      )}
    </section>
  )
}

function Figure(props: {
  readonly icon: ReactNode
  readonly label: string
  readonly value: number
}) {
  return (
    <span className="inline-flex items-center gap-1 tabular-nums [&_svg]:size-3">
      {props.icon}
      {formatCount(props.value)}
      <span className="sr-only">{props.label}</span>
    </span>
  )
}
