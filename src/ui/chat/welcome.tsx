import { useAppStore } from '../use-app-store.ts'
import { ExampleCards } from './example-prompts.tsx'

/** What an empty conversation says: what happens here, and what to try. */
export function Welcome() {
  return (
    <div className="grid gap-5 pt-6 @lg:pt-12">
      <div className="grid gap-1.5">
        <h3 className="text-lg font-semibold tracking-tight">Ask, and watch the call</h3>
        <p className="max-w-prose text-ink-muted">
          The model runs in this tab and knows your tools. When it calls one, the call is checked
          argument by argument; nothing is executed, you say what the tool returns.
        </p>
      </div>
      <ExampleCards />
      <DemoModelNote />
    </div>
  )
}

/** The model that ships with the page is no measure of what larger ones can do. */
function DemoModelNote() {
  const isDemo = useAppStore((state) => state.modelSource?.type === 'built-in')
  const openDialog = useAppStore((state) => state.openDialog)
  if (!isDemo) return null
  return (
    <p className="max-w-prose text-xs text-ink-muted">
      Callground Nano is a tiny demo model, made for the presets: it makes mistakes on other tools.{' '}
      <button
        type="button"
        className="font-medium text-accent underline underline-offset-2 hover:text-accent-hover"
        onClick={() => openDialog('model')}
      >
        Load another model
      </button>
    </p>
  )
}
