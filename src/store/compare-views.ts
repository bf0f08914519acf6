import type { AssistantMessage } from '../core/chat/message.ts'
import { assertNever } from '../core/lib/assert-never.ts'
import { parseOutput, type ParsedOutput } from '../core/formats/parsed-output.ts'
import type { EngineError } from '../engine/engine.ts'
import type { Machinery } from '../session/machinery.ts'
import type { NativeRun } from '../session/run-native.ts'
import { callViews, type CallView, type EnabledTool } from './call-views.ts'
import { memoFields } from './memo.ts'
import { selectCalls, selectEnabledTools, selectOutput } from './selectors.ts'
import type { AppState, UserMessage } from './state.ts'
import { engineMessage } from './user-message.ts'

/** One column of the comparison. */
export type ComparedAnswer = {
  /** Null when nobody tells it. */
  readonly prompt: string | null
  readonly raw: string
  readonly output: ParsedOutput
  /** Each checked against its tool as it is now. */
  readonly calls: readonly CallView[]
}

type NativeInput = {
  readonly run: NativeRun
  readonly machinery: Machinery
  readonly tools: readonly EnabledTool[]
}

const nativeAnswer = memoFields(({ run, machinery, tools }: NativeInput): ComparedAnswer => {
  const parser = machinery.formatById('server').createParser({ startsInReasoning: false })
  const output = parseOutput(parser, run.raw)
  const { validateCall } = machinery
  const calls = callViews(messageOf(run), { output, validateCall, tools, results: null })
  return { prompt: run.prompt, raw: run.raw, output, calls }
})

/** What the engine's own tool calling has given so far; null before it has begun. */
export function selectNativeAnswer(state: AppState): ComparedAnswer | null {
  const { machinery, comparison } = state
  if (!machinery || !comparison?.run) return null
  return nativeAnswer({ run: comparison.run, machinery, tools: selectEnabledTools(state) })
}

const ownAnswer = memoFields((answer: ComparedAnswer): ComparedAnswer => answer)

/** The answer that it is compared with. */
export function selectOwnAnswer(state: AppState): ComparedAnswer | null {
  const { comparison, transcript } = state
  const message = comparison && transcript.nodes.get(comparison.answerId)?.message
  if (!comparison || message?.type !== 'assistant') return null
  return ownAnswer({
    prompt: message.prompt,
    raw: message.raw,
    output: selectOutput(state, comparison.answerId),
    calls: selectCalls(state, comparison.answerId),
  })
}

const failure = memoFields(({ run }: { readonly run: NativeRun | null }): UserMessage | null =>
  run?.state.type === 'failed' ? failureMessage(run.state.error) : null,
)

/** The running model goes on, so what is said of its own failures would be wrong here. */
function failureMessage(error: EngineError): UserMessage {
  const advice = 'Your answer and the running model are untouched.'
  switch (error.kind) {
    case 'crashed':
    case 'corrupt-model':
    case 'bad-constraint':
    case 'unsupported':
      return { title: error.detail, advice }
    case 'out-of-memory': {
      const need = error.neededBytes === null ? 'more memory' : gib(error.neededBytes)
      return { title: `Loading the model a second time takes ${need}, which is not there`, advice }
    }
    case 'aborted':
    case 'context-exceeded':
    case 'device-lost':
    case 'gpu-failed':
    case 'endpoint':
    case 'network':
      return engineMessage(error)
    default:
      return assertNever(error)
  }
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}

/** Why the engine's own tool calling failed, in words. */
export function selectNativeFailure({ comparison }: AppState): UserMessage | null {
  return failure({ run: comparison?.run ?? null })
}

function messageOf({ raw, body }: NativeRun): AssistantMessage {
  return {
    type: 'assistant',
    raw,
    format: 'server',
    startsInReasoning: false,
    prompt: body,
    modelName: '',
    end: { type: 'complete' },
    usage: null,
    timings: null,
    origin: 'model',
  }
}
