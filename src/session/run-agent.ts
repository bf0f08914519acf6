import type { AssistantMessage, Message, ToolResult } from '../core/chat/message.ts'
import { formatById } from '../core/formats/all-formats.ts'
import {
  EMPTY_OUTPUT,
  parseOutput,
  reduceOutput,
  type ParsedOutput,
} from '../core/formats/parsed-output.ts'
import { validateCall } from '../core/schema/validate-call.ts'
import { chooseCannedResult } from '../core/tools/canned-result.ts'
import type { CannedResult, Tool, ToolCall } from '../core/tools/tool.ts'
import type { Engine } from '../engine/engine.ts'
import { createRepeatGuard, type RepeatGuard } from './repeat-guard.ts'
import { runTurn, type TurnRequest } from './run-turn.ts'
import type { RunEnd, SessionEvent, TurnEvent } from './session-event.ts'

export type RunRequest = TurnRequest & {
  /** Feed canned results and go on, as long as every call of a step is valid and has one. */
  readonly automatic: boolean
  /** Most turns in this run. */
  readonly maxSteps: number
  readonly cannedResults: (tool: Tool) => readonly CannedResult[]
}

/** One turn, folded. */
type Step = {
  readonly raw: string
  readonly output: ParsedOutput
  readonly prompt: string
  readonly startsInReasoning: boolean
  readonly format: AssistantMessage['format']
  readonly end: Extract<TurnEvent, { type: 'turn-end' | 'turn-error' }>
}

/**
 * Runs turns until the model has answered, or something is needed that only the user can give.
 *
 * Never throws, and ends in exactly one `run-end`. Leaving the loop early aborts the engine.
 */
export async function* runAgent(
  engine: Engine,
  request: RunRequest,
  signal: AbortSignal,
): AsyncGenerator<SessionEvent, void, void> {
  const guard = createRepeatGuard()
  let messages = request.prompt.messages
  for (const calls of earlierSteps(messages, request.prompt.tools)) guard.add(calls)
  for (let step = 1; ; step++) {
    yield { type: 'step-start', step }
    const done = yield* runStep(
      engine,
      {
        ...request,
        prompt: { ...request.prompt, messages },
        continuation: step === 1 ? request.continuation : null,
      },
      signal,
    )
    yield { type: 'step-end', step, output: done.output }
    const next = decide(done, { request, guard, step })
    if (next.type === 'end') {
      yield { type: 'run-end', end: next.end }
      return
    }
    if (signal.aborted) {
      yield { type: 'run-end', end: { type: 'stopped' } }
      return
    }
    yield { type: 'results', results: next.results }
    messages = [
      ...messages,
      answerOf(done, engine.info.modelName),
      { type: 'tool-results', results: next.results },
    ]
  }
}

async function* runStep(
  engine: Engine,
  request: TurnRequest,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, Step, void> {
  let raw = ''
  let output = EMPTY_OUTPUT
  let start: Pick<Step, 'prompt' | 'startsInReasoning' | 'format'> = {
    prompt: '',
    startsInReasoning: false,
    format: request.prompt.format.id,
  }
  for await (const event of runTurn(engine, request, signal)) {
    yield event
    switch (event.type) {
      case 'turn-start':
        start = {
          prompt: event.prompt,
          startsInReasoning: event.startsInReasoning,
          format: event.format,
        }
        raw = event.kept.raw
        break
      case 'prefill':
        break
      case 'output-delta':
        raw += event.text
        break
      case 'turn-end':
      case 'turn-error':
        return { raw, output, ...start, end: event }
      default:
        output = reduceOutput(output, event)
    }
  }
  throw new Error('A turn ended without its terminal event')
}

type Next =
  | { readonly type: 'end'; readonly end: RunEnd }
  | { readonly type: 'results'; readonly results: readonly ToolResult[] }

function decide(
  { output, end }: Step,
  run: { readonly request: RunRequest; readonly guard: RepeatGuard; readonly step: number },
): Next {
  const { request, guard, step } = run
  if (end.type === 'turn-error') return { type: 'end', end: { type: 'failed', error: end.error } }
  if (end.reason === 'abort') return { type: 'end', end: { type: 'stopped' } }
  const calls = completeCalls(output)
  if (calls.length === 0) return { type: 'end', end: { type: 'answered' } }
  if (!request.automatic) return waiting('manual')
  if (end.reason !== 'stop') return waiting('not-finished')
  if (calls.length < output.calls.length) return waiting('unreadable-call')
  const { tools } = request.prompt
  if (calls.some((call) => !isValid(call, tools))) return waiting('invalid-call')
  const results = calls.map((call) => cannedResultOf(call, request))
  if (!results.every((result) => result !== null)) return waiting('no-canned-result')
  const repeated = guard.add(calls)
  if (repeated) return { type: 'end', end: { type: 'repeated-call', ...repeated } }
  if (step >= request.maxSteps) {
    return { type: 'end', end: { type: 'step-limit', maxSteps: request.maxSteps } }
  }
  return { type: 'results', results }
}

function waiting(why: Extract<RunEnd, { type: 'waiting' }>['why']): Next {
  return { type: 'end', end: { type: 'waiting', why } }
}

/** The calls that can be read, in order: those that results belong to. */
export function completeCalls(output: ParsedOutput): readonly ToolCall[] {
  return output.calls.flatMap(({ name, state }) =>
    name !== null && state.type === 'complete' ? [{ name, arguments: state.arguments }] : [],
  )
}

/** A call with only warnings is valid. */
function isValid(call: ToolCall, tools: readonly Tool[]): boolean {
  return validateCall(call, tools).every(({ severity }) => severity === 'warning')
}

function cannedResultOf(call: ToolCall, request: RunRequest): ToolResult | null {
  const tool = request.prompt.tools.find(({ name }) => name === call.name)
  const canned = tool ? chooseCannedResult(request.cannedResults(tool), call.arguments) : null
  return canned && { call, content: canned.content, source: 'canned' }
}

/** The calls of each answer since the user last spoke: going on by hand does not make the guard forget. */
function earlierSteps(
  messages: readonly Message[],
  tools: readonly Tool[],
): readonly (readonly ToolCall[])[] {
  const lastUser = messages.findLastIndex(({ type }) => type === 'user')
  return messages
    .slice(lastUser + 1)
    .filter((message) => message.type === 'assistant')
    .map(({ format, raw, startsInReasoning }) =>
      completeCalls(
        parseOutput(formatById(format).createParser({ startsInReasoning, tools }), raw),
      ),
    )
}

function answerOf(step: Step, modelName: string): AssistantMessage {
  return {
    type: 'assistant',
    raw: step.raw,
    format: step.format,
    startsInReasoning: step.startsInReasoning,
    prompt: step.prompt,
    modelName,
    end: { type: 'complete' },
    usage: null,
    timings: null,
    origin: 'model',
  }
}
