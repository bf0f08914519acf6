import { FileUp } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { Dialog } from '../kit/dialog.tsx'
import { Field, INPUT_CLASS } from '../kit/field.tsx'
import { hasModifier } from '../kit/platform.ts'

/** Definitions from files or pasted text. */
export function ImportDialog(props: {
  readonly onClose: () => void
  readonly onText: (text: string) => void
  readonly onFiles: (files: readonly File[]) => void
}) {
  const [text, setText] = useState('')
  const picker = useRef<HTMLInputElement>(null)
  const isEmpty = text.trim() === ''

  function submit() {
    if (isEmpty) return
    props.onText(text)
    props.onClose()
  }

  return (
    <Dialog
      open
      onClose={props.onClose}
      title="Import tools"
      description="OpenAI, bare, Anthropic or MCP notation; one definition or many."
      footer={
        <>
          <Button className="mr-auto" onClick={() => picker.current?.click()}>
            <FileUp />
            Choose files…
          </Button>
          <Button tone="ghost" onClick={props.onClose}>
            Cancel
          </Button>
          <Button tone="primary" disabled={isEmpty} onClick={submit}>
            Import
          </Button>
        </>
      }
    >
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label="Files with tool definitions"
        accept=".json,.jsonc,.txt,application/json,text/plain"
        onChange={(event) => {
          props.onFiles([...(event.target.files ?? [])])
          props.onClose()
        }}
      />
      <Field
        label="Definitions"
        hint="They are added to your tools. Text that is not valid JSON is kept as it is, to be mended in the editor."
      >
        {(id, describedBy) => (
          <textarea
            id={id}
            aria-describedby={describedBy}
            rows={12}
            spellCheck={false}
            placeholder={'[{ "name": "get_weather", "parameters": { … } }]'}
            value={text}
            className={classNames(INPUT_CLASS, 'font-mono text-xs')}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && hasModifier(event)) submit()
            }}
          />
        )}
      </Field>
    </Dialog>
  )
}
