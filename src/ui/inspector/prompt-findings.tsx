import { TriangleAlert } from 'lucide-react'
import { selectFindings } from '../../store/prompt-views.ts'
import { selectModelSettings } from '../../store/selectors.ts'
import { Button } from '../kit/button.tsx'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'
import { findingWords } from './finding-words.ts'

/** What silently goes wrong between the conversation and the prompt. */
export function PromptFindings() {
  const findings = useAppStore(selectFindings)
  const settings = useAppStore(selectModelSettings)
  const store = useAppStoreApi()
  if (findings.length === 0) return null
  return (
    <ul
      aria-label="Template warnings"
      className="grid max-h-40 shrink-0 gap-1.5 overflow-y-auto border-b border-line bg-warn-soft px-3 py-2 text-xs"
    >
      {findings.map((finding) => {
        const { title, why, fix } = findingWords(finding, settings)
        return (
          <li key={finding.kind} className="flex flex-wrap items-start gap-2">
            <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
            <p className="min-w-40 flex-1">
              <strong className="text-warn">{title}.</strong> {why}
            </p>
            {fix && (
              <Button
                size="sm"
                onClick={() => {
                  const { changeModelSettings, reloadModel } = store.getState()
                  changeModelSettings(fix.change)
                  if (fix.reloads) void reloadModel()
                }}
              >
                {fix.label}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
