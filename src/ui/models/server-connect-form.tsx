import { Play } from 'lucide-react'
import { useState } from 'react'
import type { EndpointSource, EndpointTest, TemplateSource } from '../../store/endpoint-state.ts'
import type { UserMessage } from '../../store/state.ts'
import { Button } from '../kit/button.tsx'
import { Field, INPUT_CLASS } from '../kit/field.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'

type Facts = Extract<EndpointTest, { type: 'found' }>['facts']

const REPO = /^[\w.-]+\/[\w.-]+$/

/** What to use of a server that answers: model, mode, and where raw mode has its template from. */
export function ServerConnectForm(props: { readonly baseUrl: string; readonly facts: Facts }) {
  const { baseUrl, facts } = props
  const connect = useAppStore((state) => state.connectEndpoint)
  const first = facts.models[0]?.id ?? ''
  const [model, setModel] = useState(first)
  const [mode, setMode] = useState<EndpointSource['mode']>('raw')
  const [kind, setKind] = useState<TemplateSource['type']>(facts.template ? 'server' : 'repo')
  const [repo, setRepo] = useState<string | null>(null)
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<UserMessage | null>(null)
  // The usual name of a model on a server is its repository.
  const shownRepo = repo ?? (REPO.test(model) ? model : '')

  function template(): TemplateSource {
    if (kind === 'repo') return { type: 'repo', repo: shownRepo }
    return kind === 'pasted' ? { type: 'pasted', text } : { type: 'server' }
  }

  return (
    <form
      noValidate
      aria-label="Use a model of the server"
      className="grid gap-3 rounded-lg border border-line p-3 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        setProblem(null)
        void connect({ baseUrl, model, mode, template: template() }).then(setProblem)
      }}
    >
      <Field label="Model">
        {(id) => (
          <select
            id={id}
            className={INPUT_CLASS}
            value={model}
            onChange={(event) => setModel(event.target.value)}
          >
            {facts.models.map((served) => (
              <option key={served.id} value={served.id}>
                {served.contextLength === null
                  ? served.id
                  : `${served.id}, ${formatCount(served.contextLength)} tokens`}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label="Mode"
        hint={
          mode === 'raw'
            ? 'The exact prompt is written here, and every character of the answer is read here.'
            : 'Messages and tools go as data; template and parser are the server’s.'
        }
      >
        {(id, describedBy) => (
          <select
            id={id}
            aria-describedby={describedBy}
            className={INPUT_CLASS}
            value={mode}
            onChange={(event) => setMode(event.target.value === 'chat' ? 'chat' : 'raw')}
          >
            <option value="raw">Raw (/completions)</option>
            <option value="chat">Chat (/chat/completions with tools)</option>
          </select>
        )}
      </Field>
      {mode === 'raw' && (
        <>
          <Field label="Chat template">
            {(id) => (
              <select
                id={id}
                className={INPUT_CLASS}
                value={kind}
                onChange={(event) =>
                  setKind(
                    (['server', 'repo', 'pasted'] as const).find(
                      (type) => type === event.target.value,
                    ) ?? 'server',
                  )
                }
              >
                <option value="server">
                  {facts.template ? 'The server’s own' : 'None: a general one is used'}
                </option>
                <option value="repo">From a repository of the Hub</option>
                <option value="pasted">Pasted</option>
              </select>
            )}
          </Field>
          {kind === 'repo' && (
            <Field
              label="Repository"
              hint="Its tokenizer_config.json or chat_template.jinja is read."
            >
              {(id, describedBy) => (
                <input
                  id={id}
                  aria-describedby={describedBy}
                  type="text"
                  autoComplete="off"
                  spellCheck={false}
                  placeholder="owner/name"
                  className={INPUT_CLASS}
                  value={shownRepo}
                  onChange={(event) => setRepo(event.target.value)}
                />
              )}
            </Field>
          )}
          {kind === 'pasted' && (
            <Field label="Template text" hint="Jinja, as in tokenizer_config.json.">
              {(id, describedBy) => (
                <textarea
                  id={id}
                  aria-describedby={describedBy}
                  rows={4}
                  spellCheck={false}
                  className={`${INPUT_CLASS} font-mono`}
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                />
              )}
            </Field>
          )}
        </>
      )}
      <div className="grid content-start gap-2 sm:col-span-2">
        <p>
          <Button type="submit" tone="primary" disabled={model === ''}>
            <Play /> Connect
          </Button>
        </p>
        {problem && (
          <p role="alert" className="text-sm wrap-anywhere text-bad">
            {problem.title}. {problem.advice}
          </p>
        )}
      </div>
    </form>
  )
}
