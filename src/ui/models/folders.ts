import type { PickedFile } from '../../store/state.ts'

type FolderPicker = (options: {
  readonly id: string
  readonly mode: 'read' | 'readwrite'
}) => Promise<FileSystemDirectoryHandle>

type FilePicker = (options: {
  readonly id: string
  readonly multiple: boolean
  readonly types: readonly {
    readonly description: string
    readonly accept: Readonly<Record<string, readonly string[]>>
  }[]
}) => Promise<readonly FileSystemFileHandle[]>

type Pickers = {
  readonly showDirectoryPicker?: FolderPicker
  readonly showOpenFilePicker?: FilePicker
}

/** One id: each dialog begins where the last one ended. */
const PICKER_ID = 'models'

/** Only Chromium lets a page use a folder of the user's. */
function folderPicker(): FolderPicker | null {
  return (window as Pickers).showDirectoryPicker?.bind(window) ?? null
}

export function canPickFolder(): boolean {
  return folderPicker() !== null
}

/** Null when the user chose none. */
export async function pickFolder(
  mode: 'read' | 'readwrite',
): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await folderPicker()?.({ id: PICKER_ID, mode })) ?? null
  } catch (cause) {
    if (isCancelled(cause)) return null
    throw cause
  }
}

/** GGUF files with handles. Empty when the user chose none, and null where only a plain file field can ask. */
export async function pickModelFiles(): Promise<readonly PickedFile[] | null> {
  const pick = (window as Pickers).showOpenFilePicker?.bind(window)
  if (!pick) return null
  try {
    const types = [
      { description: 'GGUF models', accept: { 'application/octet-stream': ['.gguf'] } },
    ]
    const handles = await pick({ id: PICKER_ID, multiple: true, types })
    return await Promise.all(
      handles.map(async (handle) => ({ file: await handle.getFile(), path: handle.name, handle })),
    )
  } catch (cause) {
    if (isCancelled(cause)) return []
    // A frame of another page may not show this dialog, but a plain one.
    if (cause instanceof DOMException) return null
    throw cause
  }
}

function isCancelled(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError'
}

/** Saves files where the browser puts downloads: for browsers that let no page use a folder. */
export function saveFiles(files: readonly File[]): void {
  for (const file of files) {
    const url = URL.createObjectURL(file)
    const link = document.createElement('a')
    link.href = url
    link.download = file.name
    link.click()
    // Once it has begun the browser holds the file itself.
    setTimeout(() => URL.revokeObjectURL(url), SAVE_STARTED_MS)
  }
}

const SAVE_STARTED_MS = 60_000
