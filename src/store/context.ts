import type { ConversationId } from '../core/chat/transcript.ts'
import type { ModelFiles } from '../core/gguf/model-files.ts'
import type { Result } from '../core/lib/result.ts'
import type { MlcModel, MlcModelFacts } from '../core/mlc/mlc-model.ts'
import type { Engine, EngineError, LoadOptions, LoadRequest } from '../engine/engine.ts'
import type { MlcOrigin } from '../hub/mlc-catalog.ts'
import type { AppDeps } from './deps.ts'
import type { SavedConversation } from './persist-chat.ts'
import type { AppState, Notice, UserMessage } from './state.ts'

export type NewNotice = Pick<Notice, 'tone' | 'title' | 'advice'>

export type NoticeAction = { readonly label: string; readonly run: () => void }

/** What the slices share: the state, and what must not be in it (engines, timers, undo closures). */
export type StoreContext = {
  readonly deps: AppDeps
  readonly get: () => AppState
  readonly set: (change: Partial<AppState>) => void
  /** Posts a notice; with `undo` it can be taken back from there. */
  readonly notify: (notice: NewNotice, undo?: () => void) => void
  /** Posts a notice with a button. */
  readonly offer: (notice: NewNotice, action: NoticeAction) => void
  /** Tells screen readers. */
  readonly announce: (text: string) => void
  readonly engines: EngineAccess
  readonly conversations: ConversationAccess
}

/** The running engine, for who wants to generate. */
export type EngineAccess = {
  /** The running engine; waits while one is being loaded. A text says why there is none. */
  readonly acquire: (signal: AbortSignal) => Promise<AcquiredEngine>
  /** The running engine, if there is one now. */
  readonly running: () => Engine | null
  /** An engine died in use: it is let go, and the state says so. */
  readonly reportDeath: (engine: Engine, error: EngineError) => void
}

/** The model store, as far as loading needs it. */
export type StoredModelAccess = {
  readonly files: (id: string) => Promise<Result<readonly File[], UserMessage>>
  /** Notes that it was used now. */
  readonly touch: (id: string) => Promise<void>
}

/** What is to be loaded, whatever runs it. */
export type LoadableModel = {
  readonly name: string
  readonly sizeBytes: number
  /** Null for a model that is not in GGUF files. */
  readonly files: ModelFiles | null
  readonly trainedContextLength: number | null
  readonly request: (options: LoadOptions) => LoadRequest
}

/** MLC models, as far as loading needs them: fetches and checks what is not here yet. */
export type OpenMlcModel = (
  model: MlcModel & MlcOrigin,
  onProgress: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
) => Promise<Result<MlcModelFacts, UserMessage>>

export type AcquiredEngine =
  | { readonly type: 'engine'; readonly engine: Engine }
  | { readonly type: 'none'; readonly message: UserMessage }
  | { readonly type: 'aborted' }

/** Handles of the user's files, which only the database can keep. */
export type FileHandleAccess = {
  /** Replaces those that were kept before. */
  readonly keep: (id: string, handles: readonly FileSystemFileHandle[]) => Promise<void>
  /** What is kept under this id, unchecked; null when there is nothing. */
  readonly read: (id: string) => Promise<unknown>
}

export type ConversationAccess = {
  readonly read: (id: ConversationId) => Promise<SavedConversation | null>
  /** Returns what brings it back, or null when it could not be deleted. */
  readonly remove: (id: ConversationId) => Promise<(() => Promise<void>) | null>
}
