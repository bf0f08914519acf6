import { Play } from 'lucide-react'
import { useId, useState } from 'react'
import type { MlcAddressProblem } from '../../store/hub-state.ts'
import { Button } from '../kit/button.tsx'
import { INPUT_CLASS } from '../kit/field.tsx'
import { useAppStore } from '../use-app-store.ts'

const FIELDS = {
  model: {
    label: 'Model',
    placeholder: 'owner/name or https://…',
    hint: 'A repository with mlc-chat-config.json, tensor-cache.json and weights.',
  },
  library: {
    label: 'Library',
    placeholder: 'https://….wasm',
    hint: 'Compiled for WebLLM 0.2.86, for this architecture and quantization. Models of one architecture share it.',
  },
} as const

/** An MLC model of one's own, by the addresses of its two parts. */
export function CustomMlcForm() {
  const load = useAppStore((state) => state.loadMlcAddress)
  const [model, setModel] = useState('')
  const [library, setLibrary] = useState('')
  const [accepts, setAccepts] = useState(false)
  const [problem, setProblem] = useState<MlcAddressProblem | null>(null)
  return (
    <section className="grid gap-2" aria-label="A model of your own">
      <h3 className="text-sm font-semibold">A model of your own</h3>
      <form
        className="grid gap-3 rounded-lg border border-line p-3"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void load({ model, library }).then(setProblem)
        }}
      >
        <AddressField name="model" value={model} onChange={setModel} problem={problem} />
        <AddressField name="library" value={library} onChange={setLibrary} problem={problem} />
        <label className="flex items-start gap-2 text-sm">
          <input
            type="checkbox"
            className="mt-0.5 size-4 accent-(--accent)"
            checked={accepts}
            onChange={(event) => setAccepts(event.target.checked)}
          />
          I accept the terms of this model, which its own page tells
        </label>
        <p>
          <Button type="submit" size="sm" disabled={!accepts}>
            <Play /> Fetch and load
          </Button>
        </p>
      </form>
    </section>
  )
}

function AddressField(props: {
  readonly name: keyof typeof FIELDS
  readonly value: string
  readonly problem: MlcAddressProblem | null
  readonly onChange: (text: string) => void
}) {
  const id = useId()
  const { label, placeholder, hint } = FIELDS[props.name]
  const problem = props.problem?.field === props.name ? props.problem.text : null
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        type="text"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        aria-describedby={`${id}-hint`}
        aria-invalid={problem !== null}
        className={INPUT_CLASS}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
      <p
        id={`${id}-hint`}
        role={problem === null ? undefined : 'alert'}
        className={`text-xs wrap-anywhere ${problem === null ? 'text-ink-muted' : 'text-bad'}`}
      >
        {problem ?? hint}
      </p>
    </div>
  )
}
