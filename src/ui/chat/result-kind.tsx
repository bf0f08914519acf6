import { readJson } from '../kit/read-json.ts'

/** Says how a typed result will be read. Text is as good as JSON; what looks like broken JSON is pointed out. */
export function ResultKind({ content }: { readonly content: string }) {
  const trimmed = content.trim()
  if (trimmed === '') return <Hint>Empty: completed, returned nothing</Hint>
  const parsed = readJson(trimmed)
  if (parsed.ok) return <Hint>Valid JSON</Hint>
  if (/^[[{]/.test(trimmed)) {
    return <p className="text-xs wrap-anywhere text-warn">Sent as text. {parsed.error}</p>
  }
  return <Hint>Sent as text</Hint>
}

function Hint({ children }: { readonly children: string }) {
  return <p className="text-xs text-ink-muted">{children}</p>
}
