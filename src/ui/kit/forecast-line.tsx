import { useEffect } from 'react'
import { forecastBackend, type ForecastModel } from '../../store/backend-forecast.ts'
import { useAppStore } from '../use-app-store.ts'
import { forecastSentence } from './gpu-words.ts'

/** Where a model that is not running would compute, and why: in a line. */
export function ForecastLine({ model }: { readonly model: ForecastModel }) {
  const machine = useAppStore((state) => state.machine)
  const gpuFailures = useAppStore((state) => state.gpuFailures)
  const settingsByModel = useAppStore((state) => state.settingsByModel)
  const probe = useAppStore((state) => state.probeMachine)
  useEffect(() => {
    if (!machine) void probe()
  }, [machine, probe])
  const plan = forecastBackend(model, { machine, gpuFailures, settingsByModel })
  if (!plan) return null
  return <p className="text-xs wrap-anywhere text-ink-muted">{forecastSentence(plan)}</p>
}
