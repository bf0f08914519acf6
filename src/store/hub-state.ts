import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import type { ModelFiles } from '../core/gguf/model-files.ts'
import type { DeviceFacts } from '../core/gguf/fit.ts'
import type { WebllmSupport } from '../engine/webllm-support.ts'
import type { EndpointSlice } from './endpoint-state.ts'
import type { UserMessage } from './state.ts'
import type { Download } from '../hub/download-state.ts'
import type { License, RepoDetails, RepoSummary } from '../hub/hub-client.ts'
import type { MlcAddress } from '../hub/mlc-address.ts'
import type { CachedMlcModel } from '../hub/mlc-models.ts'
import type { ModelEntry, Leftover, Quota } from '../hub/model-store.ts'
import type { PickedFile } from './state.ts'

/** An error in words, with what leads on. */
export type HubMessage = {
  readonly title: string
  readonly advice: string
  readonly link: { readonly label: string; readonly url: string } | null
  readonly step: 'try-again' | 'enter-token' | 'check-source' | 'open-again' | 'free-space' | null
}

export type ModelsTab = 'running' | 'find' | 'webllm' | 'server' | 'downloads' | 'storage'

export type HubSearch =
  /** The recommended models are shown. */
  | { readonly type: 'idle' }
  | { readonly type: 'searching'; readonly query: string }
  | {
      readonly type: 'found'
      readonly query: string
      readonly models: readonly RepoSummary[]
      /** What to ask for to get more; null when these are all. */
      readonly next: string | null
      readonly more: 'idle' | 'loading' | { readonly failed: HubMessage }
    }
  | { readonly type: 'failed'; readonly query: string; readonly message: HubMessage }

export type OpenedRepo = {
  /** As it was asked for: `owner/name`, or with a revision and a path. */
  readonly asked: string
  /** `owner/name`. */
  readonly id: string
  readonly status:
    | { readonly type: 'opening' }
    | { readonly type: 'failed'; readonly message: HubMessage }
    | { readonly type: 'open'; readonly details: RepoDetails }
  /** The quantization that was asked for by its file or label. */
  readonly askedQuantization: string | null
  /** By the quantization's id. */
  readonly checks: Readonly<Record<string, HeaderCheck>>
}

/** What a header says before anything is downloaded. */
export type HeaderCheck =
  | { readonly type: 'reading' }
  | { readonly type: 'failed'; readonly message: HubMessage }
  /** Of every shard, in order. */
  | { readonly type: 'read'; readonly headers: readonly [GgufHeader, ...GgufHeader[]] }

/** What the inspector shows. */
export type Inspection = {
  readonly name: string
  readonly sizeBytes: number
  readonly target: InspectTarget
  /** Of a quantization: its check in `hubRepo` is the one that counts. */
  readonly check: HeaderCheck
}

/** What a repository's terms were when they were accepted: kept, so that they can be shown with the stored model. */
export type AcceptedTerms = { readonly license: License | null; readonly acceptedAtMs: number }

/** What is in the model store. */
export type Shelf = {
  readonly models: readonly ModelEntry[]
  readonly leftovers: readonly Leftover[]
  readonly quota: Quota | null
}

export type ShelfState =
  | { readonly type: 'unread' }
  | { readonly type: 'read'; readonly shelf: Shelf }
  | { readonly type: 'failed'; readonly message: HubMessage }

/** What can be told of a stored model before it is loaded: `problem` when it cannot be. */
export type StoredLook =
  | ({ readonly type: 'model' } & Pick<ModelFiles, 'name' | 'header' | 'sizeBytes'>)
  | { readonly type: 'problem'; readonly message: UserMessage }

/** What is being done with a stored model, by its id. */
export type StoreTask = {
  readonly kind: 'verify' | 'export' | 'delete'
  readonly doneBytes: number
  readonly totalBytes: number
}

export type ImportState =
  | { readonly type: 'idle' }
  | { readonly type: 'running'; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly type: 'failed'; readonly message: HubMessage }

/** One of several models that the user opened at once, to choose from. */
export type LocalChoice = {
  readonly name: string
  /** Below the folder that was chosen; empty at its top. */
  readonly folder: string
  readonly files: readonly PickedFile[]
  readonly sizeBytes: number
  /** Why it cannot be loaded; null when it can. */
  readonly problem: HubMessage | null
}

/** What is to be done with the user's own files. */
export type LocalPurpose = 'open' | 'inspect' | 'import'

export type LocalChoices = {
  readonly purpose: LocalPurpose
  /** Null while the files are looked at. */
  readonly models: readonly LocalChoice[] | null
}

/** MLC models, which WebLLM runs on the GPU. */
export type WebllmSlice = {
  /** What this machine's GPU can do; null until it was asked. */
  readonly webllmSupport: WebllmSupport | null
  /** Null until it was read. */
  readonly mlcShelf: readonly CachedMlcModel[] | null
  /** Asks for both. */
  readonly readWebllm: () => Promise<void>
  /** Accepts the terms of a model of WebLLM's own list: those of what it was converted from. */
  readonly acceptMlcTerms: (buildId: string) => void
  /** A build of WebLLM's own list. */
  readonly loadMlcBuild: (buildId: string) => Promise<void>
  /** Returns what is wrong with the address, or null when the load has begun. */
  readonly loadMlcAddress: (address: MlcAddress) => Promise<MlcAddressProblem | null>
  readonly deleteMlcModel: (modelUrl: string) => Promise<void>
}

export type MlcAddressProblem = { readonly field: keyof MlcAddress; readonly text: string }

export type InspectTarget =
  | { readonly type: 'running' }
  | { readonly type: 'stored'; readonly id: string }
  /** Of the user's own, of one model. */
  | { readonly type: 'local'; readonly files: readonly PickedFile[] }
  /** Of the repository that is open. */
  | { readonly type: 'quantization'; readonly id: string }

export type HubSlice = WebllmSlice &
  EndpointSlice & {
    readonly modelsTab: ModelsTab
    readonly showModels: (tab: ModelsTab) => void

    // Where from.
    /** Without a slash at the end. */
    readonly hubBaseUrl: string
    /** Returns what is wrong with it, or null when it is taken. */
    readonly setHubBaseUrl: (text: string) => Promise<HubMessage | null>
    /** The host that the token is for; null when there is none, or nothing was asked of the Hub yet. The token itself is not in the state. */
    readonly hubTokenHost: string | null
    /** Empty or null forgets it. Returns what is wrong with it, or null when it is taken. */
    readonly setHubToken: (token: string | null) => Promise<HubMessage | null>

    // Find.
    readonly hubQuery: string
    readonly hubSearch: HubSearch
    readonly hubRepo: OpenedRepo | null
    /** Null until it is known. */
    readonly device: DeviceFacts | null
    /** While the user types: words are searched for when they pause. */
    readonly setHubQuery: (text: string) => void
    /** Opens what names a repository, and searches for anything else. */
    readonly submitHubQuery: (text: string) => Promise<void>
    readonly loadMoreModels: () => Promise<void>
    readonly openRepo: (reference: string) => Promise<void>
    readonly closeRepo: () => void
    /** Reads the header of a quantization of the open repository. */
    readonly checkQuantization: (id: string) => Promise<void>
    readonly inspection: Inspection | null
    readonly inspect: (target: InspectTarget) => Promise<void>
    readonly closeInspection: () => void

    // Download.
    /** By `owner/name`. */
    readonly acceptedTerms: Readonly<Record<string, AcceptedTerms>>
    readonly downloads: readonly Download[]
    /** Accepts the terms of the open repository and downloads one of its quantizations. */
    readonly startDownload: (quantizationId: string) => Promise<void>
    readonly pauseDownload: (id: string) => void
    readonly resumeDownload: (id: string) => void
    readonly retryDownload: (id: string) => void
    readonly cancelDownload: (id: string) => void

    // Store.
    readonly shelf: ShelfState
    /** What the stored models' own files say, by id. */
    readonly storedLooks: Readonly<Record<string, StoredLook>>
    readonly storeTasks: Readonly<Record<string, StoreTask>>
    readonly storeProblems: Readonly<Record<string, HubMessage>>
    readonly importState: ImportState
    readonly refreshShelf: () => Promise<void>
    /** Opens the files of the stored models, without their weights. */
    readonly lookAtStored: () => Promise<void>
    readonly verifyModel: (id: string) => Promise<void>
    readonly cancelStoreTask: (id: string) => void
    readonly deleteModel: (id: string) => Promise<void>
    readonly exportModel: (id: string, folder: FileSystemDirectoryHandle) => Promise<void>
    /** The files, for browsers that can only save them one by one. */
    readonly storedFiles: (id: string) => Promise<readonly File[]>
    /** What the user has to choose from; null when there is nothing to choose. */
    readonly localChoices: LocalChoices | null
    /** Files of the user's: one model is used at once, several are shown to choose from. */
    readonly offerModelFiles: (files: readonly PickedFile[], purpose: LocalPurpose) => Promise<void>
    /** One of the choices, or none of them. */
    readonly chooseLocalModel: (choice: LocalChoice | null) => Promise<void>
    /** Stores files of the user's; as a quantization of the open repository they must be just its files. */
    readonly importModel: (files: readonly File[], quantizationId: string | null) => Promise<void>
    readonly cancelImport: () => void
    readonly deleteLeftover: (id: string) => Promise<void>
    readonly keepStorage: () => Promise<void>
  }
