import { assertNever } from '../../core/lib/assert-never.ts'
import { selectBinding } from '../../store/request-views.ts'
import { turnMessage } from '../../store/user-message.ts'
import { callRulesText } from '../kit/call-rules-words.ts'
import { CopyButton } from '../kit/copy-button.tsx'
import { formatCount } from '../kit/quantities.ts'
import { useAppStore } from '../use-app-store.ts'

/** The grammar that the next answer is held to, and what it could not say. */
export function GrammarNote() {
  const binding = useAppStore(selectBinding)
  if (!binding) return null
  if (!binding.ok) {
    const { title, advice } = turnMessage({ kind: 'tool-choice', error: binding.error })
    return (
      <p className="border-b border-line bg-warn-soft px-3 py-2 text-xs text-warn">{`${title}. ${advice}`}</p>
    )
  }
  if (!binding.value) return null
  const { rules, constraint, unexpressed } = binding.value
  return (
    <details className="shrink-0 border-b border-line bg-sunken px-3 py-2 text-xs">
      <summary className="cursor-pointer text-ink-muted">
        Grammar: {callRulesText(rules)} · {formatCount(constraint.gbnf.length)} characters
        {unexpressed.length > 0 && ` · ${unexpressed.length} not held to`}
      </summary>
      {unexpressed.length > 0 && (
        <ul aria-label="Not in the grammar" className="my-2 grid gap-1">
          {unexpressed.map(({ tool, path, keyword, why, effect }) => (
            <li key={`${tool} ${path} ${keyword}`} className="wrap-anywhere">
              <code>
                {tool}
                {path}
              </code>
              : <code>{keyword}</code> {why}. {effectText(effect)}
            </li>
          ))}
        </ul>
      )}
      <div className="relative mt-2">
        <div className="absolute top-1 right-1">
          <CopyButton label="Copy grammar" text={() => constraint.gbnf} />
        </div>
        <pre
          aria-label="Grammar"
          tabIndex={0}
          className="max-h-64 overflow-auto rounded border border-line bg-surface p-2 pr-9 font-mono text-2xs whitespace-pre-wrap wrap-anywhere"
        >
          {constraint.gbnf}
        </pre>
      </div>
    </details>
  )
}

function effectText(effect: 'looser' | 'narrower'): string {
  switch (effect) {
    case 'looser':
      return 'So a call may break it.'
    case 'narrower':
      return 'So some calls that it allows cannot be written.'
    default:
      return assertNever(effect)
  }
}
