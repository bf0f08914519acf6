import { ChevronDown, SquarePen } from 'lucide-react'
import { Button, IconButton } from '../kit/button.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'
import { modifierKey } from '../kit/platform.ts'
import { useAppStore, useAppStoreApi } from '../use-app-store.ts'
import { Composer } from './composer.tsx'
import { ExampleRow } from './example-prompts.tsx'
import { SystemPrompt } from './system-prompt.tsx'
import { Transcript } from './transcript.tsx'

export function ChatPane() {
  const store = useAppStoreApi()
  const title = useAppStore(
    (state) => state.conversations.find(({ id }) => id === state.conversationId)?.title ?? '',
  )
  return (
    <div className="@container flex min-h-0 flex-1 flex-col">
      <PaneHeader title={<ChatTitle title={title} />}>
        <IconButton
          label="New chat"
          shortcut={`${modifierKey()} ⇧ O`}
          onClick={() => store.getState().newConversation()}
        >
          <SquarePen />
        </IconButton>
      </PaneHeader>
      <SystemPrompt />
      <Transcript />
      <div className="mx-auto w-full max-w-3xl shrink-0 px-4 pb-4">
        <ExampleRow />
        <Composer />
      </div>
    </div>
  )
}

function ChatTitle({ title }: { readonly title: string }) {
  const openDialog = useAppStore((state) => state.openDialog)
  return (
    <>
      <h2 className="font-semibold">Chat</h2>
      <Button
        size="sm"
        tone="ghost"
        aria-haspopup="dialog"
        className="min-w-0 font-normal"
        onClick={() => openDialog('conversations')}
      >
        <span className="truncate">{title === '' ? 'New conversation' : title}</span>
        <span className="sr-only">, all conversations</span>
        <ChevronDown className="shrink-0" />
      </Button>
    </>
  )
}
