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

function hasSyncAccess(handle: FileSystemFileHandle): handle is FileSystemFileHandle & SyncHandle {
  return 'createSyncAccessHandle' in handle
}
