type FolderPicker = (options: {
  readonly id: string
  readonly mode: 'read' | 'readwrite'
}) => Promise<FileSystemDirectoryHandle>

/** Only Chromium lets a page use a folder of the user's. */
function folderPicker(): FolderPicker | null {
  const { showDirectoryPicker } = window as { readonly showDirectoryPicker?: FolderPicker }
  return showDirectoryPicker?.bind(window) ?? null
}

export function canPickFolder(): boolean {
  return folderPicker() !== null
}

/** Null when the user chose none. */
export async function pickFolder(
  mode: 'read' | 'readwrite',
): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await folderPicker()?.({ id: 'models', mode })) ?? null
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') return null
    throw cause
  }
}

/** A stick has its models at the top or one folder below. */
const MOST_DEPTH = 2

export async function modelFilesIn(
  folder: FileSystemDirectoryHandle,
  depth = 1,
): Promise<readonly File[]> {
  const files: File[] = []
  for await (const entry of folder.values()) {
    if (entry.kind === 'file') {
      if (/\.gguf$/i.test(entry.name)) files.push(await entry.getFile())
    } else if (depth < MOST_DEPTH) files.push(...(await modelFilesIn(entry, depth + 1)))
  }
  return files
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
