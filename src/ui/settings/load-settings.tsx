import { contextLimit } from '../../core/gguf/yarn.ts'
import { selectModelSettings } from '../../store/selectors.ts'
import { Button } from '../kit/button.tsx'
import { BackendForecast } from '../kit/backend-forecast.tsx'
import { NumberField } from '../kit/number-field.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'
import { CacheTypeField } from './cache-type-field.tsx'
import { YarnSettings } from './yarn-settings.tsx'

const NOT_OFFERED = 'This engine does not offer it.'
const MIN_CONTEXT = 128
const MAX_THREADS = 64
const MAX_GPU_LAYERS = 999

/** What only takes effect when the model is loaded. */
export function LoadSettings() {
  const { load } = useAppStore(selectModelSettings)
  const change = useAppStore((state) => state.changeModelSettings)
  const capabilities = useAppStore((state) => state.capabilities)
  const info = useAppStore((state) => state.engineInfo)
  const isLoading = useAppStore((state) => state.modelStatus.type === 'loading')
  const reload = useAppStore((state) => state.reloadModel)

  const threadsWhy = info?.backend.type === 'cpu' ? info.backend.threadsWhy : undefined
  // A server has loaded its model its own way.
  const isElsewhere = capabilities?.loadOptions === false
  const limit = info ? contextLimit(info.trainedContextLength, load.yarn) : null

  function set(part: Partial<typeof load>) {
    change({ load: { ...load, ...part } })
  }

  return (
    <section className="grid gap-4">
      <div className="flex items-center justify-between gap-4">
        <h3 className="text-sm font-semibold">Loading</h3>
        <Button
          size="sm"
          disabled={!info || isLoading || isElsewhere}
          onClick={() => void reload()}
        >
          {isLoading ? 'Loading…' : 'Load again with these'}
        </Button>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          label="Context length"
          disabledReason={
            isElsewhere
              ? info?.contextLength
                ? `The server was started with ${formatCount(info.contextLength)} tokens.`
                : 'Set where the server is started.'
              : undefined
          }
          hint={info ? `Loaded with ${formatCount(info.contextLength)} tokens.` : 'In tokens.'}
          value={load.contextLength}
          range={{ min: MIN_CONTEXT, max: limit ?? 131_072, step: 128 }}
          onChange={(contextLength) => set({ contextLength })}
        />
        <NumberField
          label="Threads"
          hint={
            crossOriginIsolated
              ? `Empty: ${threadsWhy ? lowerFirst(threadsWhy) : 'measured when a model is loaded'}.`
              : 'One only: this page is not cross-origin isolated.'
          }
          placeholder="automatic"
          value={load.threads}
          range={{ min: 1, max: MAX_THREADS, step: 1 }}
          disabledReason={capabilities?.threads === false ? 'This engine has none.' : undefined}
          onChange={(threads) => set({ threads })}
          onClear={() => set({ threads: null })}
        />
        <NumberField
          label="GPU layers"
          hint="Empty: all that fit, none for small models. 0: CPU only."
          placeholder="automatic"
          value={load.gpuLayers}
          range={{ min: 0, max: MAX_GPU_LAYERS, step: 1 }}
          disabledReason={
            capabilities?.gpuLayers === false
              ? isElsewhere
                ? NOT_OFFERED
                : info?.backend.type === 'webgpu'
                  ? 'This engine puts all of them on the GPU.'
                  : 'No usable WebGPU adapter was found.'
              : undefined
          }
          onChange={(gpuLayers) => set({ gpuLayers })}
          onClear={() => set({ gpuLayers: null })}
        />
        <CacheTypeField
          options={load}
          info={info}
          disabledReason={capabilities?.cacheTypes === false ? NOT_OFFERED : undefined}
          onChange={(cacheType) => set({ cacheType })}
        />
      </div>
      {info?.engine === 'wllama' && <BackendForecast />}
      <YarnSettings
        options={load}
        info={info}
        disabledReason={capabilities?.yarn === false ? NOT_OFFERED : undefined}
        onChange={set}
      />
    </section>
  )
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
