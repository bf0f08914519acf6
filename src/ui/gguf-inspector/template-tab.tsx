import { Braces, CircleHelp, FileQuestion } from 'lucide-react'
import { useEffect, useState } from 'react'
import { detectFormat } from '../../core/formats/all-formats.ts'
import type { ToolCallFormat } from '../../core/formats/format.ts'
import type { GgufHeader } from '../../core/gguf/gguf-header.ts'
import { Badge } from '../kit/badge.tsx'
import { CopyButton } from '../kit/copy-button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { formatCount } from '../kit/quantities.ts'
import { Switch } from '../kit/switch.tsx'
import { jinjaTokens, type JinjaTokenKind } from '../kit/jinja-tokens.ts'

/** Ten times the longest template known; the copy has all of it. */
const MOST_CHARACTERS = 200_000

const TOKEN_CLASSES: Readonly<Record<JinjaTokenKind, string>> = {
  text: '',
  comment: 'text-ink-muted italic',
  'statement-mark': 'text-info',
  'expression-mark': 'text-accent',
  keyword: 'font-semibold text-info',
  string: 'text-good',
  number: 'text-warn',
  code: 'text-ink-muted',
}

/** The Jinja templates in the file, and the tool call format that they speak. */
export function TemplateTab({ header }: { readonly header: GgufHeader }) {
  const [isToolUse, setIsToolUse] = useState(false)
  const [wraps, setWraps] = useState(true)
  const source = (isToolUse ? header.toolUseTemplate : header.chatTemplate) ?? null
  const hasBoth = header.chatTemplate !== null && header.toolUseTemplate !== null
  const shown = source ?? header.toolUseTemplate ?? header.chatTemplate
  if (shown === null) {
    return (
      <EmptyState icon={<FileQuestion />} title="No chat template">
        This file does not say how a conversation is to be written. A general template is used, and
        the tool call format has to be chosen by hand.
      </EmptyState>
    )
  }
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-line px-3 py-1.5">
        <DetectedFormat template={shown} />
        <span className="text-xs text-ink-muted tabular-nums">
          {`${formatCount(shown.length)} characters`}
        </span>
        <div className="ml-auto flex items-center gap-3">
          {hasBoth && <Toggle label="For tools" isOn={isToolUse} onChange={setIsToolUse} />}
          <Toggle label="Wrap lines" isOn={wraps} onChange={setWraps} />
          <CopyButton label="Copy the template" text={() => shown} />
        </div>
      </div>
      <pre
        role="region"
        aria-label="Chat template"
        tabIndex={0}
        className={`min-h-0 flex-1 overflow-auto p-3 font-mono text-xs leading-relaxed focus-visible:-outline-offset-2 ${wraps ? 'break-words whitespace-pre-wrap' : ''}`}
      >
        <Highlighted source={shown.slice(0, MOST_CHARACTERS)} />
        {shown.length > MOST_CHARACTERS && '…'}
      </pre>
    </>
  )
}

function DetectedFormat({ template }: { readonly template: string }) {
  const { format: detected, certain } = detectFormat(template)
  const found = useFoundFormat(certain ? null : template)
  const format = certain ? detected : found
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-2 text-xs text-ink-muted">
      Tool calls
      {format ? (
        <>
          <Badge tone="accent" icon={<Braces />}>
            {format.label}
          </Badge>
          {!certain && <Badge>Found by comparing what it prints</Badge>}
          <span className="min-w-0">{format.description}</span>
        </>
      ) : (
        <Badge tone="warn" icon={<CircleHelp />}>
          No format recognised
        </Badge>
      )}
    </span>
  )
}

/** How an unknown family writes calls, by what its template prints with and without them; null while it is not known. */
function useFoundFormat(template: string | null): ToolCallFormat | null {
  const [found, setFound] = useState<{ template: string; format: ToolCallFormat | null }>()
  useEffect(() => {
    if (template === null) return
    let isOver = false
    // With the template engine, which is fetched only for this.
    void import('../../core/template/find-format.ts').then(
      ({ findFormat }) => isOver || setFound({ template, format: findFormat(template) }),
      () => null,
    )
    return () => {
      isOver = true
    }
  }, [template])
  return found && found.template === template ? found.format : null
}

function Toggle(props: {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}) {
  return (
    <span className="flex items-center gap-1.5 text-xs text-ink-muted">
      <span aria-hidden>{props.label}</span>
      <Switch size="sm" label={props.label} checked={props.isOn} onChange={props.onChange} />
    </span>
  )
}

function Highlighted({ source }: { readonly source: string }) {
  return jinjaTokens(source).map(({ kind, text }, index) =>
    kind === 'text' ? (
      text
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- the tokens of one text have no other identity
      <span key={index} className={TOKEN_CLASSES[kind]}>
        {text}
      </span>
    ),
  )
}
