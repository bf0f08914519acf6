import type { DeviceFacts } from '../core/gguf/fit.ts'
import type { ModelFiles } from '../core/gguf/model-files.ts'
import type { Result } from '../core/lib/result.ts'
import type { TokenizerProblem } from '../core/tokenizer/create-tokenizer.ts'
import type { Machine } from '../engine/choose-backend.ts'
import type { Engine, EngineError, LoadProgress, LoadRequest } from '../engine/engine.ts'
import type { PromptTokenizer } from '../engine/open-tokenizer.ts'
import type { WebllmSupport } from '../engine/webllm-support.ts'
import type { BuiltInModelError } from '../hub/built-in-model.ts'
import type { Downloads } from '../hub/downloads.ts'
import type { HubClient } from '../hub/hub-client.ts'
import type { LocalModelError } from '../hub/local-model.ts'
import type { MlcModels } from '../hub/mlc-models.ts'
import type { ModelStore } from '../hub/model-store.ts'
import type { Machinery } from '../session/machinery.ts'
import type { Database } from './database.ts'

/** Everything the store needs from outside, so that it runs in Node as it does in the page. */
export type AppDeps = {
  readonly createEngine: (
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ) => Promise<Result<Engine, EngineError>>
  /** The tokenizer of a model, for counting without its engine. */
  readonly openTokenizer: (files: ModelFiles) => Promise<Result<PromptTokenizer, TokenizerProblem>>
  /** Rejects when it cannot be fetched; may be asked again. */
  readonly loadMachinery: () => Promise<Machinery>
  readonly openLocalModel: (files: readonly File[]) => Promise<Result<ModelFiles, LocalModelError>>
  readonly fetchBuiltInModel: (
    onProgress: (doneBytes: number, totalBytes: number | null) => void,
    signal: AbortSignal,
  ) => Promise<Result<File, BuiltInModelError>>
  /** Loads what talks to the Hub and keeps models; called once. Rejects when it cannot be fetched. */
  readonly openHub: (settings: HubSettings) => Promise<Hub>
  /** What this machine has, for telling whether a model fits. */
  readonly readDevice: () => Promise<DeviceFacts>
  /** What decides where a model computes. Asking wakes the GPU's process. */
  readonly readMachine: () => Promise<Machine>
  /** What WebLLM can use of this machine's GPU. */
  readonly readWebllmSupport: () => Promise<WebllmSupport>
  /** Whether the page came by https, which limits what it may ask. */
  readonly isSecurePage: boolean
  readonly nowMs: () => number
  /** A new id, unique among all tabs. */
  readonly newId: () => string
  /** Runs `task` before the next paint, or soon when the page is hidden. Returns what cancels it. */
  readonly requestFrame: (task: () => void) => () => void
  /** Runs `task` after `delayMs`. Returns what cancels it. */
  readonly setTimer: (task: () => void, delayMs: number) => () => void
  /** Rejects where the browser forbids storage: the app then works in memory. */
  readonly openDatabase: () => Promise<Database>
  /** Small values that must be there before the first paint. */
  readonly keyValues: KeyValues
  /** Like `keyValues`, for this tab alone and until it is closed. */
  readonly sessionValues: Pick<KeyValues, 'read' | 'write'>
  readonly channel: TabChannel
  /** Calls `listener` when the page may be about to go away. Returns what unsubscribes. */
  readonly onPageHidden: (listener: () => void) => () => void
}

/** The hub layer as the store uses it. */
export type Hub = {
  readonly client: HubClient
  readonly downloads: Downloads
  readonly models: ModelStore
  readonly mlc: MlcModels
}

/** What the hub layer asks for whenever it needs it. */
export type HubSettings = {
  readonly baseUrl: () => string
  /** The token for this origin; null when there is none, or it belongs to another one. */
  readonly token: (origin: string) => string | null
}

/** A synchronous string store that all tabs share, such as localStorage. Never throws. */
export type KeyValues = {
  readonly read: (key: string) => string | null
  /** False when the value could not be kept. */
  readonly write: (key: string, value: string | null) => boolean
  /** Another tab wrote `key`. */
  readonly subscribe: (listener: (key: string, value: string | null) => void) => () => void
}

/** What tabs tell each other: only where to look, never the data. */
export type TabMessage =
  | { readonly type: 'tools-saved' }
  | { readonly type: 'conversation-saved'; readonly conversationId: string }
  | { readonly type: 'conversation-deleted'; readonly conversationId: string }

export type TabChannel = {
  readonly post: (message: TabMessage) => void
  /** Messages of other tabs, unchecked. */
  readonly subscribe: (listener: (message: unknown) => void) => () => void
}
