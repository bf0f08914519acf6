import { MessageSquare, Plus, Trash2 } from 'lucide-react'
import { Button, IconButton } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { Dialog } from '../kit/dialog.tsx'
import { useAppStore } from '../use-app-store.ts'

/** All saved chats: open, delete (with undo), start a new one. */
export function ConversationsDialog({ onClose }: { readonly onClose: () => void }) {
  const conversations = useAppStore((state) => state.conversations)
  const currentId = useAppStore((state) => state.conversationId)
  const open = useAppStore((state) => state.openConversation)
  const remove = useAppStore((state) => state.deleteConversation)
  const create = useAppStore((state) => state.newConversation)
  return (
    <Dialog
      open
      onClose={onClose}
      title="Chats"
      description="Kept in this browser only."
      footer={
        <Button
          tone="primary"
          onClick={() => {
            create()
            onClose()
          }}
        >
          <Plus /> New chat
        </Button>
      }
    >
      {conversations.length === 0 && <p className="text-ink-muted">No saved chats yet.</p>}
      <ul className="-mx-2">
        {conversations.map((conversation) => (
          <li
            key={conversation.id}
            className={classNames(
              'flex items-center rounded-md',
              conversation.id === currentId && 'bg-accent-soft',
            )}
          >
            <button
              type="button"
              aria-current={conversation.id === currentId}
              className="flex min-w-0 flex-1 items-center gap-2 rounded-md px-2 py-2 text-left hover:bg-accent-soft"
              onClick={() => {
                void open(conversation.id)
                onClose()
              }}
            >
              <MessageSquare className="size-4 shrink-0 text-ink-faint" />
              <span className="min-w-0 flex-1 truncate">{conversation.title}</span>
              <time className="text-xs text-ink-muted">
                {new Date(conversation.updatedAtMs).toLocaleDateString(undefined, {
                  month: 'short',
                  day: 'numeric',
                  hour: '2-digit',
                  minute: '2-digit',
                })}
              </time>
            </button>
            <IconButton
              label={`Delete ${conversation.title}`}
              onClick={() => void remove(conversation.id)}
            >
              <Trash2 />
            </IconButton>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
