import { TriangleAlert } from 'lucide-react'
import { contextLimit, suggestYarn, type YarnScaling } from '../../core/gguf/yarn.ts'
import type { AppState, ModelSettings } from '../../store/state.ts'
import { NumberField } from '../kit/number-field.tsx'
import { formatCount } from '../kit/quantities.ts'
import { SwitchRow } from './switch-row.tsx'

/** More than any model was shown to bear. */
const MAX_FACTOR = 32
const MIN_FACTOR = 1.1
const MAX_ORIGINAL_CONTEXT = 1_048_576

/** Positions beyond the trained ones: a switch, and the two numbers that llama.cpp needs. */
export function YarnSettings(props: {
  readonly options: ModelSettings['load']
  readonly info: AppState['engineInfo']
  readonly disabledReason: string | undefined
  readonly onChange: (part: Partial<ModelSettings['load']>) => void
}) {
  const { info, options } = props
  const { yarn } = options
  const suggestion = info && suggestYarn(info.architecture, info.trainedContextLength)
  const trained = info?.trainedContextLength ?? null

  function change(next: YarnScaling | null) {
    const most = contextLimit(trained, next) ?? options.contextLength
    props.onChange({ yarn: next, contextLength: Math.min(options.contextLength, most) })
  }

  return (
    <div className="grid gap-3">
      <SwitchRow
        label="Longer context (YaRN)"
        hint={props.disabledReason ?? hintFor(suggestion, trained)}
        checked={yarn !== null}
        disabled={props.disabledReason !== undefined || (!suggestion && yarn === null)}
        onChange={(isOn) => change(isOn && suggestion ? suggestion.scaling : null)}
      />
      {yarn && (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <NumberField
              label="YaRN factor"
              hint={`Contexts of up to ${formatCount(contextLimit(trained, yarn) ?? 0)} tokens.`}
              value={yarn.factor}
              range={{ min: MIN_FACTOR, max: MAX_FACTOR, step: 0.1 }}
              onChange={(factor) => change({ ...yarn, factor })}
            />
            <NumberField
              label="Original context"
              hint="What the positions were trained on, in tokens."
              value={yarn.originalContext}
              range={{ min: 1, max: MAX_ORIGINAL_CONTEXT, step: 1 }}
              onChange={(originalContext) => change({ ...yarn, originalContext })}
            />
          </div>
          <p className="flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-xs text-warn">
            <TriangleAlert className="mt-0.5 size-3.5 shrink-0" />
            <span>
              {`This stretches every position, so it also changes, and may worsen, answers to short prompts. Use it only for conversations of more than ${formatCount(yarn.originalContext)} tokens.`}
            </span>
          </p>
        </>
      )}
    </div>
  )
}

function hintFor(
  suggestion: ReturnType<typeof suggestYarn> | null,
  trained: number | null,
): string {
  if (!suggestion || trained === null) return 'Load a model first: its own context is the start.'
  const limit = formatCount(contextLimit(trained, suggestion.scaling) ?? 0)
  return suggestion.isDocumented
    ? `Trained on ${formatCount(suggestion.scaling.originalContext)} tokens; its makers document ${limit} with a factor of ${suggestion.scaling.factor}.`
    : `Trained on ${formatCount(trained)} tokens. Its makers are not known to have tried more; ${limit} is a careful start.`
}
