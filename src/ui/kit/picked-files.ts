import type { PickedFile } from '../../store/state.ts'

/** Deep enough for `publisher/repository/model.gguf` and for the Hub's own cache; a whole disk would take minutes. */
const MOST_DEPTH = 4

/** Files of a plain file field: nothing leads back to them. Those of a folder know their place in it. */
export function plainFiles(files: Iterable<File>): readonly PickedFile[] {
  return [...files].map((file) => ({
    file,
    path: file.webkitRelativePath.slice(file.webkitRelativePath.indexOf('/') + 1) || file.name,
    handle: null,
  }))
}

export function isModelFile(name: string): boolean {
  return /\.gguf$/i.test(name)
}

/** The GGUF files in a folder and those below it. `path` is prepended to the places of the files; empty or with a slash at its end. */
export async function modelFilesIn(
  folder: FileSystemDirectoryHandle,
  path = '',
): Promise<readonly PickedFile[]> {
  const files: PickedFile[] = []
  await readOrSkip(async () => {
    for await (const entry of folder.values()) {
      const place = path + entry.name
      if (entry.kind === 'directory') {
        if (isWorthALook(place)) files.push(...(await modelFilesIn(entry, `${place}/`)))
      } else if (isModelFile(entry.name)) {
        await readOrSkip(async () => {
          files.push({ file: await entry.getFile(), path: place, handle: entry })
        })
      }
    }
  })
  return files
}

/** Sticks have folders that belong to the system, and files may go meanwhile: neither may hide the others. */
async function readOrSkip(read: () => Promise<void>): Promise<void> {
  try {
    await read()
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause
  }
}

function isWorthALook(path: string): boolean {
  const names = path.split('/')
  const name = names.at(-1) ?? ''
  return names.length < MOST_DEPTH && !name.startsWith('.') && name !== 'node_modules'
}

/** Chromium's part of dropping, which the types of the DOM leave out. */
type ItemWithHandle = DataTransferItem & {
  readonly getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>
}

/**
 * What was dropped: files of any kind, and of folders the GGUF files in them.
 *
 * To be called while the event is handled: its items are gone afterwards.
 */
export async function droppedFiles(data: DataTransfer): Promise<readonly PickedFile[]> {
  const items = [...data.items].filter(({ kind }) => kind === 'file')
  const isOne = items.length === 1
  const found = await Promise.all(
    items.map((item: ItemWithHandle) => {
      const file = item.getAsFile()
      const entry = item.webkitGetAsEntry()
      const handle = item.getAsFileSystemHandle?.() ?? null
      return filesOf({ file, entry, handle, isOne })
    }),
  )
  return found.flat()
}

async function filesOf(item: {
  readonly file: File | null
  readonly entry: FileSystemEntry | null
  readonly handle: Promise<FileSystemHandle | null> | null
  readonly isOne: boolean
}): Promise<readonly PickedFile[]> {
  const { file, entry } = item
  const handle = await handleOf(item.handle)
  if (isFolder(handle)) return modelFilesIn(handle, item.isOne ? '' : `${handle.name}/`)
  if (entry && isFolderEntry(entry))
    return modelFilesBelow(entry, item.isOne ? '' : `${entry.name}/`)
  return file ? [{ file, path: file.name, handle: isFile(handle) ? handle : null }] : []
}

/** None for what no disk has, such as an image dragged from a page. */
async function handleOf(
  asked: Promise<FileSystemHandle | null> | null,
): Promise<FileSystemHandle | null> {
  try {
    return await asked
  } catch (cause) {
    if (cause instanceof DOMException) return null
    throw cause
  }
}

function isFolder(handle: FileSystemHandle | null): handle is FileSystemDirectoryHandle {
  return handle?.kind === 'directory'
}

function isFile(handle: FileSystemHandle | null): handle is FileSystemFileHandle {
  return handle?.kind === 'file'
}

function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

/** As `modelFilesIn`, for browsers that drop folders without handles. */
async function modelFilesBelow(
  folder: FileSystemDirectoryEntry,
  path: string,
): Promise<readonly PickedFile[]> {
  const files: PickedFile[] = []
  await readOrSkip(async () => {
    for (const entry of await entriesOf(folder)) {
      const place = path + entry.name
      if (isFolderEntry(entry)) {
        if (isWorthALook(place)) files.push(...(await modelFilesBelow(entry, `${place}/`)))
      } else if (isFileEntry(entry) && isModelFile(entry.name)) {
        await readOrSkip(async () => {
          const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
          files.push({ file, path: place, handle: null })
        })
      }
    }
  })
  return files
}

/** A reader gives its entries in parts, and an empty one at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader()
  const entries: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (part.length === 0) return entries
    entries.push(...part)
  }
}
