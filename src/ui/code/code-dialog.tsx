import { Tabs } from 'radix-ui'
import { useState } from 'react'
import type { CodeLanguage } from '../../core/export/request-code.ts'
import { selectRequestCode } from '../../store/request-views.ts'
import { CopyButton } from '../kit/copy-button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { useAppStore } from '../use-app-store.ts'

const LANGUAGES: readonly { readonly language: CodeLanguage; readonly label: string }[] = [
  { language: 'python', label: 'Python' },
  { language: 'javascript', label: 'JavaScript' },
  { language: 'curl', label: 'curl' },
  { language: 'serve', label: 'vllm serve' },
]

/** The conversation as code, to copy and run. */
export function CodeDialog({ onClose }: { readonly onClose: () => void }) {
  const [language, setLanguage] = useState<CodeLanguage>('python')
  const code = useAppStore((state) => selectRequestCode(state, language))
  return (
    <Dialog
      open
      onClose={onClose}
      title="Code for this conversation"
      description="The same messages, tools and sampling for the next answer, sent to vLLM’s own tool calling."
      width="lg"
    >
      <Tabs.Root
        value={language}
        onValueChange={(value) => {
          const chosen = LANGUAGES.find((entry) => entry.language === value)
          if (chosen) setLanguage(chosen.language)
        }}
        className="grid gap-3"
      >
        <div className="flex items-center justify-between gap-2">
          <Tabs.List aria-label="Language" className="flex gap-1 overflow-x-auto">
            {LANGUAGES.map((entry) => (
              <Tabs.Trigger
                key={entry.language}
                value={entry.language}
                className="border-b-2 border-transparent px-2.5 py-1 text-sm font-medium whitespace-nowrap text-ink-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
              >
                {entry.label}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {code !== null && <CopyButton label="Copy code" text={() => code} />}
        </div>
        <Tabs.Content value={language} tabIndex={-1}>
          {code === null ? (
            <p className="text-sm text-ink-muted">Load a model first.</p>
          ) : (
            <pre
              role="region"
              aria-label="Code"
              // Scrollable, so it must be reachable by keyboard.
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
              className="max-h-[60vh] overflow-auto rounded-md bg-sunken p-3 font-mono text-xs"
            >
              {code}
            </pre>
          )}
        </Tabs.Content>
      </Tabs.Root>
    </Dialog>
  )
}
