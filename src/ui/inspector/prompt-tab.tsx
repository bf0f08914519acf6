import { Code, FileText, Pencil } from 'lucide-react'
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import type { AssistantMessage } from '../../core/chat/message.ts'
import type { NodeId } from '../../core/chat/transcript.ts'
import type { BuiltPrompt, InstructionSource } from '../../core/template/build-prompt.ts'
import { hasRules } from '../../core/tools/tool-choice.ts'
import { selectSentXray, selectXray, type XrayView } from '../../store/prompt-views.ts'
import { selectModelSettings, selectPromptPreview, selectToolShape } from '../../store/selectors.ts'
import type { UserMessage } from '../../store/state.ts'
import { Button, IconButton } from '../kit/button.tsx'
import { CopyButton } from '../kit/copy-button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { formatCount } from '../kit/quantities.ts'
import { Switch } from '../kit/switch.tsx'
import { useAppStore } from '../use-app-store.ts'
import { ContextBar } from './context-bar.tsx'
import { ExactText, ExactTextFrame } from './exact-text.tsx'
import { PromptFindings } from './prompt-findings.tsx'
import { TemplatePanel } from './template-panel.tsx'
import { XrayOutline } from './xray-outline.tsx'
import { XrayText } from './xray-text.tsx'

/** Seen only by who holds the model to something. */
const GrammarNote = lazy(async () => ({
  default: (await import('./grammar-note.tsx')).GrammarNote,
}))

const INSTRUCTIONS: Readonly<Record<InstructionSource, string>> = {
  'from-template': "the template's own",
  'kept-by-us': "the template's own, put back by Callground",
  dropped: 'dropped by the template, because there is a system prompt',
  'added-by-us': 'written by Callground, as the template has none',
  none: 'none, as no tool is on',
}

/** The exact text that was sent for an answer, or, before there is one, that would be sent, taken apart. */
export function PromptTab(props: {
  readonly id: NodeId | null
  readonly message: AssistantMessage | null
}) {
  const { id, message } = props
  const [isEditing, setIsEditing] = useState(false)
  const editing = { isEditing, onEdit: () => setIsEditing(!isEditing) }
  // What was sent does not change any more: a template is edited beside the prompt that comes next.
  if (!id || !message || message.prompt === '' || isEditing) return <Preview {...editing} />
  return <Sent id={id} message={message} {...editing} />
}

type Editing = { readonly isEditing: boolean; readonly onEdit: () => void }

function Sent(props: Editing & { readonly id: NodeId; readonly message: AssistantMessage }) {
  const { usage, prompt } = props.message
  const view = useAppStore((state) => selectSentXray(state, props.id))
  const counts = [`${formatCount(prompt.length)} characters`]
  if (usage) counts.push(`${formatCount(usage.promptTokens)} tokens`)
  if (usage && usage.cachedTokens > 0) counts.push(`${formatCount(usage.cachedTokens)} cached`)
  return (
    <Prompt
      isEditing={props.isEditing}
      onEdit={props.onEdit}
      prompt={prompt}
      view={view}
      cachedTokens={usage?.cachedTokens ?? null}
      summary={`Sent · ${counts.join(' · ')}`}
    />
  )
}

function Preview(props: Editing) {
  const preview = useAppStore(selectPromptPreview)
  const view = useAppStore(selectXray)
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
      isEditing={props.isEditing}
      onEdit={props.onEdit}
      prompt={built.prompt}
      view={view}
      cachedTokens={null}
      summary={`Would be sent · ${formatCount(built.prompt.length)} characters`}
    />
  )
}

function Prompt(
  props: Editing & {
    readonly prompt: string
    /** Null when its parts cannot be told. */
    readonly view: XrayView | null
    readonly cachedTokens: number | null
    readonly summary: string
  },
) {
  const { prompt, view, isEditing } = props
  const isHeld = useAppStore((state) => hasRules(state.callRules))
  const [showsWhitespace, setShowsWhitespace] = useState(false)
  const counted = useAppStore((state) => state.countedPrompt)
  const isIdle = useAppStore((state) => state.turn.type === 'idle')
  const countPrompt = useAppStore((state) => state.countPrompt)
  const bosToken = useAppStore((state) => state.engineInfo?.bosToken ?? '')
  const eosToken = useAppStore((state) => state.engineInfo?.eosToken ?? '')
  const openDialog = useAppStore((state) => state.openDialog)
  const marks = { specialTexts: [bosToken, eosToken], whitespace: showsWhitespace }
  useEffect(() => void countPrompt(prompt), [countPrompt, prompt, isIdle])
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
        <Button size="sm" tone="ghost" aria-expanded={isEditing} onClick={props.onEdit}>
          <Pencil />
          Edit template
        </Button>
        <IconButton label="Show code" size="sm" onClick={() => openDialog('code')}>
          <Code />
        </IconButton>
        <CopyButton label="Copy prompt" text={() => prompt} />
      </div>
      <div className="max-h-[55%] shrink-0 overflow-y-auto">
        {isEditing && <TemplatePanel />}
        <PromptFindings />
        {view ? (
          <>
            <ContextBar view={view} counted={counted} cachedTokens={props.cachedTokens} />
            <XrayNotes view={view} />
            <XrayOutline view={view} />
          </>
        ) : (
          <p className="border-b border-line px-3 py-1.5 text-xs text-ink-muted">
            Settings, tools or template are no longer those of this prompt, so its parts cannot be
            told.
          </p>
        )}
        <Notes />
        {isHeld && (
          <Suspense fallback={null}>
            <GrammarNote />
          </Suspense>
        )}
      </div>
      <ExactTextFrame label="Prompt" length={prompt.length}>
        {(shownLength) =>
          view ? (
            <XrayText view={view} shownLength={shownLength} marks={marks} />
          ) : (
            <ExactText text={prompt.slice(0, shownLength)} marks={marks} />
          )
        }
      </ExactTextFrame>
    </>
  )
}

/** Where the parts are less than sure, and what of the conversation is not in the prompt as it was given. */
function XrayNotes({ view }: { readonly view: XrayView }) {
  const { certainty, missing, changed } = view
  const notes = [
    certainty === 'statements' &&
      'The template compares or measures its texts, so each part is all that it prints for one message.',
    certainty === 'none' && 'The template prints another text at each run: its parts are unknown.',
    missing.length > 0 && `Given, but not in the prompt: ${missing.join(', ')}.`,
    changed.length > 0 && `Printed otherwise than given: ${changed.join(', ')}.`,
  ].filter((note) => note !== false)
  return notes.map((note) => (
    <p key={note} className="border-b border-line bg-info-soft px-3 py-1.5 text-xs text-info">
      {note}
    </p>
  ))
}

/** How the text is made with the settings as they are now. */
function Notes() {
  const preview = useAppStore(selectPromptPreview)
  const shape = useAppStore(selectToolShape)
  const isEdited = useAppStore((state) => selectModelSettings(state).chatTemplate !== null)
  if (!preview?.built) return null
  return (
    <dl className="grid shrink-0 grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 border-b border-line bg-sunken px-3 py-2 text-xs">
      <Note name="Template">{templateText(preview.built, preview.problem, isEdited)}</Note>
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

function templateText(built: BuiltPrompt, problem: UserMessage | null, isEdited: boolean): string {
  if (built.templateUsed === 'model') return isEdited ? 'edited by you' : "the model's own"
  return problem ? `Callground's fallback. ${problem.title}` : "Callground's fallback"
}
