import { Dialog } from '../kit/dialog.tsx'
import { Kbd } from '../kit/kbd.tsx'
import { modifierKey } from '../kit/platform.ts'

/** Every shortcut on one sheet. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const modifier = modifierKey()
  const groups = [
    {
      title: 'Chat',
      shortcuts: [
        ['Send', 'Enter'],
        ['New line', 'Shift Enter'],
        ['Stop the answer', 'Esc'],
        ['Send the results', `${modifier} Enter`],
        ['New chat', `${modifier} Shift O`],
      ],
    },
    {
      title: 'Tools',
      shortcuts: [
        ['Move the tool', 'Alt ↑ ↓'],
        ['Complete', 'Ctrl Space'],
        ['Prettify', 'Shift Alt F'],
        ['Leave the editor', 'Esc, then Tab'],
      ],
    },
    {
      title: 'Everywhere',
      shortcuts: [
        ['Commands', `${modifier} K`],
        ['Tools, Chat, Calls', 'Alt 1 2 3'],
        ['Settings', `${modifier} ,`],
        ['This sheet', '?'],
      ],
    },
  ] as const
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts" width="lg">
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 text-xs font-semibold text-ink-muted">{group.title}</h3>
            <dl>
              {group.shortcuts.map(([action, keys]) => (
                <div
                  key={action}
                  className="flex justify-between gap-4 border-b border-line py-1.5"
                >
                  <dt>{action}</dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
