import { CACHE_TYPES, kvCacheBytes, type CacheType } from '../../core/gguf/kv-cache.ts'
import type { AppState, ModelSettings } from '../../store/state.ts'
import { Field, INPUT_CLASS } from '../kit/field.tsx'
import { formatBytes, formatCount } from '../kit/quantities.ts'

const LABELS: Readonly<Record<CacheType, string>> = {
  f16: '16-bit floats',
  q8_0: '8 bits (q8_0)',
  q4_0: '4 bits (q4_0)',
}

/** How keys and values are kept, with what each choice costs at the chosen context length. */
export function CacheTypeField(props: {
  readonly options: ModelSettings['load']
  readonly info: AppState['engineInfo']
  readonly disabledReason: string | undefined
  readonly onChange: (cacheType: CacheType) => void
}) {
  const { contextLength, cacheType } = props.options
  const { info } = props
  const cost = (type: CacheType) =>
    info && info.cacheShape.elementsPerToken > 0
      ? formatBytes(kvCacheBytes(info.cacheShape, { contextLength, cacheType: type }))
      : null
  const isPossible = (type: CacheType) => !info || info.cacheShape.types.includes(type)
  const costNow = cost(cacheType)
  return (
    <Field
      label="KV cache"
      hint={
        props.disabledReason ??
        (info && info.cacheShape.types.length < CACHE_TYPES.length
          ? 'The heads of this model can be kept as 16-bit floats only.'
          : costNow === null
            ? 'Fewer bits take less memory and cost some precision.'
            : `${costNow} for ${formatCount(contextLength)} tokens. Fewer bits cost some precision.`)
      }
    >
      {(id, describedBy) => (
        <select
          id={id}
          aria-describedby={describedBy}
          className={INPUT_CLASS}
          value={cacheType}
          disabled={props.disabledReason !== undefined}
          onChange={(event) => {
            const chosen = CACHE_TYPES.find((type) => type === event.target.value)
            if (chosen) props.onChange(chosen)
          }}
        >
          {CACHE_TYPES.map((type) => (
            <option key={type} value={type} disabled={!isPossible(type) && type !== cacheType}>
              {[LABELS[type], cost(type)].filter(Boolean).join(', ')}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
