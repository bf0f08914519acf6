import type { Timings, Usage } from '../core/chat/message.ts'
import { createServerWriter } from '../core/formats/server-writer.ts'
import type { PromptInput } from '../core/template/build-prompt.ts'
import { type CallRules, NO_RULES } from '../core/tools/tool-choice.ts'
import type { Engine, EngineError, SamplingParams } from '../engine/engine.ts'
import { rulesInForce } from './bind-calls.ts'
import { chatRequestOf, chatRules } from './run-chat-turn.ts'

/** A turn through an engine's own tool calling, beside the one that was run with our prompt and our parser. */
export type NativeRun = {
  /** The request as it was sent; '' until it was. */
  readonly body: string
  /** The prompt that the engine's own template made of it; null when it does not tell, or not yet. */
  readonly prompt: string | null
  /** Text and calls as text of the format `server`. */
  readonly raw: string
  /** What the engine's own log said of a failure. */
  readonly log: readonly string[]
  /** What it was asked to hold the answer to, as far as it takes that. */
  readonly rules: CallRules
  readonly state:
    | { readonly type: 'loading'; readonly doneBytes: number; readonly totalBytes: number }
    | { readonly type: 'running' }
    | {
        readonly type: 'ended'
        readonly reason: 'stop' | 'length' | 'context' | 'abort'
        readonly usage: Usage
        readonly timings: Timings
      }
    | { readonly type: 'failed'; readonly error: EngineError }
}

export type NativeRequest = {
  readonly prompt: Omit<PromptInput, 'nowMs'>
  readonly sampling: SamplingParams
  readonly rules?: CallRules
}

/** Runs it and yields all there is so far after each event. Never throws; the last one has `ended` or `failed`. */
export async function* runNative(
  engine: Engine,
  { prompt, sampling, rules: wanted = NO_RULES }: NativeRequest,
  signal: AbortSignal,
): AsyncGenerator<NativeRun, void, void> {
  const rules = chatRules(rulesInForce(wanted, prompt.messages), engine.capabilities.chatRules)
  const writer = createServerWriter()
  let run: NativeRun = {
    body: '',
    prompt: null,
    raw: '',
    log: [],
    rules,
    state: { type: 'running' },
  }
  const next = (change: Partial<NativeRun>) => (run = { ...run, ...change })
  const written = (text: string) => next({ raw: run.raw + text, state: { type: 'running' } })
  const fail = (error: EngineError) =>
    next({ raw: run.raw + writer.end(false), state: { type: 'failed', error } })
  const chat = engine.chat?.(chatRequestOf(prompt, sampling, rules), signal)
  if (!chat) {
    return yield fail({ kind: 'unsupported', detail: 'It has no tool calling of its own.' })
  }
  try {
    for await (const event of chat) {
      switch (event.type) {
        case 'loading': {
          const { doneBytes, totalBytes } = event
          yield next({ state: { type: 'loading', doneBytes, totalBytes } })
          break
        }
        case 'sent':
          yield next({ body: event.body, state: { type: 'running' } })
          break
        case 'prompt':
          yield next({ prompt: event.prompt })
          break
        case 'log':
          yield next({ log: event.lines })
          break
        case 'text':
          yield written(writer.text(event.text))
          break
        case 'reasoning':
          yield written(writer.reasoning(event.text))
          break
        case 'call-part':
          yield written(writer.callPart(event))
          break
        case 'end': {
          const { reason, usage, timings } = event
          const raw = run.raw + writer.end(reason === 'stop')
          return yield next({ raw, state: { type: 'ended', reason, usage, timings } })
        }
        case 'error':
          return yield fail(event.error)
      }
    }
    yield fail({ kind: 'crashed', detail: 'The engine fell silent.' })
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    yield fail({ kind: 'crashed', detail })
  }
}
