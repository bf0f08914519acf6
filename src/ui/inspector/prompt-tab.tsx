import { Code, FileText } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { AssistantMessage } from '../../core/chat/message.ts'
import type { BuiltPrompt, InstructionSource } from '../../core/template/build-prompt.ts'
import { selectPromptPreview, selectToolShape } from '../../store/selectors.ts'
import type { UserMessage } from '../../store/state.ts'
import { IconButton } from '../kit/button.tsx'
import { CopyButton } from '../kit/copy-button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { formatCount } from '../kit/quantities.ts'
import { Switch } from '../kit/switch.tsx'
import { useAppStore } from '../use-app-store.ts'
import { ExactText, ExactTextFrame } from './exact-text.tsx'

const INSTRUCTIONS: Readonly<Record<InstructionSource, string>> = {
  'from-template': "the template's own",
  'kept-by-us': "the template's own, put back by Callground",
  dropped: 'dropped by the template, because there is a system prompt',
  'added-by-us': 'written by Callground, as the template has none',
  none: 'none, as no tool is on',
}

/** The exact text that was sent for an answer, or, before there is one, that would be sent. */
export function PromptTab({ message }: { readonly message: AssistantMessage | null }) {
  if (!message || message.prompt === '') return <Preview />
  const { usage, prompt } = message
  const counts = [`${formatCount(prompt.length)} characters`]
  if (usage) counts.push(`${formatCount(usage.promptTokens)} tokens`)
  if (usage && usage.cachedTokens > 0) counts.push(`${formatCount(usage.cachedTokens)} cached`)
  return <Prompt prompt={prompt} summary={`Sent · ${counts.join(' · ')}`} notes={<Notes />} />
}

function Preview() {
  const preview = useAppStore(selectPromptPreview)
  if (!preview) {
    return (
      <EmptyState icon={<FileText />} title="No prompt yet">
        The exact text for the model appears here once a model is loaded.
      </EmptyState>
    )
  }
  const { built, problem } = preview
  if (!built) {
    return (
      <EmptyState icon={<FileText />} title={problem?.title ?? 'No prompt'}>
        {problem?.advice}
      </EmptyState>
    )
  }
  return (
    <Prompt
      prompt={built.prompt}
      summary={`Would be sent · ${formatCount(built.prompt.length)} characters`}
      notes={<Notes />}
    />
  )
}

function Prompt(props: {
  readonly prompt: string
  readonly summary: string
  readonly notes: ReactNode
}) {
  const [showsWhitespace, setShowsWhitespace] = useState(false)
  const bosToken = useAppStore((state) => state.engineInfo?.bosToken ?? '')
  const eosToken = useAppStore((state) => state.engineInfo?.eosToken ?? '')
  const openDialog = useAppStore((state) => state.openDialog)
  const marks = { specialTexts: [bosToken, eosToken], whitespace: showsWhitespace }
  return (
    <>
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 border-b border-line pr-1.5 pl-3 text-xs text-ink-muted">
        <span className="min-w-0 flex-1 tabular-nums">{props.summary}</span>
        <span className="flex items-center gap-1.5">
          <Switch
            size="sm"
            label="Show white space"
            checked={showsWhitespace}
            onChange={setShowsWhitespace}
          />
          White space
        </span>
        <IconButton label="Show code" size="sm" onClick={() => openDialog('code')}>
          <Code />
        </IconButton>
        <CopyButton label="Copy prompt" text={() => props.prompt} />
      </div>
      {props.notes}
      <ExactTextFrame label="Prompt" length={props.prompt.length}>
        {(shownLength) => <ExactText text={props.prompt.slice(0, shownLength)} marks={marks} />}
      </ExactTextFrame>
    </>
  )
}

/** How the text is made with the settings as they are now. */
function Notes() {
  const preview = useAppStore(selectPromptPreview)
  const shape = useAppStore(selectToolShape)
  if (!preview?.built) return null
  return (
    <dl className="grid shrink-0 grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 border-b border-line bg-sunken px-3 py-2 text-xs">
      <Note name="Template">{templateText(preview.built, preview.problem)}</Note>
      <Note name="Tools">
        {shape === 'bare'
          ? 'as they are written, bare'
          : 'wrapped: {"type": "function", "function": …}'}
      </Note>
      <Note name="Format instruction">{INSTRUCTIONS[preview.built.instruction]}</Note>
    </dl>
  )
}

function Note(props: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-muted">{props.name}</dt>
      <dd className="min-w-0 wrap-anywhere">{props.children}</dd>
    </>
  )
}

function templateText(built: BuiltPrompt, problem: UserMessage | null): string {
  if (built.templateUsed === 'model') return "the model's own"
  return problem ? `Callground's fallback. ${problem.title}` : "Callground's fallback"
}
