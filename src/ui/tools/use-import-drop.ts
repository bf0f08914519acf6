import { useRef, useState, type ClipboardEvent, type DragEvent } from 'react'
import { useAppStoreApi } from '../use-app-store.ts'

/** Far above any set of tools; a larger file is something else. */
const MAX_FILE_BYTES = 4 * 2 ** 20

const isDefinitionFile = (file: File) => /\.(json|jsonc|txt)$/i.test(file.name)

/** Takes dropped files and text, and text pasted outside of a text field, as tool definitions. */
export function useImportDrop() {
  const store = useAppStoreApi()
  const [isOver, setIsOver] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  // Enter and leave come for every element on the way: the drag has left when as many have left as were entered.
  const depth = useRef(0)

  async function importFiles(files: readonly File[]) {
    setFailure(null)
    for (const file of files) {
      const text = await readFile(file)
      if (text.type === 'failed') setFailure(text.message)
      else store.getState().importTools(text.text)
    }
  }

  function leave() {
    depth.current = 0
    setIsOver(false)
  }

  return {
    isOver,
    failure,
    dismissFailure: () => setFailure(null),
    importFiles,
    /** For the pane's element. */
    dropProps: {
      onDragEnter: (event: DragEvent) => {
        if (!isAcceptable(event)) return
        depth.current += 1
        setIsOver(true)
      },
      onDragLeave: () => {
        if (depth.current > 0) depth.current -= 1
        if (depth.current === 0) setIsOver(false)
      },
      onDragOver: (event: DragEvent) => {
        if (isAcceptable(event)) event.preventDefault()
      },
      // Capture: the editor would insert the file's text at the pointer.
      onDropCapture: (event: DragEvent) => {
        leave()
        if (!isAcceptable(event)) return
        const files = [...event.dataTransfer.files]
        const text = event.dataTransfer.getData('text/plain')
        // Models are for the page.
        if (files.length > 0 ? !files.every(isDefinitionFile) : text.trim() === '') return
        event.preventDefault()
        event.stopPropagation()
        if (files.length > 0) void importFiles(files)
        else store.getState().importTools(text)
      },
      onPaste: (event: ClipboardEvent) => {
        if (isTextField(event.target)) return
        const files = [...event.clipboardData.files].filter(isDefinitionFile)
        const text = event.clipboardData.getData('text/plain')
        if (files.length === 0 && text.trim() === '') return
        event.preventDefault()
        if (files.length > 0) void importFiles(files)
        else store.getState().importTools(text)
      },
    },
  }
}

/** While dragging, only the kinds of things are known, not the names of files. Text over a text field is for the field. */
function isAcceptable(event: DragEvent): boolean {
  const { types } = event.dataTransfer
  return types.includes('Files') || (types.includes('text/plain') && !isTextField(event.target))
}

function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"]') !== null
  )
}

type ReadFile =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'failed'; readonly message: string }

async function readFile(file: File): Promise<ReadFile> {
  if (file.size > MAX_FILE_BYTES) {
    return {
      type: 'failed',
      message: `${file.name} is larger than 4 MB, so it is hardly a set of tools. Paste the part you need.`,
    }
  }
  try {
    return { type: 'text', text: await file.text() }
  } catch {
    return {
      type: 'failed',
      message: `${file.name} could not be read. Check that it still exists, or paste its text.`,
    }
  }
}
