import { RotateCcw } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { selectModelSettings, selectPromptPreview } from '../../store/selectors.ts'
import { Button } from '../kit/button.tsx'
import { Switch } from '../kit/switch.tsx'
import { useAppStore } from '../use-app-store.ts'

const TemplateEditor = lazy(async () => ({
  default: (await import('../kit/editor/template-editor.tsx')).TemplateEditor,
}))

/** The chat template in force, to be edited: the prompt beside it follows, and so does the next answer. */
export function TemplatePanel() {
  const own = useAppStore((state) => state.engineInfo?.chatTemplate ?? '')
  const modelName = useAppStore((state) => state.engineInfo?.modelName ?? '')
  const edited = useAppStore((state) => selectModelSettings(state).chatTemplate)
  const change = useAppStore((state) => state.changeModelSettings)
  const problem = useAppStore((state) => selectPromptPreview(state)?.problem ?? null)
  const [showsChanges, setShowsChanges] = useState(true)
  const [resets, setResets] = useState(0)
  return (
    <section
      aria-label="Template editor"
      className="flex h-72 shrink-0 flex-col border-b border-line"
    >
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 border-b border-line bg-sunken px-3 text-xs text-ink-muted">
        <span className="flex-1">
          {edited === null ? `The template of ${modelName}` : `Your template for ${modelName}`}
        </span>
        <span className="flex items-center gap-1.5">
          <Switch
            size="sm"
            label="Show changes"
            checked={showsChanges}
            onChange={setShowsChanges}
          />
          Changes
        </span>
        <Button
          size="sm"
          disabled={edited === null}
          onClick={() => {
            change({ chatTemplate: null })
            setResets(resets + 1)
          }}
        >
          <RotateCcw />
          Back to the model’s own
        </Button>
      </div>
      {problem && (
        <p role="alert" className="border-b border-line bg-bad-soft px-3 py-1 text-xs text-bad">
          {problem.title}. {problem.advice}
        </p>
      )}
      <div className="min-h-0 flex-1">
        <Suspense>
          <TemplateEditor
            key={`${modelName}/${resets}/${showsChanges}`}
            label="Chat template"
            value={edited ?? own}
            original={showsChanges ? own : null}
            onChange={(text) => change({ chatTemplate: text === own ? null : text })}
          />
        </Suspense>
      </div>
    </section>
  )
}
