import { ArrowRight, LoaderCircle, Search } from 'lucide-react'
import { useId } from 'react'
import { Button } from '../kit/button.tsx'
import { useAppStore } from '../use-app-store.ts'
import { INPUT_CLASS } from '../kit/field.tsx'
import { RecommendedList } from './recommended-list.tsx'
import { RepoView } from './repo-view.tsx'
import { SearchResults } from './search-results.tsx'
import { SourceSettings } from './source-settings.tsx'

/** Finds a model on the Hub: recommended ones, by words, or by its name or address. */
export function FindTab() {
  const repo = useAppStore((state) => state.hubRepo)
  const isIdle = useAppStore((state) => state.hubSearch.type === 'idle')
  return (
    <>
      {repo && <RepoView repo={repo} />}
      {/* Kept, so that whoever comes back is where they were. */}
      <div className={repo ? 'hidden' : 'grid gap-5 p-4 sm:p-5'}>
        <SearchBox />
        <SourceSettings />
        {isIdle ? <RecommendedList /> : <SearchResults />}
      </div>
    </>
  )
}

function SearchBox() {
  const query = useAppStore((state) => state.hubQuery)
  const isSearching = useAppStore((state) => state.hubSearch.type === 'searching')
  const setQuery = useAppStore((state) => state.setHubQuery)
  const submit = useAppStore((state) => state.submitHubQuery)
  const id = useId()
  const isName = /[/:]/.test(query)
  return (
    <form
      role="search"
      className="grid gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(query)
      }}
    >
      <label htmlFor={id} className="sr-only">
        Search the Hub
      </label>
      <div className="flex gap-2">
        <div className="relative min-w-0 flex-1">
          <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint" />
          <input
            id={id}
            type="search"
            autoComplete="off"
            spellCheck={false}
            placeholder="Search, or paste owner/name or an address of the Hub"
            aria-describedby={`${id}-hint`}
            className={`${INPUT_CLASS} pl-8`}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
        <Button type="submit" tone="primary" disabled={query.trim() === ''}>
          {isSearching ? (
            <LoaderCircle className="animate-spin" />
          ) : isName ? (
            <ArrowRight />
          ) : (
            <Search />
          )}
          {isName ? 'Open' : 'Search'}
        </Button>
      </div>
      <p id={`${id}-hint`} className="text-xs text-ink-muted">
        Models with GGUF files. Also <code className="font-mono">owner/name:Q4_K_M</code> and
        addresses of files.
      </p>
    </form>
  )
}
