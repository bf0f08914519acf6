import type { Message } from '../core/chat/message.ts'
import { pathTo, type NodeId, type TranscriptNode } from '../core/chat/transcript.ts'
import type { PromptInput } from '../core/template/build-prompt.ts'
import type { TemplateFinding } from '../core/template/lint-template.ts'
import type { PromptPart } from '../core/template/prompt-part.ts'
import type { XrayCertainty } from '../core/template/xray-prompt.ts'
import type { Machinery } from '../session/machinery.ts'
import { toolCallOf } from './call-views.ts'
import { memoElements, memoFields } from './memo.ts'
import {
  hasContent,
  messagesToSend,
  selectPromptSettings,
  selectEnabledTools,
  selectModelSettings,
  selectOutput,
  selectPromptPreview,
  type PromptPreview,
} from './selectors.ts'
import type { AppState, CountedPrompt, PointedPart } from './state.ts'

export type XraySegment = {
  readonly start: number
  readonly end: number
  readonly kind: PromptPart['type']
  /** What it is called: the tool's name, the message's role. */
  readonly label: string
  /** Where it comes from; null for text that nobody wrote here, and for what stands in the composer. */
  readonly source: PointedPart | null
  /** Tokens that begin in it; null until they are counted, or when only the total is. */
  readonly tokens: number | null
}

export type XrayView = {
  readonly prompt: string
  readonly segments: readonly XraySegment[]
  readonly certainty: XrayCertainty
  /** Labels of what was given and is not printed, or printed otherwise. */
  readonly missing: readonly string[]
  readonly changed: readonly string[]
  /** Everything before this offset is in the engine's prefix cache; null when that is not known. */
  readonly cachedEnd: number | null
}

/** The prompt that would be sent, taken apart. Null without a model or a prompt. */
export function selectXray(state: AppState): XrayView | null {
  const { machinery, engineInfo } = state
  const preview = selectPromptPreview(state)
  if (!machinery || !engineInfo || !preview?.built) return null
  const messages = xrayMessages(messagesToSend(state))
  const settings = selectPromptSettings(state, machinery)
  const xray = tracedPreview({ ...settings, machinery, messages, preview })
  if (!xray?.ok) return null
  return viewOf({
    xray: xray.value,
    labels: labelsOf(state, messages),
    counted: state.countedPrompt,
    cachedText: state.engineRead?.info === engineInfo ? state.engineRead.text : null,
  })
}

const xrayMessages = memoElements<Message>()

/**
 * The prompt of an answer, taken apart. Null when the settings, the tools or the template are no longer those that it
 * was made with: then its parts cannot be told.
 */
export function selectSentXray(state: AppState, answerId: NodeId): XrayView | null {
  const { machinery, transcript } = state
  const message = transcript.nodes.get(answerId)?.message
  if (!machinery || message?.type !== 'assistant') return null
  const before = pathTo(transcript, answerId).slice(0, -1)
  const messages = sentMessages(before.map((node) => node.message).filter(hasContent))
  const xray = tracedSent({ ...selectPromptSettings(state, machinery), machinery, messages })
  if (!xray?.ok || xray.value.built.prompt !== message.prompt) return null
  return viewOfSent({
    xray: xray.value,
    labels: labelsOf(state, messages),
    counted: state.countedPrompt,
    cachedText: null,
  })
}

const sentMessages = memoElements<Message>()

type Traced = Omit<PromptInput, 'nowMs'> & { readonly machinery: Machinery }

/** The preview has built the prompt already, for the same fields. */
const tracedPreview = memoFields(
  ({ machinery, preview, ...input }: Traced & { readonly preview: PromptPreview }) =>
    machinery.xrayPrompt({ ...input, nowMs: preview.nowMs }, preview.built ?? undefined),
)

// As in the preview: the clock is read once for each change.
const tracedSent = memoFields(({ machinery, ...input }: Traced) =>
  machinery.xrayPrompt({ ...input, nowMs: Date.now() }),
)

type Labels = {
  readonly toolNames: readonly string[]
  readonly nodes: readonly (TranscriptNode | null)[]
  /** For each message, the index of each of its whole calls among all of its calls. */
  readonly callIndices: readonly (readonly number[])[]
}

function labelsOf(state: AppState, messages: readonly Message[]): Labels {
  const { transcript } = state
  const tools = selectEnabledTools(state)
  // A parsed answer does not change while the transcript is the same.
  return rememberLabels({ transcript, messages, tools }, () => {
    const nodeOf = new Map([...transcript.nodes.values()].map((node) => [node.message, node]))
    const nodes = messages.map((message) => nodeOf.get(message) ?? null)
    return {
      toolNames: tools.map(({ tool }) => tool.name),
      nodes,
      callIndices: nodes.map((node) =>
        node?.message.type === 'assistant'
          ? selectOutput(state, node.id).calls.flatMap((call) =>
              toolCallOf(call) ? [call.index] : [],
            )
          : [],
      ),
    }
  })
}

/** By the messages, as the prompt that would be sent and one that was sent are asked for in turn. */
const labelsByMessages = new WeakMap<
  readonly Message[],
  { readonly transcript: object; readonly tools: object; readonly labels: Labels }
>()

function rememberLabels(
  input: {
    readonly transcript: object
    readonly tools: object
    readonly messages: readonly Message[]
  },
  make: () => Labels,
): Labels {
  const { transcript, tools, messages } = input
  const known = labelsByMessages.get(messages)
  if (known?.transcript === transcript && known.tools === tools) return known.labels
  const labels = make()
  labelsByMessages.set(messages, { transcript, tools, labels })
  return labels
}

type ViewInput = {
  readonly xray: Extract<ReturnType<Machinery['xrayPrompt']>, { readonly ok: true }>['value']
  readonly labels: Labels
  readonly counted: CountedPrompt | null
  readonly cachedText: string | null
}

const viewOf = memoFields(makeView)
const viewOfSent = memoFields(makeView)

function makeView({ xray, labels: names, counted, cachedText }: ViewInput): XrayView {
  const { prompt } = xray.built
  const ends = counted?.prompt === prompt ? counted.ends : null
  let at = 0
  const segments = xray.segments.map(({ start, end, part }): XraySegment => {
    let tokens = 0
    while (ends && at < ends.length && startOf(ends, at) < end) {
      at += 1
      tokens += 1
    }
    return { start, end, kind: part.type, ...nameOf(part, names), tokens: ends ? tokens : null }
  })
  const label = (part: PromptPart) => nameOf(part, names).label
  return {
    prompt,
    segments,
    certainty: xray.certainty,
    missing: xray.missing.map(label),
    changed: xray.changed.map(label),
    cachedEnd: cachedText === null ? null : commonLength(prompt, cachedText),
  }
}

function startOf(ends: Uint32Array, index: number): number {
  return index === 0 ? 0 : (ends[index - 1] ?? 0)
}

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let length = 0
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1
  return length
}

function nameOf(part: PromptPart, names: Labels): Pick<XraySegment, 'label' | 'source'> {
  switch (part.type) {
    case 'tool': {
      const name = names.toolNames[part.index] ?? ''
      return { label: name, source: { type: 'tool', name } }
    }
    case 'message': {
      const node = names.nodes[part.index]
      return {
        label: node?.message.type === 'assistant' ? 'Answer' : 'You',
        source: node ? { type: 'message', nodeId: node.id } : null,
      }
    }
    case 'call': {
      const node = names.nodes[part.index]
      const callIndex = names.callIndices[part.index]?.[part.call] ?? part.call
      return {
        label: `Call ${part.call + 1}`,
        source: node ? { type: 'call', nodeId: node.id, callIndex } : null,
      }
    }
    case 'result': {
      const node = names.nodes[part.index]
      return {
        label: 'Result',
        source: node ? { type: 'result', nodeId: node.id, index: part.result } : null,
      }
    }
    case 'system':
      return { label: 'System', source: { type: 'system' } }
    case 'instruction':
      return { label: 'Format instruction', source: { type: 'instruction' } }
    case 'generation':
      return { label: 'Opens the answer', source: { type: 'generation' } }
    case 'template':
      return { label: 'Template', source: null }
    case 'unknown':
      return { label: 'Unknown', source: null }
  }
}

// --- lint ------------------------------------------------------------------------------------------

const NO_FINDINGS: readonly TemplateFinding[] = []

/** What silently goes wrong with the prompt that would be sent. */
export function selectFindings(state: AppState): readonly TemplateFinding[] {
  const { machinery, engineInfo, countedPrompt } = state
  const preview = selectPromptPreview(state)
  if (!machinery || !engineInfo || !preview) return NO_FINDINGS
  const prompt = preview.built?.templateUsed === 'model' ? preview.built.prompt : null
  return findings({
    ...selectPromptSettings(state, machinery),
    machinery,
    messages: lintMessages(messagesToSend(state)),
    prompt,
    addsBos: engineInfo.addsBos,
    contextLength: engineInfo.contextLength,
    maxTokens: selectModelSettings(state).sampling.maxTokens,
    promptTokens:
      countedPrompt?.prompt === preview.built?.prompt ? (countedPrompt?.total ?? null) : null,
  })
}

const lintMessages = memoElements<Message>()

const findings = memoFields(
  ({
    machinery,
    prompt,
    ...input
  }: Omit<Parameters<Machinery['lintTemplate']>[0], 'nowMs'> & {
    readonly machinery: Machinery
    readonly prompt: string | null
  }) => machinery.lintTemplate({ ...input, nowMs: 0 }, prompt),
)
