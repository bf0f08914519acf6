import { selectModelSettings } from '../../store/selectors.ts'
import { NumberField } from '../kit/number-field.tsx'
import { useAppStore } from '../use-app-store.ts'

const MAX_SEED = 2 ** 31 - 1
const MAX_ALTERNATIVES = 10

export function SamplingSettings() {
  const { sampling, alternatives } = useAppStore(selectModelSettings)
  const change = useAppStore((state) => state.changeModelSettings)
  const capabilities = useAppStore((state) => state.capabilities)

  function set(part: Partial<typeof sampling>) {
    change({ sampling: { ...sampling, ...part } })
  }
  function unavailable(can: boolean | undefined): string | undefined {
    return can === false ? 'This engine does not offer it.' : undefined
  }

  return (
    <section className="grid gap-4">
      <h3 className="text-sm font-semibold">Sampling</h3>
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          label="Temperature"
          hint="0 always takes the likeliest token."
          value={sampling.temperature}
          range={{ min: 0, max: 2, step: 0.05 }}
          onChange={(temperature) => set({ temperature })}
        />
        <NumberField
          label="Top-p"
          hint="1 switches it off."
          value={sampling.topP}
          range={{ min: 0.01, max: 1, step: 0.01 }}
          onChange={(topP) => set({ topP })}
        />
        <NumberField
          label="Top-k"
          hint="0 switches it off."
          value={sampling.topK}
          range={{ min: 0, max: 1000, step: 1 }}
          disabledReason={unavailable(capabilities?.topK)}
          onChange={(topK) => set({ topK })}
        />
        <NumberField
          label="Min-p"
          hint="0 switches it off."
          value={sampling.minP}
          range={{ min: 0, max: 1, step: 0.01 }}
          disabledReason={unavailable(capabilities?.minP)}
          onChange={(minP) => set({ minP })}
        />
        <NumberField
          label="Repeat penalty"
          hint="1 switches it off. More than 1 hurts exact copying of values into calls."
          value={sampling.repeatPenalty}
          range={{ min: 0.5, max: 2, step: 0.01 }}
          disabledReason={unavailable(capabilities?.repeatPenalty)}
          onChange={(repeatPenalty) => set({ repeatPenalty })}
        />
        <NumberField
          label="Seed"
          hint="Empty: a new one for each answer."
          placeholder="random"
          value={sampling.seed}
          range={{ min: 0, max: MAX_SEED, step: 1 }}
          onChange={(seed) => set({ seed })}
          onClear={() => set({ seed: null })}
        />
        <NumberField
          label="Max tokens"
          hint="Where an answer is cut off."
          value={sampling.maxTokens}
          range={{ min: 1, max: 32_768, step: 1 }}
          onChange={(maxTokens) => set({ maxTokens })}
        />
        <NumberField
          label="Token alternatives"
          hint="Recorded with each token for the Tokens tab. 0 records nothing and is the fastest."
          value={alternatives}
          range={{ min: 0, max: capabilities?.alternatives || MAX_ALTERNATIVES, step: 1 }}
          disabledReason={unavailable(capabilities ? capabilities.alternatives > 0 : undefined)}
          onChange={(count) => change({ alternatives: count })}
        />
      </div>
    </section>
  )
}
