import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { unifiedMergeView } from '@codemirror/merge'
import { search, searchKeymap } from '@codemirror/search'
import { EditorState, RangeSetBuilder, StateField, type Extension } from '@codemirror/state'
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  type DecorationSet,
} from '@codemirror/view'
import { useEffect, useEffectEvent, useRef } from 'react'
import { jinjaTokens, type JinjaTokenKind } from '../jinja-tokens.ts'
import { editorTheme } from './editor-theme.ts'

export type TemplateEditorProps = {
  readonly label: string
  readonly value: string
  /** The text that changes are shown against; null shows none. */
  readonly original: string | null
  readonly onChange: (text: string) => void
}

const MARKS: Readonly<Record<JinjaTokenKind, Decoration | null>> = {
  text: null,
  comment: Decoration.mark({ class: 'text-ink-muted italic' }),
  'statement-mark': Decoration.mark({ class: 'text-info' }),
  'expression-mark': Decoration.mark({ class: 'text-accent' }),
  keyword: Decoration.mark({ class: 'font-semibold text-info' }),
  string: Decoration.mark({ class: 'text-good' }),
  number: Decoration.mark({ class: 'text-warn' }),
  code: Decoration.mark({ class: 'text-ink-muted' }),
}

function highlight(source: string): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  let at = 0
  for (const { kind, text } of jinjaTokens(source)) {
    const mark = MARKS[kind]
    if (mark) builder.add(at, at + text.length, mark)
    at += text.length
  }
  return builder.finish()
}

/** Templates are short (about 10 kB), so all of it is read again at each change. */
const highlighting = StateField.define<DecorationSet>({
  create: (state) => highlight(state.doc.toString()),
  update: (marks, transaction) =>
    transaction.docChanged ? highlight(transaction.newDoc.toString()) : marks,
  provide: (field) => EditorView.decorations.from(field),
})

/** A Jinja editor. A new `key` is needed for another `original`, or for a text that was changed from outside. */
export function TemplateEditor(props: TemplateEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const onChange = useEffectEvent((text: string) => props.onChange(text))
  const create = useEffectEvent(
    (parent: HTMLElement) =>
      new EditorView({
        parent,
        state: EditorState.create({
          doc: props.value,
          extensions: [
            extensions(props),
            EditorView.updateListener.of((update) => {
              if (update.docChanged) onChange(update.state.doc.toString())
            }),
          ],
        }),
      }),
  )
  useEffect(() => {
    if (!host.current) return
    const view = create(host.current)
    return () => view.destroy()
  }, [])
  return (
    <div ref={host} className="h-full min-h-0 overflow-hidden bg-surface font-mono text-[12.5px]" />
  )
}

function extensions({ label, original }: TemplateEditorProps): Extension {
  return [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    search({ top: true }),
    highlighting,
    original === null
      ? []
      : unifiedMergeView({ original, mergeControls: false, syntaxHighlightDeletions: false }),
    EditorView.lineWrapping,
    editorTheme,
    EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label }),
    keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap]),
  ]
}
