import { RotateCcw, TriangleAlert } from 'lucide-react'
import { Button } from '../kit/button.tsx'
import { LoadRemedies } from '../kit/load-remedies.tsx'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'

/** Why the last turn could not be run, with a way to try again. */
export function TurnFailure() {
  const store = useAppStoreApi()
  const failure = useAppStore((state) => state.turnFailure)
  const canRetry = useAppStore(({ transcript: { nodes, leafId } }) =>
    leafId === null ? false : nodes.get(leafId)?.message.type === 'assistant',
  )
  const retry = () => {
    const { transcript, regenerate } = store.getState()
    if (transcript.leafId !== null) void regenerate(transcript.leafId)
  }
  if (!failure) return null
  return (
    <div
      role="alert"
      className="flex items-start gap-2.5 rounded-lg bg-bad-soft px-3 py-2.5 text-sm"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-bad">{failure.title}</p>
        <p className="wrap-anywhere text-ink-muted">{failure.advice}</p>
        <LoadRemedies />
      </div>
      {canRetry && (
        <Button size="sm" onClick={retry}>
          <RotateCcw />
          Try again
        </Button>
      )}
    </div>
  )
}
