import { useId, useState } from 'react'
import type { JsonValue } from '../../core/lib/json.ts'
import { Button } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { INPUT_CLASS } from '../kit/field.tsx'
import { readJson } from '../kit/read-json.ts'

/** Edits one argument as JSON. What is no JSON can still be taken as text. */
export function ArgumentEditor(props: {
  readonly name: string
  /** Undefined for an argument that is not there yet. */
  readonly value: JsonValue | undefined
  readonly onSave: (value: JsonValue) => void
  readonly onCancel: () => void
}) {
  const [text, setText] = useState(
    props.value === undefined ? '' : JSON.stringify(props.value, null, 2),
  )
  const errorId = useId()
  const parsed = readJson(text)
  const save = () => {
    if (parsed.ok) props.onSave(parsed.value)
  }
  return (
    <div className="grid gap-1.5 py-1">
      <textarea
        ref={focusAndSelect}
        aria-label={`New value of ${props.name}, as JSON`}
        aria-invalid={!parsed.ok}
        aria-describedby={errorId}
        spellCheck={false}
        value={text}
        rows={Math.min(10, text.split('\n').length)}
        className={classNames(
          INPUT_CLASS,
          'max-h-60 resize-y field-sizing-content font-mono text-xs',
        )}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            props.onCancel()
          }
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault()
            save()
          }
        }}
      />
      <p id={errorId} className="text-xs text-ink-muted">
        {parsed.ok ? 'The calls then wait for results again; this version is kept.' : parsed.error}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        {!parsed.ok && text.trim() !== '' && (
          <Button size="sm" className="mr-auto" onClick={() => props.onSave(text)}>
            Use as text
          </Button>
        )}
        <Button size="sm" tone="ghost" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button size="sm" tone="primary" disabled={!parsed.ok} onClick={save}>
          Save
        </Button>
      </div>
    </div>
  )
}

function focusAndSelect(element: HTMLTextAreaElement | null) {
  if (!element || element === document.activeElement) return
  element.focus()
  element.select()
}
