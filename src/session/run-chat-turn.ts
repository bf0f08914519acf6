import { toChatMessages, toChatTools } from '../core/chat/openai-chat.ts'
import { formatById } from '../core/formats/all-formats.ts'
import { serverCalls } from '../core/formats/server-calls.ts'
import { createServerWriter } from '../core/formats/server-writer.ts'
import type { PromptInput } from '../core/template/build-prompt.ts'
import type { ChatEvent, ChatRequest } from '../engine/chat.ts'
import type { Engine, SamplingParams } from '../engine/engine.ts'
import type { TurnEvent } from './session-event.ts'

/** A turn as the engine's own tool calling takes it. */
export function chatRequestOf(
  prompt: Omit<PromptInput, 'nowMs'>,
  sampling: SamplingParams,
): ChatRequest {
  const formatOf = prompt.formatOf ?? (() => prompt.format)
  return {
    messages: toChatMessages({
      messages: prompt.messages,
      systemPrompt: prompt.systemPrompt,
      tools: prompt.tools,
      formatOf: (message) => formatOf(message.format),
    }),
    tools: toChatTools(prompt.tools),
    toolChoice: 'auto',
    parallelCalls: null,
    sampling,
  }
}

/**
 * Runs one completion through the engine's own tool calling. The events are those of `runTurn`: what comes as data is
 * written as text of the format `server`, and the prompt is the body of the request.
 */
export async function* runChatTurn(
  engine: Engine,
  request: { readonly prompt: PromptInput; readonly sampling: SamplingParams },
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, void, void> {
  const chat = engine.chat?.(chatRequestOf(request.prompt, request.sampling), signal)
  if (!chat) {
    const error = { kind: 'unsupported', detail: 'It has no tool calling of its own.' } as const
    yield { type: 'turn-error', error: { kind: 'engine', error } }
    return
  }
  const format = formatById(serverCalls.id)
  const parser = format.createParser({ startsInReasoning: false })
  const writer = createServerWriter()
  let length = 0
  function* write(text: string): Generator<TurnEvent> {
    if (text === '') return
    yield { type: 'output-delta', at: length, text }
    length += text.length
    yield* parser.feed(text)
  }
  for await (const event of withTerminal(chat)) {
    switch (event.type) {
      case 'sent':
        yield {
          type: 'turn-start',
          prompt: event.body,
          format: format.id,
          startsInReasoning: false,
          kept: { raw: '', tokens: [] },
          rules: null,
        }
        break
      case 'text':
        yield* write(writer.text(event.text))
        break
      case 'reasoning':
        yield* write(writer.reasoning(event.text))
        break
      case 'call-part':
        yield* write(writer.callPart(event))
        break
      case 'end': {
        yield* write(writer.end(event.reason === 'stop'))
        yield* parser.end()
        const { reason, usage, timings } = event
        yield { type: 'turn-end', reason, usage, timings }
        return
      }
      case 'error':
        yield* write(writer.end(false))
        yield* parser.end()
        yield { type: 'turn-error', error: { kind: 'engine', error: event.error } }
        return
    }
  }
}

async function* withTerminal(
  events: AsyncIterable<ChatEvent>,
): AsyncGenerator<ChatEvent, void, void> {
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
