import type { DownloadError, DownloadRequest } from '../download-state.ts'
import { diskNames, FILES_FOLDER } from '../store/layout.ts'
import { isMissing } from '../store/opfs.ts'

/** Left to the rest of the app: conversations and settings must still be kept when the models fill the quota. */
const RESERVE_BYTES = 16 * 2 ** 20

/** What is missing to hold all files of `request`, of which some may be in `folder` already; null when it fits. */
export async function findSpaceError(
  folder: FileSystemDirectoryHandle,
  request: DownloadRequest,
): Promise<DownloadError | null> {
  const space = await measure(folder, request)
  return space && space.missingBytes > 0 ? { kind: 'no-space', ...space } : null
}

/** The browser has just refused to store more, whatever it said before. */
export async function outOfSpace(
  folder: FileSystemDirectoryHandle,
  request: DownloadRequest,
): Promise<DownloadError> {
  const space = await measure(folder, request)
  return { kind: 'no-space', ...(space ?? { neededBytes: 0, availableBytes: 0, missingBytes: 0 }) }
}

async function measure(folder: FileSystemDirectoryHandle, request: DownloadRequest) {
  const { quota, usage } = await navigator.storage.estimate()
  if (quota === undefined || usage === undefined) return null
  const presentBytes = await presentSize(folder, request)
  const sizeBytes = request.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const neededBytes = Math.max(0, sizeBytes - presentBytes)
  const availableBytes = Math.max(0, quota - usage - RESERVE_BYTES)
  const missingBytes = Math.max(0, neededBytes - availableBytes)
  return { neededBytes, availableBytes, missingBytes: neededBytes === 0 ? 0 : missingBytes }
}

/** Files are made in their full size before the first byte arrives, so their size is what they use already. */
async function presentSize(
  folder: FileSystemDirectoryHandle,
  { files }: DownloadRequest,
): Promise<number> {
  try {
    const inside = await folder.getDirectoryHandle(FILES_FOLDER)
    const sizes = await Promise.all(
      diskNames(files.map(({ path }) => path)).map((name) => sizeOf(inside, name)),
    )
    return sizes.reduce((sum, size) => sum + size, 0)
  } catch (cause) {
    if (isMissing(cause)) return 0
    throw cause
  }
}

async function sizeOf(folder: FileSystemDirectoryHandle, name: string): Promise<number> {
  try {
    return (await (await folder.getFileHandle(name)).getFile()).size
  } catch (cause) {
    if (isMissing(cause)) return 0
    throw cause
  }
}
