import { Cpu, Zap } from 'lucide-react'
import { useEffect } from 'react'
import { selectBackendForecast } from '../../store/backend-forecast.ts'
import { useAppStore } from '../use-app-store.ts'
import { forecastSentence, gpuAdvice, gpuSentence } from './gpu-words.ts'

/** Which GPU there is, where the model would compute with the settings as they are, and what to do about it. */
export function BackendForecast() {
  const machine = useAppStore((state) => state.machine)
  const plan = useAppStore(selectBackendForecast)
  const probe = useAppStore((state) => state.probeMachine)
  useEffect(() => {
    void probe()
  }, [probe])
  if (!machine) return null
  const advice = gpuAdvice(machine.gpu)
  const Icon = plan?.type === 'webgpu' ? Zap : Cpu
  return (
    <div
      role="group"
      aria-label="Where it will compute"
      className="grid grid-cols-[auto_1fr] gap-x-2.5 gap-y-1 rounded-lg bg-sunken p-3 text-sm"
    >
      <Icon aria-hidden className="mt-0.5 size-4 text-accent" />
      <p className="wrap-anywhere">{plan ? forecastSentence(plan) : gpuSentence(machine.gpu)}</p>
      <p className="col-start-2 text-xs wrap-anywhere text-ink-muted">
        GPU: {gpuSentence(machine.gpu)}
      </p>
      {advice && <p className="col-start-2 text-xs wrap-anywhere text-ink-muted">{advice}</p>}
    </div>
  )
}
