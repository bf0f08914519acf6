import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { INPUT_CLASS } from '../kit/field.tsx'
import { hasModifier } from '../kit/platform.ts'
import { prettyJson } from '../kit/read-json.ts'
import { ResultKind } from './result-kind.tsx'

/** Edits a result that was given already; saving answers from there, in a new branch. */
export function ResultEditor(props: {
  readonly name: string
  readonly content: string
  readonly onSave: (content: string) => void
  readonly onCancel: () => void
}) {
  const [content, setContent] = useState(() => prettyJson(props.content))
  return (
    <div className="grid gap-1.5">
      <textarea
        ref={focusOnce}
        aria-label={`Result of ${props.name}`}
        spellCheck={false}
        value={content}
        rows={Math.min(12, Math.max(3, content.split('\n').length))}
        className={classNames(
          INPUT_CLASS,
          'max-h-80 resize-y field-sizing-content font-mono text-xs',
        )}
        onChange={(event) => setContent(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            props.onCancel()
          }
          if (event.key === 'Enter' && hasModifier(event)) {
            event.preventDefault()
            props.onSave(content)
          }
        }}
      />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <span className="mr-auto">
          <ResultKind content={content} />
        </span>
        <Button size="sm" tone="ghost" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button size="sm" tone="primary" onClick={() => props.onSave(content)}>
          Send results
        </Button>
      </div>
    </div>
  )
}

function focusOnce(element: HTMLTextAreaElement | null) {
  if (element !== document.activeElement) element?.focus()
}
