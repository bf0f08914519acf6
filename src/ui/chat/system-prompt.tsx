import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import type { InstructionSource } from '../../core/template/build-prompt.ts'
import { selectInstruction, selectModelSettings } from '../../store/selectors.ts'
import { Badge, type Tone } from '../kit/badge.tsx'
import { classNames } from '../kit/class-names.ts'
import { INPUT_CLASS } from '../kit/field.tsx'
import { Switch } from '../kit/switch.tsx'
import { useAppStore } from '../use-app-store.ts'

const IN_FORCE: Readonly<
  Record<InstructionSource, { readonly label: string; readonly tone: Tone; readonly why: string }>
> = {
  'from-template': {
    label: 'from the template',
    tone: 'good',
    why: "The model's own template still says how to write calls.",
  },
  'kept-by-us': {
    label: 'kept by Callground',
    tone: 'good',
    why: "The template drops it for a system prompt of your own, so Callground puts the model's own text back.",
  },
  dropped: {
    label: 'dropped by the template',
    tone: 'warn',
    why: 'The template drops it for a system prompt of your own: the model is not told how to write calls.',
  },
  'added-by-us': {
    label: 'written by Callground',
    tone: 'info',
    why: "The template knows nothing of tools, so Callground's own text says how to write calls.",
  },
  none: { label: 'none', tone: 'neutral', why: 'No tool is on, so there is nothing to instruct.' },
}

/** The system prompt, folded to one line, and which format instruction is in force beside it. */
export function SystemPrompt() {
  const systemPrompt = useAppStore((state) => state.systemPrompt)
  const setSystemPrompt = useAppStore((state) => state.setSystemPrompt)
  const [isOpen, setIsOpen] = useState(false)
  const id = useId()
  const firstLine = systemPrompt.trim().split('\n', 1)[0] ?? ''
  return (
    <div className="shrink-0 border-b border-line">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        className="flex w-full min-w-0 items-center gap-1.5 px-3 py-1.5 text-left text-xs text-ink-muted hover:text-ink"
      >
        <ChevronRight
          aria-hidden
          className={classNames('size-3.5 shrink-0 transition-transform', isOpen && 'rotate-90')}
        />
        <span className="shrink-0 font-medium">System prompt:</span>
        <span className="truncate">{firstLine === '' ? 'none' : firstLine}</span>
      </button>
      {isOpen && (
        <div id={id} className="grid gap-2 px-3 pb-3">
          <textarea
            aria-label="System prompt"
            value={systemPrompt}
            rows={Math.min(8, Math.max(3, systemPrompt.split('\n').length))}
            placeholder="What the model is told before the conversation. Empty: the template's own text, if it has one."
            className={classNames(INPUT_CLASS, 'max-h-60 resize-y field-sizing-content')}
            onChange={(event) => setSystemPrompt(event.target.value)}
          />
          {firstLine !== '' && <InstructionInForce />}
        </div>
      )}
    </div>
  )
}

function InstructionInForce() {
  const instruction = useAppStore(selectInstruction)
  const keepInstruction = useAppStore((state) => selectModelSettings(state).keepInstruction)
  const changeModelSettings = useAppStore((state) => state.changeModelSettings)
  if (instruction === null) return null
  const inForce = IN_FORCE[instruction]
  return (
    <div className="grid gap-1.5 text-xs text-ink-muted">
      <p className="flex flex-wrap items-center gap-2">
        <span>Format instruction:</span>
        <Badge tone={inForce.tone}>{inForce.label}</Badge>
      </p>
      <p>{inForce.why}</p>
      {(instruction === 'kept-by-us' || instruction === 'dropped') && (
        <div className="flex items-center gap-2">
          <Switch
            size="sm"
            label="Keep the instruction"
            checked={keepInstruction}
            onChange={(keep) => changeModelSettings({ keepInstruction: keep })}
          />
          <span>Keep the instruction</span>
        </div>
      )}
    </div>
  )
}
