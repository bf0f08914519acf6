import { buildPrompt, type PromptInput } from '../core/template/build-prompt.ts'
import type { Engine, EngineEvent, SamplingParams } from '../engine/engine.ts'
import { runChatTurn } from './run-chat-turn.ts'
import type { TurnEvent } from './session-event.ts'

export type TurnRequest = {
  readonly prompt: PromptInput
  readonly sampling: SamplingParams
}

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
  if (engine.capabilities.chat === 'only') return yield* runChatTurn(engine, request, signal)
  const built = buildPrompt(request.prompt)
  if (!built.ok) {
    yield { type: 'turn-error', error: { kind: 'template', error: built.error } }
    return
  }
  const { prompt, startsInReasoning, stop } = built.value
  const { format } = request.prompt
  yield { type: 'turn-start', prompt, format: format.id, startsInReasoning }

  const parser = format.createParser({ startsInReasoning })
  const generation = {
    prompt,
    sampling: request.sampling,
    stop,
    showControlTokens: format.controlTokens,
    constraint: null,
    alternatives: 0,
  }
  let length = 0
  for await (const event of withTerminal(engine.generate(generation, signal))) {
    switch (event.type) {
      case 'prefill':
        yield event
        break
      case 'token':
        if (event.text === '') break
        yield { type: 'output-delta', at: length, text: event.text }
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
