import { err, ok, type Result } from '../core/lib/result.ts'

/** What a file was when it was opened. */
export type KnownFile = {
  /** Below the folder that was chosen; else its name. */
  readonly path: string
  readonly sizeBytes: number
  /** Since 1970. */
  readonly modifiedAtMs: number
}

/** Why files cannot be had again. `file` is a path as in `KnownFile`. */
export type ReopenError =
  /** Nothing leads back to them: the browser gave no handles, or they are not stored any more. */
  | { readonly kind: 'lost' }
  /** The browser wants to ask the user first, which only a click lets it. */
  | { readonly kind: 'needs-permission' }
  | { readonly kind: 'refused' }
  /** Moved, renamed, deleted, or on a disk that is not there. */
  | { readonly kind: 'gone'; readonly file: string }
  | {
      readonly kind: 'changed'
      readonly file: string
      readonly oldSizeBytes: number
      readonly newSizeBytes: number
    }
  | { readonly kind: 'unreadable'; readonly file: string; readonly detail: string }
  | { readonly kind: 'aborted' }

export type ReopenRequest = {
  /** As read from storage: anything. */
  readonly handles: unknown
  readonly files: readonly KnownFile[]
  /** `request` shows the browser's question, and needs a click of the user just before. */
  readonly permission: 'query' | 'request'
}

/** Files that were opened before, by their handles, in the same order: all of them, and just as they were. */
export async function reopenFiles(
  { handles, files, permission }: ReopenRequest,
  signal: AbortSignal,
): Promise<Result<readonly File[], ReopenError>> {
  const known = readHandles(handles)
  if (known.length === 0 || known.length !== files.length) return err({ kind: 'lost' })
  const refusal = await askFor(known, permission)
  if (refusal) return err(refusal)
  const opened: File[] = []
  for (const [index, handle] of known.entries()) {
    if (signal.aborted) return err({ kind: 'aborted' })
    const before = files[index]
    if (!before) return err({ kind: 'lost' })
    const file = await reopen(handle, before)
    if (!file.ok) return file
    opened.push(file.value)
  }
  return ok(opened)
}

async function reopen(
  handle: FileSystemFileHandle,
  { path, sizeBytes, modifiedAtMs }: KnownFile,
): Promise<Result<File, ReopenError>> {
  try {
    const file = await handle.getFile()
    const isSame = file.size === sizeBytes && file.lastModified === modifiedAtMs
    return isSame
      ? ok(file)
      : err({
          kind: 'changed',
          file: path,
          oldSizeBytes: sizeBytes,
          newSizeBytes: file.size,
        })
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause
    return err(
      cause.name === 'NotFoundError'
        ? { kind: 'gone', file: path }
        : { kind: 'unreadable', file: path, detail: cause.message },
    )
  }
}

/** Chromium's part of the File System Access API, which the types of the DOM leave out. */
type AskableHandle = FileSystemFileHandle & {
  readonly queryPermission?: (mode: { readonly mode: 'read' }) => Promise<PermissionState>
  readonly requestPermission?: (mode: { readonly mode: 'read' }) => Promise<PermissionState>
}

/** One after the other: the answer to one question often holds for all of the files. */
async function askFor(
  handles: readonly AskableHandle[],
  permission: ReopenRequest['permission'],
): Promise<ReopenError | null> {
  for (const handle of handles) {
    const state = (await handle.queryPermission?.({ mode: 'read' })) ?? 'granted'
    if (state === 'granted') continue
    if (permission === 'query') return { kind: 'needs-permission' }
    const answer = await request(handle)
    if (answer !== 'granted') return { kind: 'refused' }
  }
  return null
}

async function request(handle: AskableHandle): Promise<PermissionState> {
  try {
    return (await handle.requestPermission?.({ mode: 'read' })) ?? 'denied'
  } catch (cause) {
    // The click was too long ago for the browser.
    if (cause instanceof DOMException) return 'denied'
    throw cause
  }
}

function readHandles(value: unknown): readonly FileSystemFileHandle[] {
  return Array.isArray(value) && value.every(isFileHandle) ? value : []
}

function isFileHandle(value: unknown): value is FileSystemFileHandle {
  return (
    typeof value === 'object' &&
    value !== null &&
    'getFile' in value &&
    typeof value.getFile === 'function'
  )
}
