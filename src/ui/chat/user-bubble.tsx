import { Pencil } from 'lucide-react'
import { useState } from 'react'
import type { UserMessage } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import { Button, IconButton } from '../kit/button.tsx'
import { CopyButton } from '../kit/copy-button.tsx'
import { INPUT_CLASS } from '../kit/field.tsx'
import { classNames } from '../kit/class-names.ts'
import { usePointedPart } from '../kit/use-pointed-part.ts'
import { useAppStore } from '../use-app-store.ts'
import { BranchSwitcher } from './branch-switcher.tsx'
import { isPlainEnter } from './is-plain-enter.ts'

export function UserBubble(props: {
  readonly id: NodeId
  readonly message: UserMessage
  readonly siblings: readonly NodeId[]
}) {
  const [isEditing, setIsEditing] = useState(false)
  const { isLit, handlers } = usePointedPart({ type: 'message', nodeId: props.id })
  if (isEditing) {
    return (
      <MessageEditor id={props.id} text={props.message.text} onClose={() => setIsEditing(false)} />
    )
  }
  return (
    <div className="flex flex-col items-end gap-0.5 pl-10">
      <p
        onPointerEnter={handlers.onPointerEnter}
        onPointerLeave={handlers.onPointerLeave}
        data-lit={isLit}
        className={classNames(
          'max-w-full rounded-lg rounded-br-sm border px-3 py-2 wrap-anywhere whitespace-pre-wrap transition-colors',
          isLit ? 'border-accent bg-mark' : 'border-line bg-sunken',
        )}
      >
        <span className="sr-only">You: </span>
        {props.message.text}
      </p>
      <div className="flex items-center">
        <BranchSwitcher id={props.id} siblings={props.siblings} noun="message" />
        <CopyButton label="Copy message" text={() => props.message.text} />
        <IconButton size="sm" label="Edit and send again" onClick={() => setIsEditing(true)}>
          <Pencil />
        </IconButton>
      </div>
    </div>
  )
}

function MessageEditor(props: {
  readonly id: NodeId
  readonly text: string
  readonly onClose: () => void
}) {
  const [text, setText] = useState(props.text)
  const editUserMessage = useAppStore((state) => state.editUserMessage)
  const save = () => {
    if (text.trim() === '') return
    props.onClose()
    void editUserMessage(props.id, text)
  }
  return (
    <div className="grid gap-2 pl-10">
      <textarea
        aria-label="Edit message"
        // The user asked for the editor: the caret belongs in it.
        ref={focusAtEnd}
        value={text}
        rows={Math.min(8, text.split('\n').length)}
        className={classNames(INPUT_CLASS, 'field-sizing-content max-h-60 resize-none')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            props.onClose()
          }
          if (!isPlainEnter(event)) return
          event.preventDefault()
          save()
        }}
      />
      <div className="flex items-center justify-end gap-2">
        <span className="mr-auto text-xs text-ink-muted">The earlier version is kept.</span>
        <Button size="sm" tone="ghost" onClick={props.onClose}>
          Cancel
        </Button>
        <Button size="sm" tone="primary" disabled={text.trim() === ''} onClick={save}>
          Send
        </Button>
      </div>
    </div>
  )
}

function focusAtEnd(element: HTMLTextAreaElement | null) {
  if (!element || element === document.activeElement) return
  element.focus()
  element.setSelectionRange(element.value.length, element.value.length)
}
