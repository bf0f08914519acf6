import type { NodeId, ConversationId, Transcript } from '../core/chat/transcript.ts'
import type { ToolResult } from '../core/chat/message.ts'
import type { TokenAlternative } from '../core/chat/token-info.ts'
import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import type { ModelFiles } from '../core/gguf/model-files.ts'
import type { FormatId } from '../core/formats/format.ts'
import type { ParsedOutput } from '../core/formats/parsed-output.ts'
import type { Span } from '../core/lib/span.ts'
import type { JsonValue } from '../core/lib/json.ts'
import type { MlcModel } from '../core/mlc/mlc-model.ts'
import type { CannedResult, ToolDocument, ToolId, ToolShape } from '../core/tools/tool.ts'
import type { CallRules } from '../core/tools/tool-choice.ts'
import type { Machine } from '../engine/choose-backend.ts'
import type {
  EngineInfo,
  LoadOptions,
  LoadProgress,
  RemoteLoadRequest,
  SamplingParams,
} from '../engine/engine.ts'
import type { Capabilities } from '../engine/capabilities.ts'
import type { MlcOrigin } from '../hub/mlc-catalog.ts'
import type { KnownFile } from '../hub/reopen-files.ts'
import type { Machinery } from '../session/machinery.ts'
import type { CompareSlice } from './compare-slice.ts'
import type { GpuFailure } from '../engine/self-test.ts'
import type { EndpointSource } from './endpoint-state.ts'
import type { HubSlice } from './hub-state.ts'

/** What the user reads when something went wrong: what happened, then what to do next. */
export type UserMessage = { readonly title: string; readonly advice: string }

// --- model ---------------------------------------------------------------------------------------

export type ModelSource =
  | { readonly type: 'built-in' }
  | LocalSource
  | StoredSource
  | MlcSource
  | EndpointSource

/** A file of the user's, and what leads back to it after a reload. */
export type PickedFile = {
  readonly file: File
  /** Below the folder that was chosen or dropped; else its name. */
  readonly path: string
  /** Null where the browser gives none, as for a plain file field. */
  readonly handle: FileSystemFileHandle | null
}

/** Files of the user's own disk. */
export type LocalSource = {
  readonly type: 'local'
  /** Of the handles that the database keeps; null when nothing leads back to the files. */
  readonly handlesId: string | null
  readonly files: readonly KnownFile[]
}

/** What a reload loads again. */
export type LastLocalModel = LocalSource & {
  readonly name: string
  /** What is loaded in its place as long as its files cannot be had; null: the built-in model. */
  readonly before: StoredSource | null
}

/** A model of the model store. */
export type StoredSource = {
  readonly type: 'stored'
  readonly id: string
  /** `owner/name`; null for an import that belongs to no repository. */
  readonly repo: string | null
  readonly commit: string | null
  readonly quantization: string
}

/** An MLC model for WebLLM, by what it is loaded with. */
export type MlcSource = { readonly type: 'mlc'; readonly model: MlcModel & MlcOrigin }

/** What can be loaded again after a reload; null stands for the built-in model. */
export type LastModel = StoredSource | LastLocalModel | MlcSource | EndpointSource

export type ModelProgress =
  /** Fetching the model file, or reading and checking the header of a local one. */
  | { readonly phase: 'download'; readonly doneBytes: number; readonly totalBytes: number | null }
  | LoadProgress

export type ModelStatus =
  | { readonly type: 'none' }
  | {
      readonly type: 'loading'
      readonly name: string
      readonly progress: ModelProgress
      readonly startedAtMs: number
      /** Of a model in GGUF files, once they were opened: where it will compute can be told. */
      readonly opened: Pick<ModelFiles, 'name' | 'header' | 'sizeBytes'> | null
    }
  | { readonly type: 'ready' }
  | {
      readonly type: 'failed'
      readonly name: string
      readonly message: UserMessage
      readonly remedies: readonly LoadRemedy[]
    }

/** Another way to load what failed. */
export type LoadRemedy = { readonly label: string; readonly gpuLayers: number }

export type ModelSlice = {
  /** The latest load. A failed load leaves `engineInfo`, the running model, in place. */
  readonly modelStatus: ModelStatus
  readonly engineInfo: EngineInfo | null
  readonly capabilities: Capabilities | null
  readonly modelSource: ModelSource | null
  /** Of the running model's GGUF files together; null for a model in another form. */
  readonly modelHeader: GgufHeader | null
  /** What decides where models compute; null until `probeMachine`. */
  readonly machine: Machine | null
  /** GPUs that are left alone for a model, as their numbers were wrong; read with `machine`. */
  readonly gpuFailures: readonly GpuFailure[]
  /** What a reload loads again; null: the built-in model. A model that only stands in for it does not change it. */
  readonly lastModel: LastModel | null
  readonly loadBuiltInModel: () => Promise<void>
  readonly loadStoredModel: (model: Omit<StoredSource, 'type'>) => Promise<void>
  /** The model that ran when the page was left; the built-in one when there was none, or it is gone. */
  readonly loadLastModel: () => Promise<void>
  /** Fetches what is missing of an MLC model and loads it with WebLLM. */
  readonly loadMlcModel: (model: MlcModel & MlcOrigin) => Promise<void>
  /** Connects to a server that was asked before. */
  readonly loadEndpoint: (source: EndpointSource, request: RemoteLoadRequest) => Promise<void>
  readonly openModelFiles: (files: readonly PickedFile[]) => Promise<void>
  /** Opens the local files of before again; to be called from a click, as the browser may have to ask the user. */
  readonly reopenModelFiles: () => Promise<void>
  /** Loads the running model again with the load options of the settings. */
  readonly reloadModel: () => Promise<void>
  /** Loads the running model again, on the GPU that was left alone because its numbers for it were wrong. */
  readonly tryGpuAgain: () => Promise<void>
  /** Loads what failed last with as many layers on the GPU, and keeps that in its settings. */
  readonly applyRemedy: (remedy: LoadRemedy) => Promise<void>
  /** Asks the browser for its GPU, anew each time: drivers come and go. */
  readonly probeMachine: () => Promise<void>
  readonly cancelModelLoad: () => void
  readonly dismissModelFailure: () => void
}

// --- tools ---------------------------------------------------------------------------------------

export type ToolsSlice = {
  readonly toolDocuments: readonly ToolDocument[]
  readonly selectedToolId: ToolId | null
  /** The preset whose example prompts are offered, or null. */
  readonly presetId: string | null
  readonly selectTool: (id: ToolId | null) => void
  /** Adds a tool (a small template when no text is given), selects it. */
  readonly addTool: (text?: string) => void
  /** Takes pasted or dropped text: one definition or many, each becomes a document; invalid text becomes one document as it is. */
  readonly importTools: (text: string) => void
  readonly editToolText: (id: ToolId, text: string) => void
  /** One document that holds an array becomes one document per definition. */
  readonly splitTool: (id: ToolId) => void
  readonly setToolEnabled: (id: ToolId, enabled: boolean) => void
  readonly duplicateTool: (id: ToolId) => void
  readonly moveTool: (id: ToolId, toIndex: number) => void
  /** Posts a notice with undo. */
  readonly deleteTool: (id: ToolId) => void
  readonly setCannedResults: (id: ToolId, results: readonly CannedResult[]) => void
  /** Replaces the tools by the preset's, posts a notice with undo; the chat stays unless it is empty of answers. */
  readonly applyPreset: (presetId: string) => void
}

// --- chat ----------------------------------------------------------------------------------------

export type Turn =
  | { readonly type: 'idle' }
  /** Sent while the model is still loading: it starts by itself. */
  | { readonly type: 'waiting-for-model'; readonly nodeId: NodeId }
  | {
      readonly type: 'prefill'
      readonly nodeId: NodeId
      readonly done: number
      readonly total: number | null
      readonly cached: number
    }
  | {
      readonly type: 'decode'
      readonly nodeId: NodeId
      readonly tokens: number
      readonly tokensPerSecond: number | null
    }

export type ConversationSummary = {
  readonly id: ConversationId
  readonly title: string
  readonly updatedAtMs: number
}

export type ChatSlice = {
  readonly conversations: readonly ConversationSummary[]
  readonly conversationId: ConversationId
  readonly transcript: Transcript
  readonly systemPrompt: string
  readonly composerText: string
  readonly turn: Turn
  /** Why the last turn could not be run, shown under the transcript until the next one. */
  readonly turnFailure: UserMessage | null
  /** Results being typed, by `${nodeId}:${callIndex}`. */
  readonly resultDrafts: Readonly<Record<string, string>>
  readonly setComposerText: (text: string) => void
  readonly setSystemPrompt: (text: string) => void
  readonly send: (text: string) => Promise<void>
  readonly stop: () => void
  /** Another answer to the same message: a new branch. */
  readonly regenerate: (answerId: NodeId) => Promise<void>
  /** Takes another token at this place of a recorded answer, and lets the model go on from there: a new branch. */
  readonly continueFrom: (
    answerId: NodeId,
    tokenIndex: number,
    choice: TokenAlternative,
  ) => Promise<void>
  /** Edits a user message and answers it: a new branch. */
  readonly editUserMessage: (id: NodeId, text: string) => Promise<void>
  readonly showBranch: (id: NodeId) => void
  readonly setResultDraft: (answerId: NodeId, callIndex: number, content: string) => void
  /** Gives the results of an answer's calls (one per call) and lets the model go on. Replaces nothing: a new branch when there were results already. */
  readonly submitResults: (answerId: NodeId, results: readonly ToolResult[]) => Promise<void>
  /** Changes one argument in a new branch (JSON Pointer into the arguments); the calls then wait for results again. */
  readonly editArgument: (
    answerId: NodeId,
    callIndex: number,
    change: { readonly pointer: string; readonly value: JsonValue },
  ) => void
  /** Puts the repair that is proposed for a malformed answer beside it, as a branch marked `repaired`. */
  readonly takeRepair: (answerId: NodeId) => void
  /** Reads an answer in another tool call format, as a branch, and those to come too; no character of it changes. */
  readonly readAs: (answerId: NodeId, format: FormatId) => void
  readonly newConversation: () => void
  readonly openConversation: (id: ConversationId) => Promise<void>
  /** Posts a notice with undo. */
  readonly deleteConversation: (id: ConversationId) => Promise<void>
}

/** Of the next prompt, before it is sent. */
export type ReadAheadStatus =
  | { readonly type: 'none' }
  | { readonly type: 'reading' }
  | { readonly type: 'ready'; readonly tokens: number }

// --- settings ------------------------------------------------------------------------------------

export type ModelSettings = {
  readonly sampling: SamplingParams
  readonly load: LoadOptions
  /** `auto`: the form the model's family was trained on. */
  readonly toolShape: ToolShape | 'auto'
  /** `auto`: detected from the chat template. */
  readonly format: FormatId | 'auto'
  /** Keep the format instruction that the template would drop for a custom system message. */
  readonly keepInstruction: boolean
  /** The user's template in place of the model's own; null: the model's own. */
  readonly chatTemplate: string | null
  /** How many alternatives to record with each token of an answer; 0: no tokens are recorded. */
  readonly alternatives: number
}

export type Theme = 'system' | 'light' | 'dark'

export type SettingsSlice = {
  readonly theme: Theme
  /** Feed canned results and go on without asking. */
  readonly automatic: boolean
  /** What answers are held to, where the engine can hold them. */
  readonly callRules: CallRules
  /** Most model steps in one automatic run. */
  readonly maxSteps: number
  /** Read the next prompt into the engine's cache while the user types. */
  readonly readAhead: boolean
  /** Changes to the recommended values, by model name. Read through `selectModelSettings`. */
  readonly settingsByModel: Readonly<Record<string, Partial<ModelSettings>>>
  readonly setTheme: (theme: Theme) => void
  readonly setAutomatic: (automatic: boolean) => void
  readonly setMaxSteps: (maxSteps: number) => void
  readonly setReadAhead: (readAhead: boolean) => void
  readonly changeCallRules: (change: Partial<CallRules>) => void
  readonly changeModelSettings: (change: Partial<ModelSettings>) => void
  readonly resetModelSettings: () => void
}

// --- layout --------------------------------------------------------------------------------------

export type Pane = 'tools' | 'chat' | 'calls'
export type InspectorTab = 'calls' | 'prompt' | 'raw' | 'tokens'
export type DialogName =
  | 'palette'
  | 'shortcuts'
  | 'settings'
  | 'model'
  | 'conversations'
  | 'code'
  | 'compare'

/** The source of a part of the prompt: tools are known by their names, messages by their nodes. */
export type PointedPart =
  | { readonly type: 'system' | 'instruction' | 'generation' }
  | { readonly type: 'tool'; readonly name: string }
  | { readonly type: 'message'; readonly nodeId: NodeId }
  | { readonly type: 'call'; readonly nodeId: NodeId; readonly callIndex: number }
  | { readonly type: 'result'; readonly nodeId: NodeId; readonly index: number }

export type LayoutSlice = {
  /** Percent of the width of each pane, by pane. */
  readonly paneSizes: Readonly<Record<string, number>>
  /** The pane that is shown at phone width. */
  readonly phonePane: Pane
  readonly inspectorTab: InspectorTab
  /** The outline of the prompt is unfolded. */
  readonly showsPromptParts: boolean
  /** The answer that the inspector shows; null follows the newest. */
  readonly inspectedAnswerId: NodeId | null
  /** What is pointed at, so that its other places light up. */
  readonly pointedAt: {
    readonly answerId: NodeId
    readonly callIndex: number
    readonly span: Span
  } | null
  /** What a stretch of the prompt belongs to, so that its source lights up. */
  readonly pointedPart: PointedPart | null
  readonly dialog: DialogName | null
  readonly setPaneSizes: (sizes: Readonly<Record<string, number>>) => void
  readonly setPhonePane: (pane: Pane) => void
  readonly setInspectorTab: (tab: InspectorTab) => void
  readonly showPromptParts: (showsPromptParts: boolean) => void
  readonly inspectAnswer: (id: NodeId | null) => void
  readonly pointAt: (target: LayoutSlice['pointedAt']) => void
  readonly pointAtPart: (part: PointedPart | null) => void
  readonly openDialog: (dialog: DialogName | null) => void
}

// --- notices -------------------------------------------------------------------------------------

export type Notice = {
  readonly id: string
  readonly tone: 'info' | 'warning' | 'error'
  readonly title: string
  readonly advice: string
  /** The label of what can be done about it, such as Undo. */
  readonly action: string | null
}

export type NoticeSlice = {
  readonly notices: readonly Notice[]
  /** The latest change of state for screen readers; tokens are never announced. */
  readonly announcement: string
  readonly dismissNotice: (id: string) => void
  /** Does what the notice offers and dismisses it. */
  readonly actOnNotice: (id: string) => void
  /** Says that a new version of the app is there; nothing changes until the user agrees. */
  readonly offerUpdate: (applyUpdate: () => void) => void
}

// --- tokens --------------------------------------------------------------------------------------

/** The tokens of one text. */
export type CountedPrompt = {
  readonly prompt: string
  readonly total: number
  /** Where each token ends, in UTF-16 units; null when only the engine could count. */
  readonly ends: Uint32Array | null
  /** `both`: counted here, and the engine agrees. `tokenizer`: the engine was not asked, as it is busy. */
  readonly by: 'both' | 'tokenizer' | 'engine'
  /** Why the tokens themselves are not known; null when they are. */
  readonly note: string | null
}

export type TokensSlice = {
  readonly countedPrompt: CountedPrompt | null
  /** What the engine last read and wrote, which its prefix cache holds; of the engine with this info. */
  readonly engineRead: { readonly info: EngineInfo; readonly text: string } | null
  /** Counts the tokens of `prompt` with the running model; the latest call wins. */
  readonly countPrompt: (prompt: string) => Promise<void>
}

export type AppState = ModelSlice &
  TokensSlice &
  ToolsSlice &
  ChatSlice &
  SettingsSlice &
  LayoutSlice &
  NoticeSlice &
  CompareSlice &
  HubSlice & {
    /** Templates, validation and the turn loop: null until they have been fetched, which is before any model runs. */
    readonly machinery: Machinery | null
    readonly readAheadStatus: ReadAheadStatus
    /** False until the saved state has been read. */
    readonly hydrated: boolean
    /** The parsed form of the answer that is streaming; finished ones are parsed by `selectOutput`. */
    readonly liveOutput: { readonly nodeId: NodeId; readonly output: ParsedOutput } | null
  }
