import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { linter, nextDiagnostic, previousDiagnostic, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import {
  Annotation,
  Compartment,
  EditorState,
  Transaction,
  type Extension,
} from '@codemirror/state'
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
  tooltips,
} from '@codemirror/view'
import {
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  type DragEvent,
  type Ref,
} from 'react'
import type { EditorProblem } from './editor-problem.ts'
import { editorTheme } from './editor-theme.ts'
import { jsonAssist } from './json-assist.ts'
import { jsonLanguage } from './json-language-client.ts'
import type { JsonKind } from './json-language-protocol.ts'
import { textChange } from './text-change.ts'

export type CodeEditorProps = {
  /** The accessible name. */
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  /** What completion and documentation know about. Fixed for the life of the editor. */
  readonly kind: JsonKind
  readonly problems?: readonly EditorProblem[]
  readonly readOnly?: boolean
  readonly placeholder?: string
  /** The id of an element that describes the editor. */
  readonly describedBy?: string
  readonly lineNumbers?: boolean
  /** Asked once, when the editor appears. */
  readonly shouldFocus?: () => boolean
  readonly onSubmit?: () => void
  readonly handleRef?: Ref<CodeEditorHandle>
}

export type CodeEditorHandle = {
  readonly focus: () => void
  /** Moves the cursor there, into view, and focuses the editor. */
  readonly goTo: (offset: number) => void
  /** Sets the text out, as far as it is JSON. */
  readonly format: () => Promise<void>
}

/** Marks a change that came from outside, which must not be reported back. */
const fromOutside = Annotation.define<boolean>()

/** The CodeMirror editor. Import `JsonEditor` instead: it loads this one when it is needed. */
export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const viewRef = useRef<EditorView | null>(null)
  const attributes = useRef(new Compartment())

  const onChange = useEffectEvent((text: string) => props.onChange(text))
  const onSubmit = useEffectEvent(() => {
    props.onSubmit?.()
    return props.onSubmit !== undefined
  })
  const create = useEffectEvent((parent: HTMLElement) => {
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: props.value,
        extensions: [
          keymap.of([{ key: 'Mod-Enter', run: () => onSubmit() }]),
          baseExtensions(props),
          attributes.current.of(attributeExtensions(props)),
          EditorView.updateListener.of((update) => {
            const isOurs = update.transactions.some((change) => change.annotation(fromOutside))
            if (update.docChanged && !isOurs) onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    if (props.shouldFocus?.()) view.focus()
    return view
  })

  useEffect(() => {
    if (!host.current) return
    const view = create(host.current)
    viewRef.current = view
    return () => {
      viewRef.current = null
      view.destroy()
    }
  }, [])

  useEffect(() => {
    const view = viewRef.current
    const changes = view ? textChange(view.state.doc.toString(), props.value) : null
    if (!view || !changes) return
    // Only the part that differs, so that the cursor and the selection stay where they are.
    view.dispatch({
      changes,
      annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)],
    })
  }, [props.value])

  const { label, describedBy, readOnly } = props
  useEffect(() => {
    viewRef.current?.dispatch({
      effects: attributes.current.reconfigure(
        attributeExtensions({ label, describedBy, readOnly }),
      ),
    })
  }, [label, describedBy, readOnly])

  const { problems } = props
  useEffect(() => {
    const view = viewRef.current
    if (!view) return
    view.dispatch(setDiagnostics(view.state, diagnostics(problems ?? [], view.state.doc.length)))
  }, [problems])

  useImperativeHandle(props.handleRef, () => ({
    focus: () => viewRef.current?.focus(),
    goTo: (offset) => {
      const view = viewRef.current
      if (!view) return
      const anchor = Math.min(offset, view.state.doc.length)
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
      })
      view.focus()
    },
    format: async () => {
      if (viewRef.current) await format(viewRef.current, props.kind)
    },
  }))

  return (
    <div
      ref={host}
      className="h-full min-h-0 overflow-hidden font-mono text-[12.5px]"
      onDropCapture={passFilesOn}
    />
  )
}

/** CodeMirror would insert a dropped file as text, whatever its size: files are for who is around the editor. */
function passFilesOn(event: DragEvent<HTMLElement>) {
  if (event.dataTransfer.files.length === 0) return
  event.preventDefault()
  event.stopPropagation()
  const { dataTransfer } = event
  event.currentTarget.parentElement?.dispatchEvent(
    new window.DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }),
  )
}

function baseExtensions(props: CodeEditorProps): Extension {
  const formatKey = {
    key: 'Shift-Alt-f',
    run: (view: EditorView) => {
      void format(view, props.kind)
      return true
    },
  }
  return [
    props.lineNumbers ? lineNumbers() : [],
    props.placeholder ? placeholder(props.placeholder) : [],
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    json(),
    jsonAssist(props.kind),
    // Problems are set from outside; this only switches their marks and tooltips on.
    linter(null),
    tooltips({ position: 'fixed', parent: document.body }),
    EditorView.lineWrapping,
    editorTheme,
    // No binding for Tab: it leaves the editor.
    keymap.of([
      formatKey,
      { key: 'F8', run: nextDiagnostic, shift: previousDiagnostic },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
  ]
}

function attributeExtensions(props: {
  readonly label: string
  readonly describedBy?: string | undefined
  readonly readOnly?: boolean | undefined
}): Extension {
  return [
    EditorState.readOnly.of(props.readOnly ?? false),
    EditorView.contentAttributes.of({
      // Editable content can be tabbed to anyway, but accessibility checkers look for it.
      tabindex: '0',
      'aria-label': props.label,
      ...(props.describedBy ? { 'aria-describedby': props.describedBy } : {}),
      ...(props.readOnly ? { 'aria-readonly': 'true' } : {}),
    }),
  ]
}

/** Problems belong to a text that may be a keystroke old: their places are kept within the one that is shown. */
function diagnostics(problems: readonly EditorProblem[], length: number) {
  return problems.map(({ severity, message, span }) => ({
    severity,
    message,
    from: Math.min(span.start, length),
    to: Math.min(Math.max(span.start, span.end), length),
  }))
}

async function format(view: EditorView, kind: JsonKind) {
  if (view.state.readOnly) return
  const text = view.state.doc.toString()
  const edits = await jsonLanguage.ask({ type: 'format', kind, text })
  // Typed on meanwhile: the edits are for another text.
  if (!edits || view.state.doc.toString() !== text) return
  view.dispatch({
    changes: edits.map((edit) => ({ from: edit.span.start, to: edit.span.end, insert: edit.text })),
    userEvent: 'format',
  })
}
