/** What is needed of a `FileSystemSyncAccessHandle`: reads and writes at once, without a copy of the file. */
export type SyncFile = {
  read(into: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number
  truncate(sizeBytes: number): void
  getSize(): number
  flush(): void
  close(): void
}

type SyncHandle = { createSyncAccessHandle(): Promise<SyncFile> }

/** The browser takes a moment to free the file of a tab that died. */
const OPEN_ATTEMPTS = 50
const OPEN_PAUSE_MS = 100

/** Opens a file for this worker alone; waits a little where another one still has it. Throws when it stays so. */
export async function openSyncFile(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<SyncFile> {
  const handle = await folder.getFileHandle(name, { create: true })
  if (!hasSyncAccess(handle)) throw new Error('This browser has no synchronous file access.')
  for (let attempt = 1; ; attempt++) {
    try {
      return await handle.createSyncAccessHandle()
    } catch (cause) {
      const isTaken = cause instanceof Error && cause.name === 'NoModificationAllowedError'
      if (!isTaken || attempt === OPEN_ATTEMPTS) throw cause
    }
    await new Promise((resolve) => setTimeout(resolve, OPEN_PAUSE_MS))
  }
}

/** `name` may hold slashes. */
export async function openFolder(
  root: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle> {
  let folder = root
  for (const part of name.split('/'))
    folder = await folder.getDirectoryHandle(part, { create: true })
  return folder
}

export async function hasFile(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name)
    return true
  } catch (cause) {
    if (isMissing(cause)) return false
    throw cause
  }
}

/** Replaced as a whole when it is closed, so that a crash leaves the old content or the new. */
export async function writeWhole(
  folder: FileSystemDirectoryHandle,
  name: string,
  text: string,
): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true })
  const writable = await handle.createWritable()
  await writable.write(text)
  await writable.close()
}

/** What is not there any more is as good as removed. */
export async function removeEntry(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await folder.removeEntry(name, { recursive: true })
  } catch (cause) {
    if (!isMissing(cause)) throw cause
  }
}

export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'NotFoundError'
}

export function isOutOfSpace(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'QuotaExceededError'
}

function hasSyncAccess(handle: FileSystemFileHandle): handle is FileSystemFileHandle & SyncHandle {
  return 'createSyncAccessHandle' in handle
}
