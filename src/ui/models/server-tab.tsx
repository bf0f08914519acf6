import { CircleAlert, CircleCheck, Plug, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import type { EndpointSource } from '../../store/endpoint-state.ts'
import type { UserMessage } from '../../store/state.ts'
import { Button, IconButton } from '../kit/button.tsx'
import { CopyButton } from '../kit/copy-button.tsx'
import { Field, INPUT_CLASS } from '../kit/field.tsx'
import { useAppStore } from '../use-app-store.ts'
import { ServerConnectForm } from './server-connect-form.tsx'

/** Any server with an OpenAI-compatible API: where it is, whether it answers, what it has. */
export function ServerTab() {
  const test = useAppStore((state) => state.endpointTest)
  return (
    <div className="grid gap-5 p-4 sm:p-5">
      <KeyWanted />
      <AddressForm />
      {test.type === 'failed' && (
        <div role="alert" className="flex items-start gap-3 rounded-lg bg-bad-soft p-3">
          <CircleAlert className="mt-0.5 size-4 shrink-0 text-bad" />
          <div className="min-w-0">
            <p className="font-medium wrap-anywhere text-bad">{test.message.title}</p>
            <p className="text-sm wrap-anywhere">{test.message.advice}</p>
          </div>
        </div>
      )}
      {test.type === 'found' && (
        <>
          <p role="status" className="flex items-center gap-2 text-sm text-good">
            <CircleCheck className="size-4" /> {test.baseUrl} answers with{' '}
            {test.facts.models.length} {test.facts.models.length === 1 ? 'model' : 'models'}.
          </p>
          <ServerConnectForm key={test.baseUrl} baseUrl={test.baseUrl} facts={test.facts} />
        </>
      )}
      <Recent />
      <Examples />
    </div>
  )
}

/** The server that ran before the page was opened anew: its key is kept for a tab only. */
function KeyWanted() {
  const source = useAppStore((state) => state.keyWantedBy)
  const connect = useAppStore((state) => state.connectWithKey)
  const [key, setKey] = useState('')
  const [problem, setProblem] = useState<UserMessage | null>(null)
  const id = useId()
  if (!source) return null
  const { host } = new URL(source.baseUrl)
  return (
    <form
      noValidate
      aria-label={`Key for ${host}`}
      className="grid gap-2 rounded-lg bg-warn-soft p-3"
      onSubmit={(event) => {
        event.preventDefault()
        void connect(key).then(setProblem)
        setKey('')
      }}
    >
      <label htmlFor={id} className="text-sm font-medium">
        {host} wants a key for {source.model}
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          type="password"
          autoComplete="off"
          spellCheck={false}
          className={`${INPUT_CLASS} min-w-40 flex-1`}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <Button type="submit" tone="primary" disabled={key.trim() === ''}>
          <Plug /> Connect
        </Button>
      </div>
      {problem && (
        <p role="alert" className="text-sm wrap-anywhere text-bad">
          {problem.title}. {problem.advice}
        </p>
      )}
    </form>
  )
}

function AddressForm() {
  const test = useAppStore((state) => state.endpointTest)
  const ask = useAppStore((state) => state.testEndpoint)
  const keyHost = useAppStore((state) => state.endpointKeyHost)
  const forgetKey = useAppStore((state) => state.forgetEndpointKey)
  const [address, setAddress] = useState('')
  const [key, setKey] = useState('')
  const keyId = useId()
  return (
    <section className="grid gap-2" aria-label="Connect to a server">
      <h3 className="text-sm font-semibold">Connect to a server</h3>
      <p className="text-xs text-ink-muted">
        vLLM, llama-server, LM Studio, Ollama or any other with an OpenAI-compatible API. With such
        a model everything you send goes to that server.
      </p>
      <form
        noValidate
        className="grid gap-3 rounded-lg border border-line p-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          void ask(address, key)
          setKey('')
        }}
      >
        <Field label="Address" hint="The base URL; /v1 is added when it is missing.">
          {(id, describedBy) => (
            <input
              id={id}
              aria-describedby={describedBy}
              type="text"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              placeholder="http://localhost:8000/v1"
              className={INPUT_CLASS}
              value={address}
              onChange={(event) => setAddress(event.target.value)}
            />
          )}
        </Field>
        <div className="grid content-start gap-1">
          <label htmlFor={keyId} className="text-sm font-medium">
            Key (optional)
          </label>
          <input
            id={keyId}
            type="password"
            // A password manager would keep it, and it is to be forgotten.
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${keyId}-hint`}
            className={INPUT_CLASS}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
          <p id={`${keyId}-hint`} className="text-xs text-ink-muted">
            {keyHost
              ? `There is one for ${keyHost}. Kept for this tab only, and sent to no other host.`
              : 'Kept for this tab only, sent to this host alone and never stored.'}
          </p>
        </div>
        <p className="flex flex-wrap gap-2">
          <Button type="submit" tone="primary" disabled={test.type === 'asking'}>
            <Plug /> {test.type === 'asking' ? 'Asking…' : 'Test the connection'}
          </Button>
          {keyHost && <Button onClick={forgetKey}>Forget the key</Button>}
        </p>
      </form>
    </section>
  )
}

function Recent() {
  const recent = useAppStore((state) => state.recentEndpoints)
  const connect = useAppStore((state) => state.connectEndpoint)
  const forget = useAppStore((state) => state.forgetEndpoint)
  if (recent.length === 0) return null
  const nameOf = ({ model, baseUrl, mode }: EndpointSource) =>
    `${model} at ${new URL(baseUrl).host}, ${mode}`
  return (
    <section className="grid gap-2" aria-label="Recent servers">
      <h3 className="text-sm font-semibold">Recent servers</h3>
      <ul className="grid gap-1">
        {recent.map((source) => (
          <li
            key={`${source.baseUrl} ${source.model} ${source.mode}`}
            className="flex items-center gap-2 rounded-md border border-line px-3 py-1.5 text-sm"
          >
            <span className="min-w-0 flex-1 truncate">{nameOf(source)}</span>
            <Button size="sm" onClick={() => void connect(source)}>
              Connect<span className="sr-only"> to {nameOf(source)}</span>
            </Button>
            <IconButton size="sm" label={`Forget ${nameOf(source)}`} onClick={() => forget(source)}>
              <Trash2 />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

const EXAMPLES = [
  { model: 'Salesforce/xLAM-2-32b-fc-r', more: '--tensor-parallel-size 2' },
  { model: 'Salesforce/Llama-xLAM-2-70b-fc-r', more: '--tensor-parallel-size 4' },
]

function Examples() {
  const { origin } = location
  return (
    <section className="grid gap-2" aria-label="Serve xLAM-2 with vLLM">
      <h3 className="text-sm font-semibold">Serve xLAM-2 with vLLM</h3>
      <p className="text-xs text-ink-muted">
        The large ones need a machine with GPUs. Chat mode needs the parser, raw mode does not.
      </p>
      {EXAMPLES.map(({ model, more }) => {
        const command = `vllm serve ${model} --enable-auto-tool-choice --tool-call-parser xlam ${more} --allowed-origins '["${origin}"]'`
        return (
          <div key={model} className="flex items-start gap-2 rounded-md bg-sunken p-2">
            <code className="min-w-0 flex-1 font-mono text-xs wrap-anywhere">{command}</code>
            <CopyButton label={`Copy the command for ${model}`} text={() => command} />
          </div>
        )
      })}
    </section>
  )
}
