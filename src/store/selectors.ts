import type { AssistantMessage, Message } from '../core/chat/message.ts'
import {
  childrenOf,
  pathTo,
  type NodeId,
  type Transcript,
  type TranscriptNode,
} from '../core/chat/transcript.ts'
import type { DetectedFormat } from '../core/formats/all-formats.ts'
import type { ArgumentText } from '../core/formats/argument-text.ts'
import type { OutputDiagnosis } from '../core/formats/diagnose-output.ts'
import type { ToolCallFormat } from '../core/formats/format.ts'
import { EMPTY_OUTPUT, parseOutput, type ParsedOutput } from '../core/formats/parsed-output.ts'
import type { BuiltPrompt, InstructionSource, PromptInput } from '../core/template/build-prompt.ts'
import {
  findDuplicateNames,
  readTools,
  type ToolProblem,
  type ToolReading,
} from '../core/tools/read-tools.ts'
import type { Tool, ToolDocument, ToolId, ToolShape } from '../core/tools/tool.ts'
import type { Machinery } from '../session/machinery.ts'
import type { RunRequest } from '../session/run-agent.ts'
import { callViews, toolCallOf, type CallView, type EnabledTool } from './call-views.ts'
import { memoElements, memoFields, memoFieldsBy, memoText } from './memo.ts'
import { currentModelName, settingsFor } from './recommended-settings.ts'
import type { AppState, ModelSettings, UserMessage } from './state.ts'
import { templateMessage, turnMessage } from './user-message.ts'

export type { CallView, EnabledTool } from './call-views.ts'

// --- tools ---------------------------------------------------------------------------------------

export type ToolDocumentReading = { readonly document: ToolDocument; readonly reading: ToolReading }

const readTextWith = memoFields(({ machinery }: Pick<AppState, 'machinery'>) =>
  memoText((text) => readTools(text, machinery?.checkDefinition ?? null)),
)

const readDocument = memoFieldsBy(
  (
    document: ToolDocument,
    { reading }: { readonly reading: ToolReading },
  ): ToolDocumentReading => ({
    document,
    reading,
  }),
)

const readDocuments = memoFields(
  ({
    toolDocuments,
    machinery,
  }: Pick<AppState, 'toolDocuments' | 'machinery'>): readonly ToolDocumentReading[] => {
    const readText = readTextWith({ machinery })
    return toolDocuments.map((document) =>
      readDocument(document, { reading: readText(document.text) }),
    )
  },
)

/** Every document with what stands in it, in order. A text is read once, however often it is asked for. */
export function selectReadings({
  toolDocuments,
  machinery,
}: AppState): readonly ToolDocumentReading[] {
  return readDocuments({ toolDocuments, machinery })
}

export function selectReading(state: AppState, id: ToolId): ToolReading | null {
  return selectReadings(state).find(({ document }) => document.id === id)?.reading ?? null
}

const NO_PROBLEMS: readonly ToolProblem[] = []

/** The problems of each document, in the order of its text: its own, and names that an earlier one, also on, has. */
export function selectToolProblems(state: AppState): ReadonlyMap<ToolId, readonly ToolProblem[]> {
  return toolProblems({ readings: selectReadings(state) })
}

/** The problems of one document. */
export function selectProblemsOf(state: AppState, id: ToolId): readonly ToolProblem[] {
  return selectToolProblems(state).get(id) ?? NO_PROBLEMS
}

const toolProblems = memoFields(
  ({ readings }: { readonly readings: readonly ToolDocumentReading[] }) => {
    const enabled = readings.filter(({ document }) => document.enabled)
    const duplicates = findDuplicateNames(enabled.map(({ reading }) => reading))
    return new Map(
      readings.map((entry) => {
        const { document, reading } = entry
        const more = duplicates[enabled.indexOf(entry)] ?? NO_PROBLEMS
        const all = [...reading.problems, ...more].toSorted((a, b) => a.span.start - b.span.start)
        return [document.id, more.length === 0 ? reading.problems : all]
      }),
    )
  },
)

/** The tools that the model is offered: those of the documents that are on; of equal names the first. */
export function selectEnabledTools(state: AppState): readonly EnabledTool[] {
  return enabledTools({ readings: selectReadings(state) })
}

const enabledTools = memoFields(
  ({ readings }: { readonly readings: readonly ToolDocumentReading[] }): readonly EnabledTool[] => {
    const byName = new Map<string, EnabledTool>()
    for (const { document, reading } of readings.filter((entry) => entry.document.enabled)) {
      for (const { tool } of reading.tools) {
        const enabled = { tool, documentId: document.id, cannedResults: document.cannedResults }
        if (!byName.has(tool.name)) byName.set(tool.name, enabled)
      }
    }
    return [...byName.values()]
  },
)

const toolsOf = memoFields(
  ({ enabled }: { readonly enabled: readonly EnabledTool[] }): readonly Tool[] =>
    enabled.map(({ tool }) => tool),
)

// --- settings ------------------------------------------------------------------------------------

/** The recommended settings of the current model with the user's changes. */
export function selectModelSettings(state: AppState): ModelSettings {
  const name = currentModelName(state)
  return modelSettings({
    name,
    trainedContextLength: state.engineInfo?.trainedContextLength || null,
    changes: state.settingsByModel[name],
  })
}

const modelSettings = memoFields(
  (input: {
    readonly name: string
    readonly trainedContextLength: number | null
    readonly changes: Partial<ModelSettings> | undefined
  }): ModelSettings => settingsFor(input, input.changes ? { [input.name]: input.changes } : {}),
)

const detected = memoFields(
  (input: { readonly machinery: Machinery; readonly template: string }): DetectedFormat =>
    input.machinery.detectFormat(input.template === '' ? null : input.template),
)

const trainedShape = memoFields(
  (input: { readonly machinery: Machinery; readonly template: string | null }): ToolShape =>
    input.machinery.preferredToolShape(input.template),
)

const foundIn = memoFields(
  (input: { readonly machinery: Machinery; readonly template: string }): ToolCallFormat | null =>
    input.machinery.findFormat(input.template),
)

/** The format whose markers the template of an unknown family prints; null when there are none, or none are needed. */
export function selectFoundFormat(state: AppState): ToolCallFormat | null {
  const { machinery } = state
  const template = templateOf(state)
  if (!machinery || template === '' || detected({ machinery, template }).certain) return null
  return foundIn({ machinery, template })
}

/** The tool call format in force; null until the machinery is there. */
export function selectFormat(state: AppState): ToolCallFormat | null {
  return state.machinery && formatWith(state.machinery, state)
}

function formatWith(machinery: Machinery, state: AppState): ToolCallFormat {
  const { format } = selectModelSettings(state)
  if (format !== 'auto') return machinery.formatById(format)
  return selectFoundFormat(state) ?? detected({ machinery, template: templateOf(state) }).format
}

/** False when the format is only a guess: the template does not tell, and the user has not chosen. */
export function selectIsFormatCertain(state: AppState): boolean {
  const { machinery } = state
  if (selectModelSettings(state).format !== 'auto' || !machinery) return true
  const isKnown = detected({ machinery, template: templateOf(state) }).certain
  return isKnown || selectFoundFormat(state) !== null
}

/** The form in which tools are handed to the template. */
export function selectToolShape(state: AppState): ToolShape {
  const { toolShape } = selectModelSettings(state)
  if (toolShape !== 'auto') return toolShape
  const { machinery } = state
  return machinery ? trainedShape({ machinery, template: templateOf(state) || null }) : 'bare'
}

function templateOf(state: AppState): string {
  return selectTemplate(state) ?? ''
}

/** The Jinja source in force: the user's for this model, else the model's own. */
export function selectTemplate(state: AppState): string | null {
  return selectModelSettings(state).chatTemplate ?? state.engineInfo?.chatTemplate ?? null
}

// --- transcript ----------------------------------------------------------------------------------

export type PathEntry = {
  readonly node: TranscriptNode
  /** The alternatives at this place, itself included, oldest first. */
  readonly siblings: readonly NodeId[]
  readonly siblingIndex: number
}

const pathEntry = memoFieldsBy(
  (node: TranscriptNode, { key }: { readonly key: string }): PathEntry => {
    const siblings = key.split(' ') as NodeId[]
    return { node, siblings, siblingIndex: siblings.indexOf(node.id) }
  },
)

const pathEntries = memoFields(
  ({ transcript }: { readonly transcript: Transcript }): readonly PathEntry[] =>
    pathTo(transcript, transcript.leafId).map((node) => {
      const siblings = childrenOf(transcript, node.parentId).map(({ id }) => id)
      return pathEntry(node, { key: siblings.join(' ') })
    }),
)

/** The branch that is shown, root first. Entries that did not change stay the same objects. */
export function selectPath({ transcript }: AppState): readonly PathEntry[] {
  return pathEntries({ transcript })
}

type ParseInput = { readonly machinery: Machinery; readonly tools: readonly Tool[] }

const parsedMessage = memoFieldsBy(
  (message: AssistantMessage, { machinery, tools }: ParseInput): ParsedOutput => {
    const { format, raw, startsInReasoning } = message
    return parseOutput(machinery.formatById(format).createParser({ startsInReasoning, tools }), raw)
  },
)

const NO_TOOLS: readonly Tool[] = []

/** What an answer says, parsed: live while it streams. Of anything else, and until the machinery is there, nothing. */
export function selectOutput(state: AppState, id: NodeId): ParsedOutput {
  if (state.liveOutput?.nodeId === id) return state.liveOutput.output
  const { machinery } = state
  const message = answerOf(state, id)
  if (!message || !machinery) return EMPTY_OUTPUT
  // JSON has types of its own: what is typed into a tool need not make such answers be read again.
  const isJson = machinery.formatById(message.format).syntax.notation.type === 'json'
  const tools = isJson ? NO_TOOLS : toolsOf({ enabled: selectEnabledTools(state) })
  return parsedMessage(message, { machinery, tools })
}

const diagnosis = memoFieldsBy(
  (message: AssistantMessage, { machinery, tools }: ParseInput): OutputDiagnosis =>
    machinery.diagnoseOutput(message, tools),
)

/** Why an answer that is over holds no call, or not all it was meant to; null while nothing can be said. */
export function selectDiagnosis(state: AppState, id: NodeId): OutputDiagnosis | null {
  const { machinery } = state
  const message = answerOf(state, id)
  if (!message || !machinery || message.end.type === 'streaming') return null
  return diagnosis(message, { machinery, tools: toolsOf({ enabled: selectEnabledTools(state) }) })
}

/** Reads the text of an answer's arguments; null until the machinery is there. */
export function selectArgumentText(state: AppState, id: NodeId): ArgumentText | null {
  const { machinery } = state
  const message = answerOf(state, id)
  if (!message || !machinery) return null
  return machinery.argumentText(machinery.formatById(message.format).syntax.notation)
}

const NO_CALLS: readonly CallView[] = []

/** The calls of an answer, each checked against its tool as it is now. */
export function selectCalls(state: AppState, id: NodeId): readonly CallView[] {
  const message = answerOf(state, id)
  if (!message) return NO_CALLS
  return callViews(message, {
    output: selectOutput(state, id),
    validateCall: state.machinery?.validateCall ?? null,
    tools: selectEnabledTools(state),
    results: resultsOf(state, id),
  })
}

/** The newest answer that waits for the results of its calls: the end of the branch that is shown. */
export function selectPendingAnswer(state: AppState): NodeId | null {
  const { leafId } = state.transcript
  if (leafId === null || answerOf(state, leafId)?.end.type === 'streaming') return null
  return selectOutput(state, leafId).calls.some((call) => toolCallOf(call)) ? leafId : null
}

/** The answer that the inspector shows: the chosen one, else the newest of the branch that is shown. */
export function selectInspectedAnswerId(state: AppState): NodeId | null {
  const { inspectedAnswerId, transcript } = state
  if (inspectedAnswerId !== null && transcript.nodes.has(inspectedAnswerId))
    return inspectedAnswerId
  const last = pathTo(transcript, transcript.leafId).findLast(
    ({ message }) => message.type === 'assistant',
  )
  return last?.id ?? null
}

export type AnswerOutcome =
  | 'writing'
  | 'calls'
  | 'malformed'
  | 'no-call'
  | 'cut-off'
  | 'stopped'
  | 'failed'

/** What came of an answer, in one word; null when it is no answer. */
export function selectAnswerOutcome(state: AppState, id: NodeId): AnswerOutcome | null {
  const end = answerOf(state, id)?.end
  if (!end) return null
  if (end.type === 'streaming') return 'writing'
  if (end.type === 'failed') return 'failed'
  const { calls } = selectOutput(state, id)
  if (calls.some((call) => call.state.type === 'cut-off'))
    return end.type === 'stopped' ? 'stopped' : 'cut-off'
  if (calls.some((call) => call.state.type === 'complete')) return 'calls'
  if (calls.length > 0) return 'malformed'
  if (end.type === 'length') return 'cut-off'
  return end.type === 'stopped' ? 'stopped' : 'no-call'
}

function answerOf({ transcript }: AppState, id: NodeId): AssistantMessage | null {
  const message = transcript.nodes.get(id)?.message
  return message?.type === 'assistant' ? message : null
}

/** The results below an answer: those of the branch that is shown, else the newest. */
function resultsOf({ transcript }: AppState, answerId: NodeId) {
  const shown = new Set(pathTo(transcript, transcript.leafId).map(({ id }) => id))
  const nodes = childrenOf(transcript, answerId).filter(
    ({ message }) => message.type === 'tool-results',
  )
  const message = (nodes.find(({ id }) => shown.has(id)) ?? nodes.at(-1))?.message
  return message?.type === 'tool-results' ? message.results : null
}

// --- prompt --------------------------------------------------------------------------------------

/** Everything that a run needs, for the model to go on after `messages`. */
export function selectRunRequest(
  state: AppState,
  messages: readonly Message[],
  nowMs: number,
): Omit<RunRequest, 'continuation'> {
  const { machinery } = state
  if (!machinery) throw new Error('A run was asked for before the machinery was there')
  const enabled = selectEnabledTools(state)
  const { sampling, alternatives } = selectModelSettings(state)
  return {
    prompt: {
      ...selectPromptSettings(state, machinery),
      messages: messages.filter(hasContent),
      nowMs,
    },
    sampling,
    rules: state.callRules,
    alternatives: Math.min(alternatives, state.capabilities?.alternatives ?? 0),
    automatic: state.automatic,
    maxSteps: state.maxSteps,
    cannedResults: ({ name }) =>
      enabled.find(({ tool }) => tool.name === name)?.cannedResults ?? [],
  }
}

export type PromptPreview = {
  /** Null when no template can print the conversation. */
  readonly built: BuiltPrompt | null
  /** Why there is no prompt, or why it is not the model's own template that made it. */
  readonly problem: UserMessage | null
  /** What the clock said that the template may have printed. */
  readonly nowMs: number
}

/**
 * What would be sent now: the branch that is shown, then what stands in the composer. Null without a model.
 *
 * While an answer streams, this is its own prompt.
 */
export function selectPromptPreview(state: AppState): PromptPreview | null {
  const { machinery, engineInfo } = state
  if (!engineInfo || !machinery) return null
  if (state.capabilities?.chat === 'only') return SERVER_WRITES_IT
  const messages = previewMessages(messagesToSend(state))
  return preview({ ...selectPromptSettings(state, machinery), machinery, messages })
}

const SERVER_WRITES_IT: PromptPreview = {
  built: null,
  nowMs: 0,
  problem: {
    title: 'The server writes the prompt',
    advice:
      'In chat mode messages and tools go to it as data. What was sent is shown here with each answer.',
  },
}

/** Who tells the model how to write calls, in the prompts of this conversation; null without a model. */
export function selectInstruction(state: AppState): InstructionSource | null {
  const { machinery, engineInfo } = state
  if (!engineInfo || !machinery || state.capabilities?.chat === 'only') return null
  const { built } = instructionPreview({
    ...selectPromptSettings(state, machinery),
    machinery,
    messages: EXAMPLE,
  })
  return built?.instruction ?? null
}

const EXAMPLE: readonly Message[] = [{ type: 'user', text: 'Hello' }]

type Preview = Omit<PromptInput, 'nowMs'> & { readonly machinery: Machinery }

const preview = memoFields(makePreview)
const instructionPreview = memoFields(makePreview)
const previewMessages = memoElements<Message>()
const composed = memoText((text): Message => ({ type: 'user', text }), 2)

function makePreview({ machinery, ...input }: Preview): PromptPreview {
  // The clock is read once for each change: a preview that is a minute old is no other prompt.
  const nowMs = Date.now()
  const built = machinery.buildPrompt({ ...input, nowMs })
  if (!built.ok)
    return { built: null, problem: turnMessage({ kind: 'template', error: built.error }), nowMs }
  const { fallbackReason } = built.value
  return { built: built.value, problem: fallbackReason && templateMessage(fallbackReason), nowMs }
}

/** What a prompt is built from, besides its messages and the clock. */
export function selectPromptSettings(
  state: AppState,
  machinery: Machinery,
): Omit<PromptInput, 'messages' | 'nowMs'> {
  const { engineInfo, systemPrompt } = state
  return {
    systemPrompt,
    tools: toolsOf({ enabled: selectEnabledTools(state) }),
    toolShape: selectToolShape(state),
    format: formatWith(machinery, state),
    formatOf: machinery.formatById,
    chatTemplate: selectTemplate(state),
    keepInstruction: selectModelSettings(state).keepInstruction,
    bosToken: engineInfo?.bosToken ?? '',
    eosToken: engineInfo?.eosToken ?? '',
  }
}

/** The branch that is shown, then what stands in the composer. */
export function messagesToSend({ transcript, composerText }: AppState): readonly Message[] {
  const messages = pathTo(transcript, transcript.leafId).map(({ message }) => message)
  const last = messages.at(-1)
  const isStreaming = last?.type === 'assistant' && last.end.type === 'streaming'
  const sent = (isStreaming ? messages.slice(0, -1) : messages).filter(hasContent)
  return isStreaming || composerText.trim() === '' ? sent : [...sent, composed(composerText)]
}

/** An answer that failed or was stopped before its first token says nothing, so the model does not get it. */
export function hasContent(message: Message): boolean {
  return message.type !== 'assistant' || message.raw !== '' || message.end.type === 'complete'
}
