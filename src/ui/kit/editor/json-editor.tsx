import { Component, lazy, Suspense, useRef, type ReactNode } from 'react'
import type { CodeEditorProps } from './code-editor.tsx'

const CodeEditor = lazy(async () => ({ default: (await import('./code-editor.tsx')).CodeEditor }))

/**
 * A JSON editor that fills its parent: highlighting, marked problems, completion, documentation.
 *
 * CodeMirror is loaded when the first editor appears. Until then, or when it cannot be loaded, a plain text area takes
 * its place, and what is typed there is kept.
 */
export function JsonEditor(props: CodeEditorProps) {
  const plainHasFocus = useRef(false)
  const plain = (
    <textarea
      aria-label={props.label}
      aria-describedby={props.describedBy}
      value={props.value}
      readOnly={props.readOnly ?? false}
      placeholder={props.placeholder}
      spellCheck={false}
      onChange={(event) => props.onChange(event.target.value)}
      onFocus={() => (plainHasFocus.current = true)}
      onBlur={() => (plainHasFocus.current = false)}
      className="block h-full w-full resize-none bg-surface px-3 py-2 font-mono text-[12.5px]/[1.6]"
    />
  )
  return (
    <LoadBoundary fallback={plain}>
      <Suspense fallback={plain}>
        <CodeEditor
          {...props}
          shouldFocus={() => plainHasFocus.current || (props.shouldFocus?.() ?? false)}
        />
      </Suspense>
    </LoadBoundary>
  )
}

type BoundaryProps = { readonly fallback: ReactNode; readonly children: ReactNode }

/** Shows the fallback when the editor's code could not be loaded, such as offline before it was cached. */
class LoadBoundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
