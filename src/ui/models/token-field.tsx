import { KeyRound } from 'lucide-react'
import { useId, useState } from 'react'
import type { HubMessage } from '../../store/hub-state.ts'
import { Button } from '../kit/button.tsx'
import { INPUT_CLASS } from '../kit/field.tsx'
import { useAppStore } from '../use-app-store.ts'

/** Takes a token for the Hub. It is never shown again, and forgotten with the tab. */
export function TokenField({ onTaken }: { readonly onTaken?: () => void }) {
  const host = useAppStore((state) => state.hubTokenHost)
  const setToken = useAppStore((state) => state.setHubToken)
  const id = useId()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<HubMessage | null>(null)

  async function take() {
    const wrong = await setToken(text)
    setProblem(wrong)
    if (wrong) return
    setText('')
    onTaken?.()
  }

  return (
    <form
      className="grid w-full max-w-md content-start gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        void take()
      }}
    >
      <label htmlFor={id} className="text-sm font-medium">
        Access token
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          type="password"
          // A password manager would keep it, and it is to be forgotten.
          autoComplete="off"
          spellCheck={false}
          placeholder={host ? 'Another token…' : 'hf_…'}
          aria-describedby={`${id}-hint`}
          aria-invalid={problem !== null}
          className={INPUT_CLASS}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={text.trim() === ''}>
          <KeyRound /> Use
        </Button>
      </div>
      <p id={`${id}-hint`} className="text-xs text-ink-muted">
        {problem
          ? `${problem.title}. ${problem.advice}`
          : host
            ? `There is one for ${host}. Kept for this tab only, and sent to no other host.`
            : 'Kept for this tab only, sent to the Hub’s host alone and never stored.'}
      </p>
      {host && (
        <p>
          <Button size="sm" tone="ghost" onClick={() => void setToken(null)}>
            Forget the token
          </Button>
        </p>
      )}
    </form>
  )
}
