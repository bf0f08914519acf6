import { placeTokens } from '../core/chat/token-info.ts'
import { buildPrompt, type PromptInput } from '../core/template/build-prompt.ts'
import { type CallRules, NO_RULES } from '../core/tools/tool-choice.ts'
import type { Engine, EngineEvent, SamplingParams } from '../engine/engine.ts'
import { bindCalls } from './bind-calls.ts'
import { runChatTurn } from './run-chat-turn.ts'
import type { KeptOutput, TurnEvent } from './session-event.ts'

export type TurnRequest = {
  readonly prompt: PromptInput
  readonly sampling: SamplingParams
  /** What the answer is held to, where the engine can; absent: nothing. */
  readonly rules?: CallRules
  /** How many alternatives to tell with each token; 0: no tokens. */
  readonly alternatives: number
  /** Go on with an earlier answer instead of beginning a new one. */
  readonly continuation: Continuation | null
}

/** The exact prompt of an earlier answer, and as much of the answer as is to be kept. */
export type Continuation = KeptOutput & {
  readonly prompt: string
  readonly startsInReasoning: boolean
}

const NOTHING_KEPT: KeptOutput = { raw: '', tokens: [] }

/**
 * Runs one completion: builds the prompt, lets the engine go on, and parses what comes as it comes.
 *
 * Never throws, and ends in exactly one `turn-end` or `turn-error`; what the parser held back comes before it. Leaving
 * the loop early aborts the engine.
 */
export async function* runTurn(
  engine: Engine,
  request: TurnRequest,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, void, void> {
  // What is continued was begun in a prompt of ours, which such an engine does not take.
  if (engine.capabilities.chat === 'only' && request.continuation) {
    const error = { kind: 'unsupported', detail: 'The server writes the prompt itself.' } as const
    yield { type: 'turn-error', error: { kind: 'engine', error } }
    return
  }
  if (engine.capabilities.chat === 'only') return yield* runChatTurn(engine, request, signal)
  const built = buildPrompt(request.prompt)
  if (!built.ok) {
    yield { type: 'turn-error', error: { kind: 'template', error: built.error } }
    return
  }
  // An answer that is continued keeps the prompt that it was given, whatever the settings are by now.
  const { prompt, startsInReasoning } = request.continuation ?? built.value
  const { raw, tokens } = request.continuation ?? NOTHING_KEPT
  const { format } = request.prompt
  // A grammar speaks of whole answers: the rest of one that was begun is free.
  const canBind = engine.capabilities.constraint && request.continuation === null
  const rules = canBind ? (request.rules ?? NO_RULES) : NO_RULES
  const bound = bindCalls({ prompt: request.prompt, rules, startsInReasoning })
  if (!bound.ok) {
    yield { type: 'turn-error', error: { kind: 'tool-choice', error: bound.error } }
    return
  }
  const binding = bound.value
  yield {
    type: 'turn-start',
    prompt,
    format: format.id,
    startsInReasoning,
    kept: { raw, tokens },
    rules: binding && binding.rules,
  }

  const parser = format.createParser({ startsInReasoning, tools: request.prompt.tools })
  if (raw !== '') yield* parser.feed(raw)
  const generation = {
    prompt: prompt + raw,
    sampling: request.sampling,
    stop: built.value.stop,
    showControlTokens: format.controlTokens,
    constraint: binding && binding.constraint,
    alternatives: request.alternatives,
  }
  let length = raw.length
  for await (const event of withTerminal(engine.generate(generation, signal))) {
    switch (event.type) {
      case 'prefill':
        yield event
        break
      case 'token':
        if (event.text === '') break
        yield { type: 'output-delta', ...placed(event, length) }
        length += event.text.length
        yield* parser.feed(event.text)
        break
      case 'end':
        yield* parser.end()
        yield {
          type: 'turn-end',
          reason: event.reason,
          usage: event.usage,
          timings: event.timings,
        }
        return
      case 'error':
        yield* parser.end()
        yield { type: 'turn-error', error: { kind: 'engine', error: event.error } }
        return
    }
  }
}

function placed({ text, tokens }: Extract<EngineEvent, { type: 'token' }>, at: number) {
  return { at, text, ...(tokens && { tokens: placeTokens(tokens, { at, text }) }) }
}

/** The events of a stream up to its terminal one, which is made up when an engine breaks its contract. */
async function* withTerminal(
  events: AsyncIterable<EngineEvent>,
): AsyncGenerator<EngineEvent, void, void> {
  try {
    for await (const event of events) {
      yield event
      if (event.type === 'end' || event.type === 'error') return
    }
    yield { type: 'error', error: { kind: 'crashed', detail: 'The engine fell silent.' } }
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    yield { type: 'error', error: { kind: 'crashed', detail } }
  }
}
