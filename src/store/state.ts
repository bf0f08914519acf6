import type { NodeId, ConversationId, Transcript } from '../core/chat/transcript.ts'
import type { ToolResult } from '../core/chat/message.ts'
import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import type { FormatId } from '../core/formats/format.ts'
import type { ParsedOutput } from '../core/formats/parsed-output.ts'
import type { Span } from '../core/lib/span.ts'
import type { JsonValue } from '../core/lib/json.ts'
import type { CannedResult, ToolDocument, ToolId, ToolShape } from '../core/tools/tool.ts'
import type { Machine } from '../engine/choose-backend.ts'
import type { EngineInfo, LoadOptions, LoadProgress, SamplingParams } from '../engine/engine.ts'
import type { Capabilities } from '../engine/capabilities.ts'
import type { Machinery } from '../session/machinery.ts'
import type { HubSlice } from './hub-state.ts'

/** What the user reads when something went wrong: what happened, then what to do next. */
export type UserMessage = { readonly title: string; readonly advice: string }

// --- model ---------------------------------------------------------------------------------------

export type ModelSource =
  | { readonly type: 'built-in' }
  | { readonly type: 'local'; readonly fileNames: readonly string[] }
  | StoredSource

/** A model of the model store. */
export type StoredSource = {
  readonly type: 'stored'
  readonly id: string
  /** `owner/name`; null for an import that belongs to no repository. */
  readonly repo: string | null
  readonly commit: string | null
  readonly quantization: string
}

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
  /** Of the running model's first file. */
  readonly modelHeader: GgufHeader | null
  /** What decides where models compute; null until `probeMachine`. */
  readonly machine: Machine | null
  /** What a reload loads again. Local files cannot be, so the model before them stays here. */
  readonly lastModel: StoredSource | null
  readonly loadBuiltInModel: () => Promise<void>
  readonly loadStoredModel: (model: Omit<StoredSource, 'type'>) => Promise<void>
  /** The model that ran when the page was left; the built-in one when there was none, or it is gone. */
  readonly loadLastModel: () => Promise<void>
  readonly openModelFiles: (files: readonly File[]) => Promise<void>
  /** Loads the running model again with the load options of the settings. */
  readonly reloadModel: () => Promise<void>
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
  readonly newConversation: () => void
  readonly openConversation: (id: ConversationId) => Promise<void>
  /** Posts a notice with undo. */
  readonly deleteConversation: (id: ConversationId) => Promise<void>
}

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
}

export type Theme = 'system' | 'light' | 'dark'

export type SettingsSlice = {
  readonly theme: Theme
  /** Feed canned results and go on without asking. */
  readonly automatic: boolean
  /** Most model steps in one automatic run. */
  readonly maxSteps: number
  /** Changes to the recommended values, by model name. Read through `selectModelSettings`. */
  readonly settingsByModel: Readonly<Record<string, Partial<ModelSettings>>>
  readonly setTheme: (theme: Theme) => void
  readonly setAutomatic: (automatic: boolean) => void
  readonly setMaxSteps: (maxSteps: number) => void
  readonly changeModelSettings: (change: Partial<ModelSettings>) => void
  readonly resetModelSettings: () => void
}

// --- layout --------------------------------------------------------------------------------------

export type Pane = 'tools' | 'chat' | 'calls'
export type InspectorTab = 'calls' | 'prompt' | 'raw'
export type DialogName = 'palette' | 'shortcuts' | 'settings' | 'model' | 'conversations'

export type LayoutSlice = {
  /** Percent of the width of each pane, by pane. */
  readonly paneSizes: Readonly<Record<string, number>>
  /** The pane that is shown at phone width. */
  readonly phonePane: Pane
  readonly inspectorTab: InspectorTab
  /** The answer that the inspector shows; null follows the newest. */
  readonly inspectedAnswerId: NodeId | null
  /** What is pointed at, so that its other places light up. */
  readonly pointedAt: {
    readonly answerId: NodeId
    readonly callIndex: number
    readonly span: Span
  } | null
  readonly dialog: DialogName | null
  readonly setPaneSizes: (sizes: Readonly<Record<string, number>>) => void
  readonly setPhonePane: (pane: Pane) => void
  readonly setInspectorTab: (tab: InspectorTab) => void
  readonly inspectAnswer: (id: NodeId | null) => void
  readonly pointAt: (target: LayoutSlice['pointedAt']) => void
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

export type AppState = ModelSlice &
  ToolsSlice &
  ChatSlice &
  SettingsSlice &
  LayoutSlice &
  NoticeSlice &
  HubSlice & {
    /** Templates, validation and the turn loop: null until they have been fetched, which is before any model runs. */
    readonly machinery: Machinery | null
    /** False until the saved state has been read. */
    readonly hydrated: boolean
    /** The parsed form of the answer that is streaming; finished ones are parsed by `selectOutput`. */
    readonly liveOutput: { readonly nodeId: NodeId; readonly output: ParsedOutput } | null
  }
