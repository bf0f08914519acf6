import { Command } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import { PRESETS } from '../../core/tools/presets/all-presets.ts'
import { modifierKey } from '../kit/platform.ts'
import { Kbd } from '../kit/kbd.tsx'
import { useReturnFocus } from '../kit/use-return-focus.ts'
import { useAppStoreApi } from '../use-app-store.ts'

type Action = {
  readonly name: string
  readonly keys?: string
  readonly run: () => void
}

/** Every action by name. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const groups = useActions()
  const returnFocus = useReturnFocus()
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className="fixed top-[12vh] left-1/2 z-40 w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-raised shadow-pop"
        >
          <Radix.Title className="sr-only">Commands</Radix.Title>
          <Command label="Commands" loop filter={hasAllWords}>
            <Command.Input
              placeholder="Type a command…"
              className="w-full border-b border-line bg-transparent px-4 py-3 text-sm outline-none placeholder:text-ink-faint"
            />
            <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-ink-muted">
                No command has that name.
              </Command.Empty>
              {groups.map((group) => (
                <Command.Group
                  key={group.title}
                  heading={group.title}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-muted"
                >
                  {group.actions.map((action) => (
                    <Command.Item
                      key={action.name}
                      value={`${group.title} ${action.name}`}
                      className="flex cursor-pointer items-center justify-between rounded-md px-2.5 py-1.5 data-[selected=true]:bg-accent-soft"
                      onSelect={() => {
                        onClose()
                        action.run()
                      }}
                    >
                      {action.name}
                      {action.keys && <Kbd keys={action.keys} />}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** cmdk's own fuzzy match finds "home" in "Automatic mode", and puts it first, as it never sorts the groups. */
function hasAllWords(value: string, search: string): number {
  const text = value.toLowerCase()
  const words = search.toLowerCase().split(/\s+/)
  return words.every((word) => text.includes(word)) ? 1 : 0
}

function useActions(): readonly { readonly title: string; readonly actions: readonly Action[] }[] {
  const state = useAppStoreApi().getState()
  const modifier = modifierKey()
  return [
    {
      title: 'Chat',
      actions: [
        { name: 'New chat', keys: `${modifier} Shift O`, run: state.newConversation },
        { name: 'All chats', run: () => state.openDialog('conversations') },
        ...(state.turn.type === 'idle'
          ? []
          : [{ name: 'Stop the answer', keys: 'Esc', run: state.stop }]),
        {
          name: state.automatic ? 'Automatic mode: switch off' : 'Automatic mode: switch on',
          run: () => state.setAutomatic(!state.automatic),
        },
      ],
    },
    {
      title: 'Presets',
      actions: PRESETS.map((preset) => ({
        name: preset.title,
        run: () => state.applyPreset(preset.id),
      })),
    },
    {
      title: 'Tools',
      actions: [{ name: 'Add a tool', run: () => state.addTool() }],
    },
    {
      title: 'Inspector',
      actions: [
        { name: 'Show calls', run: () => showTab('calls') },
        { name: 'Show the exact prompt', run: () => showTab('prompt') },
        { name: 'Show the raw output', run: () => showTab('raw') },
      ],
    },
    {
      title: 'App',
      actions: [
        { name: 'Running model', run: () => state.showModels('running') },
        { name: 'Find a model on the Hub', run: () => state.showModels('find') },
        { name: 'Downloads', run: () => state.showModels('downloads') },
        { name: 'Stored models', run: () => state.showModels('storage') },
        { name: 'Settings', keys: `${modifier} ,`, run: () => state.openDialog('settings') },
        { name: 'Theme: light', run: () => state.setTheme('light') },
        { name: 'Theme: dark', run: () => state.setTheme('dark') },
        { name: 'Theme: system', run: () => state.setTheme('system') },
        { name: 'Keyboard shortcuts', keys: '?', run: () => state.openDialog('shortcuts') },
      ],
    },
  ]

  function showTab(tab: 'calls' | 'prompt' | 'raw') {
    state.setInspectorTab(tab)
    state.setPhonePane('calls')
  }
}
