import { useId, useState } from 'react'
import type { HubMessage } from '../../store/hub-state.ts'
import { Button } from '../kit/button.tsx'
import { INPUT_CLASS } from '../kit/field.tsx'
import { useAppStore } from '../use-app-store.ts'
import { TokenField } from './token-field.tsx'

/** Where models come from: the Hub or a mirror, and who asks. */
export function SourceSettings() {
  const baseUrl = useAppStore((state) => state.hubBaseUrl)
  return (
    <details className="group rounded-lg border border-line">
      <summary className="flex items-center gap-2 rounded-lg px-3 py-2 text-sm font-medium hover:bg-sunken">
        Source and access
        <span className="truncate text-xs font-normal text-ink-muted">{hostOf(baseUrl)}</span>
      </summary>
      <div className="grid gap-4 border-t border-line p-3 sm:grid-cols-2">
        {/* Starts over when the address changes elsewhere. */}
        <MirrorField key={baseUrl} baseUrl={baseUrl} />
        <TokenField />
      </div>
    </details>
  )
}

function MirrorField({ baseUrl }: { readonly baseUrl: string }) {
  const setBaseUrl = useAppStore((state) => state.setHubBaseUrl)
  const id = useId()
  const [text, setText] = useState(baseUrl)
  const [problem, setProblem] = useState<HubMessage | null>(null)
  return (
    <form
      className="grid content-start gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        void setBaseUrl(text).then(setProblem)
      }}
    >
      <label htmlFor={id} className="text-sm font-medium">
        Hub or mirror
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          type="text"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={`${id}-hint`}
          aria-invalid={problem !== null}
          className={INPUT_CLASS}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={text.trim() === baseUrl}>
          Set
        </Button>
      </div>
      <p id={`${id}-hint`} className="text-xs text-ink-muted">
        {problem
          ? `${problem.title}. ${problem.advice}`
          : 'A server with the Hub’s paths, such as one in a workshop’s network. Empty: huggingface.co.'}
      </p>
    </form>
  )
}

function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, '')
}
