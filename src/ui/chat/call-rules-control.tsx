import { Check, ChevronDown } from 'lucide-react'
import { hasRules, type ToolChoice } from '../../core/tools/tool-choice.ts'
import { selectEnabledTools } from '../../store/selectors.ts'
import { Button } from '../kit/button.tsx'
import { callRulesText, toolChoiceText } from '../kit/call-rules-words.ts'
import { Menu, type MenuEntry } from '../kit/menu.tsx'
import { useAppStore } from '../use-app-store.ts'

const CHOICES: readonly {
  readonly choice: ToolChoice
  readonly text: string
  readonly hint: string
}[] = [
  { choice: { type: 'auto' }, text: 'Auto', hint: 'The model decides whether to call' },
  { choice: { type: 'none' }, text: 'None', hint: 'Text only' },
  { choice: { type: 'required' }, text: 'Required', hint: 'At least one call' },
]

/** What the next answers are held to by a grammar. With auto, several calls and not strict, nothing is. */
export function CallRulesControl() {
  const rules = useAppStore((state) => state.callRules)
  const change = useAppStore((state) => state.changeCallRules)
  const tools = useAppStore(selectEnabledTools)
  const isUnable = useAppStore((state) => state.capabilities?.constraint === false)
  const isChosen = (choice: ToolChoice) =>
    toolChoiceText(choice) === toolChoiceText(rules.choice) && choice.type === rules.choice.type
  const choose = (
    choice: ToolChoice,
    words: { readonly text: string; readonly hint?: string },
  ): MenuEntry => ({
    type: 'item',
    ...words,
    ...mark(isChosen(choice)),
    onSelect: () => change({ choice }),
  })
  const entries: readonly MenuEntry[] = [
    { type: 'label', text: 'Tool choice' },
    ...CHOICES.map(({ choice, ...words }) => choose(choice, words)),
    ...tools.map(({ tool }) => choose({ type: 'tool', name: tool.name }, { text: tool.name })),
    { type: 'separator' },
    {
      type: 'item',
      text: 'Several calls at once',
      ...mark(rules.parallel),
      onSelect: () => change({ parallel: !rules.parallel }),
    },
    {
      type: 'item',
      text: 'Strict arguments',
      hint: 'Held to the tool’s schema; else only to JSON',
      ...mark(rules.strict),
      onSelect: () => change({ strict: !rules.strict }),
    },
  ]
  return (
    <Menu
      entries={entries}
      trigger={(props) => (
        <Button
          size="sm"
          tone="ghost"
          className={`min-w-0 ${hasRules(rules) && !isUnable ? 'bg-accent-soft text-accent' : ''}`}
          disabled={isUnable}
          data-tooltip={
            isUnable
              ? 'This engine cannot hold a model to a grammar'
              : 'What answers are held to: tool choice, several calls, strict arguments'
          }
          {...props}
        >
          <span className="truncate">
            <span className="sr-only @md:not-sr-only">Tool choice: </span>
            {callRulesText(rules)}
          </span>
          <ChevronDown className="shrink-0" />
        </Button>
      )}
    />
  )
}

/** An entry says that it is on by its mark and by a word for screen readers. */
function mark(isOn: boolean): Pick<Extract<MenuEntry, { readonly type: 'item' }>, 'icon'> {
  return {
    icon: isOn ? (
      <Check role="img" aria-label="On:" aria-hidden={false} />
    ) : (
      <span className="size-4 shrink-0" />
    ),
  }
}
