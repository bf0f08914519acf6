import { unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, highlightSpecialChars, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { editorTheme } from './editor-theme.ts'

/** Lines that both texts have are folded away but for so many around each difference. */
const MARGIN_LINES = 3

/** How one text differs from another, in one column. Read-only; a new `key` is needed for other texts. */
export function TextDiff(props: {
  readonly label: string
  readonly original: string
  readonly text: string
}) {
  const { label, original, text } = props
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!host.current) return
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          highlightSpecialChars(),
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.lineWrapping,
          unifiedMergeView({
            original,
            mergeControls: false,
            syntaxHighlightDeletions: false,
            collapseUnchanged: { margin: MARGIN_LINES },
          }),
          editorTheme,
          EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label }),
        ],
      }),
    })
    return () => view.destroy()
  }, [label, original, text])
  return (
    <div
      ref={host}
      className="max-h-96 overflow-auto rounded-md border border-line bg-surface font-mono text-[12.5px]"
    />
  )
}
