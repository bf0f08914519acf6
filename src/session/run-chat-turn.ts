import { toChatMessages, toChatTools } from '../core/chat/openai-chat.ts'
import { formatById } from '../core/formats/all-formats.ts'
import { serverCalls } from '../core/formats/server-calls.ts'
import { createServerWriter } from '../core/formats/server-writer.ts'
import type { PromptInput } from '../core/template/build-prompt.ts'
import type { CallGrammarError } from '../core/grammar/call-grammar.ts'
import type { Tool } from '../core/tools/tool.ts'
import { type CallRules, hasRules, NO_RULES } from '../core/tools/tool-choice.ts'
import type { Capabilities } from '../engine/capabilities.ts'
import type { ChatEvent, ChatRequest } from '../engine/chat.ts'
import type { Engine, SamplingParams } from '../engine/engine.ts'
import { rulesInForce } from './bind-calls.ts'
import type { TurnEvent } from './session-event.ts'

/** A turn as the engine's own tool calling takes it, held to `rules`. */
export function chatRequestOf(
  prompt: Omit<PromptInput, 'nowMs'>,
  sampling: SamplingParams,
  rules: CallRules = NO_RULES,
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
    toolChoice: rules.choice,
    parallelCalls: rules.parallel ? null : false,
    sampling,
  }
}

/**
 * Runs one completion through the engine's own tool calling. The events are those of `runTurn`: what comes as data is
 * written as text of the format `server`, and the prompt is the body of the request.
 */
export async function* runChatTurn(
  engine: Engine,
  request: {
    readonly prompt: PromptInput
    readonly sampling: SamplingParams
    readonly rules?: CallRules
  },
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, void, void> {
  const { prompt, sampling } = request
  const rules = chatRules(
    rulesInForce(request.rules ?? NO_RULES, prompt.messages),
    engine.capabilities.chatRules,
  )
  const unmet = unmetChoice(rules, prompt.tools)
  if (unmet) {
    yield { type: 'turn-error', error: { kind: 'tool-choice', error: unmet } }
    return
  }
  const chat = engine.chat?.(chatRequestOf(prompt, sampling, rules), signal)
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
          // Without tools there is nothing to be held to, and the request does not speak of it.
          rules: hasRules(rules) && prompt.tools.length > 0 ? rules : null,
        }
        break
      case 'loading':
      case 'prompt':
      case 'log':
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

/** The part of the rules that the engine's own tool calling takes: what an engine cannot do, no answer is held to. */
export function chatRules(rules: CallRules, can: Capabilities['chatRules']): CallRules {
  const { choice, parallel } = rules
  const isTaken = {
    auto: true,
    none: can?.none ?? false,
    required: can?.required ?? false,
    tool: can?.named ?? false,
  }[choice.type]
  return {
    choice: isTaken ? choice : { type: 'auto' },
    parallel: parallel || !can?.oneCall,
    // Not every server holds arguments to their schemas, and none says whether it does.
    strict: false,
  }
}

function unmetChoice({ choice }: CallRules, tools: readonly Tool[]): CallGrammarError | null {
  if (choice.type === 'tool' && !tools.some(({ name }) => name === choice.name))
    return { kind: 'unknown-tool', name: choice.name }
  return choice.type === 'required' && tools.length === 0 ? { kind: 'no-tools' } : null
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
