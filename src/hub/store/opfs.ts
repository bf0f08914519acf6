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

/** Null when there is none. */
export async function findFolder(
  parent: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await parent.getDirectoryHandle(name)
  } catch (cause) {
    if (isMissing(cause)) return null
    throw cause
  }
}

/** Null when there is none. */
export async function findFile(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<File | null> {
  try {
    return await (await folder.getFileHandle(name)).getFile()
  } catch (cause) {
    if (isMissing(cause)) return null
    throw cause
  }
}
