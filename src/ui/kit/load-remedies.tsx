import { Cpu } from 'lucide-react'
import { useAppStore } from '../use-app-store.ts'
import { Button } from './button.tsx'

/** After a failure that a GPU may be to blame for: other ways to load the same model. */
export function LoadRemedies() {
  const status = useAppStore((state) => state.modelStatus)
  const apply = useAppStore((state) => state.applyRemedy)
  if (status.type !== 'failed' || status.remedies.length === 0) return null
  return (
    <div className="mt-2 flex flex-wrap gap-2">
      {status.remedies.map((remedy) => (
        <Button key={remedy.gpuLayers} size="sm" onClick={() => void apply(remedy)}>
          {remedy.gpuLayers === 0 && <Cpu />}
          {remedy.label}
        </Button>
      ))}
    </div>
  )
}
