import { ChevronRight } from 'lucide-react'
import { RECOMMENDED_GROUPS, termsOf } from '../../store/hub-views.ts'
import { useAppStore } from '../use-app-store.ts'
import { LicenseBadge } from './license-badge.tsx'

/** Models that are worth a first try, by family. */
export function RecommendedList() {
  const open = useAppStore((state) => state.openRepo)
  const baseUrl = useAppStore((state) => state.hubBaseUrl)
  return (
    <section className="grid gap-4" aria-label="Recommended">
      <h3 className="text-sm font-semibold">Recommended for calling tools</h3>
      {RECOMMENDED_GROUPS.map((group) => (
        <div key={group.family} className="grid gap-1 sm:grid-cols-[8rem_1fr] sm:gap-3">
          <h4 className="text-xs font-medium text-ink-muted sm:pt-2.5">{group.family}</h4>
          <ul className="divide-y divide-line rounded-lg border border-line">
            {group.models.map((model) => {
              const terms = termsOf(model.repo, null, baseUrl)
              return (
                <li key={model.repo}>
                  <button
                    type="button"
                    onClick={() => void open(model.repo)}
                    className="group flex w-full items-center gap-3 rounded-lg px-3 py-2 text-left hover:bg-sunken"
                  >
                    <span className="grid min-w-0 flex-1 gap-0.5">
                      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                        <span className="font-medium">{model.title}</span>
                        <span className="text-xs text-ink-muted">{model.parameters}</span>
                        <LicenseBadge label={terms.label} use={terms.use} />
                      </span>
                      <span className="text-xs text-ink-muted">{model.why}</span>
                    </span>
                    <ChevronRight className="size-4 shrink-0 text-ink-faint group-hover:text-ink" />
                  </button>
                </li>
              )
            })}
          </ul>
        </div>
      ))}
    </section>
  )
}
