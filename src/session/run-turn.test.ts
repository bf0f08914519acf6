import { describe, expect, it } from 'vitest'
import { hermes } from '../core/formats/hermes.ts'
import { xlam } from '../core/formats/xlam.ts'
import type { PromptInput } from '../core/template/build-prompt.ts'
import type { Engine } from '../engine/engine.ts'
import { createAnsweringEngine, gate, type AnswerScript } from './__fixtures__/answering-engine.ts'
import { GREEDY } from './__fixtures__/sampling.ts'
import { runTurn, type TurnRequest } from './run-turn.ts'
import type { TurnEvent } from './session-event.ts'

function promptInput(change: Partial<PromptInput> = {}): PromptInput {
  return {
    messages: [{ type: 'user', text: 'Weather in Oslo?' }],
    systemPrompt: '',
    tools: [],
    toolShape: 'bare',
    format: xlam,
    chatTemplate: null,
    keepInstruction: true,
    bosToken: '',
    eosToken: '',
    nowMs: 0,
    ...change,
  }
}

function turnRequest(change: Partial<TurnRequest> = {}): TurnRequest {
  return {
    prompt: promptInput(),
    sampling: GREEDY,
    alternatives: 0,
    continuation: null,
    ...change,
  }
}

async function eventsOf(
  engine: Engine,
  request: TurnRequest = turnRequest(),
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly TurnEvent[]> {
  const events: TurnEvent[] = []
  for await (const event of runTurn(engine, request, signal)) events.push(event)
  return events
}

function answering(...script: AnswerScript): Engine {
  return createAnsweringEngine({ answers: [script] })
}

const isTerminal = ({ type }: TurnEvent) => type === 'turn-end' || type === 'turn-error'

describe('runTurn', () => {
  it('turns tokens into raw output and parse events, in order', async () => {
    const prefill = { type: 'prefill', done: 7, total: 7, cached: 2 } as const
    const [start, ...events] = await eventsOf(
      answering(prefill, '[{"name": "f", ', '"arguments": {}}]'),
    )
    expect(start).toMatchObject({ type: 'turn-start', format: 'xlam', startsInReasoning: false })
    expect(events).toEqual([
      prefill,
      { type: 'output-delta', at: 0, text: '[{"name": "f", ' },
      { type: 'output-delta', at: 15, text: '"arguments": {}}]' },
      { type: 'call-start', call: 0, name: 'f', nameSpan: { start: 11, end: 12 }, at: 1 },
      { type: 'call-arguments-delta', call: 0, at: 28, text: '{}' },
      {
        type: 'call-end',
        call: 0,
        span: { start: 1, end: 31 },
        argumentsSpan: { start: 28, end: 30 },
        arguments: {},
      },
      {
        type: 'turn-end',
        reason: 'stop',
        usage: { promptTokens: 10, cachedTokens: 0, completionTokens: 2 },
        timings: { prefillMs: 5, decodeMs: 10, firstTokenMs: 6 },
      },
    ])
  })

  it('sends exactly the prompt that it reports', async () => {
    const engine = createAnsweringEngine({ answers: [['hi']] })
    const [start] = await eventsOf(engine)
    expect(start?.type === 'turn-start' && start.prompt).toBe(engine.requests[0]?.prompt)
    expect(engine.requests[0]?.prompt).toContain('Weather in Oslo?')
  })

  it('begins in reasoning when the prompt ends inside an open tag', async () => {
    const prompt = promptInput({
      format: hermes,
      chatTemplate: '{% for m in messages %}{{ m.content }}{% endfor %}<think>',
    })
    const events = await eventsOf(answering('Hm.</think>Hello'), turnRequest({ prompt }))
    expect(events.filter(({ type }) => type.endsWith('-delta')).slice(1)).toEqual([
      { type: 'reasoning-delta', at: 0, text: 'Hm.' },
      { type: 'text-delta', at: 11, text: 'Hello' },
    ])
  })

  it('marks a call that the length limit cuts off, before the end', async () => {
    const end = { type: 'end', reason: 'length', usage: USAGE, timings: TIMINGS } as const
    const events = await eventsOf(answering('[{"name": "f", "arguments": {"a": "b', end))
    expect(events.slice(-2)).toEqual([
      { type: 'call-cut-off', call: 0, name: 'f', span: { start: 1, end: 36 } },
      { type: 'turn-end', reason: 'length', usage: USAGE, timings: TIMINGS },
    ])
  })

  it.each([
    ['in prefill', [{ type: 'prefill', done: 1, total: 9, cached: 0 }, gate().promise, 'late']],
    ['in decode', ['early', gate().promise, 'late']],
  ] satisfies [string, AnswerScript][])('ends as aborted when stopped %s', async (_, script) => {
    const controller = new AbortController()
    const events: TurnEvent[] = []
    const request = turnRequest()
    for await (const event of runTurn(answering(...script), request, controller.signal)) {
      events.push(event)
      if (event.type === 'prefill' || event.type === 'output-delta') controller.abort()
    }
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', reason: 'abort' })
    expect(events.filter(isTerminal)).toHaveLength(1)
    expect(events).not.toContainEqual(expect.objectContaining({ text: 'late' }))
  })

  it('reports an engine that crashes, after what it had written', async () => {
    const error = { kind: 'crashed', detail: 'gone' } as const
    const events = await eventsOf(answering('Hel', { type: 'error', error }))
    expect(events.slice(1)).toEqual([
      { type: 'output-delta', at: 0, text: 'Hel' },
      { type: 'text-delta', at: 0, text: 'Hel' },
      { type: 'turn-error', error: { kind: 'engine', error } },
    ])
  })

  it.each([
    ['throws', 'Error: boom'],
    ['falls silent', 'The engine fell silent.'],
  ])('ends in one error when an engine %s', async (how, detail) => {
    const engine: Engine = {
      ...answering(),
      async *generate() {
        yield { type: 'token', text: 'a' }
        if (how === 'throws') throw new Error('Error: boom')
      },
    }
    const events = await eventsOf(engine)
    expect(events.filter(isTerminal)).toEqual([
      { type: 'turn-error', error: { kind: 'engine', error: { kind: 'crashed', detail } } },
    ])
  })

  it('leaving the loop early ends the engine stream', async () => {
    let isClosed = false
    const engine: Engine = {
      ...answering(),
      async *generate() {
        try {
          yield { type: 'token', text: 'a' }
          yield { type: 'token', text: 'b' }
        } finally {
          isClosed = true
        }
      },
    }
    const request = turnRequest()
    for await (const event of runTurn(engine, request, new AbortController().signal)) {
      if (event.type === 'output-delta') break
    }
    expect(isClosed).toBe(true)
  })

  it('tells each token with its place when alternatives were asked for', async () => {
    const token = (text: string) => ({ id: 7, text, logprob: -1, alternatives: [] })
    const engine = createAnsweringEngine({
      answers: [
        [
          { type: 'token', text: 'He', tokens: [token('He')] },
          { type: 'token', text: 'llo', tokens: [token('l'), token('lo')] },
        ],
      ],
    })
    const events = await eventsOf(engine, turnRequest({ alternatives: 3 }))
    expect(engine.requests[0]?.alternatives).toBe(3)
    expect(
      events.flatMap((event) => (event.type === 'output-delta' ? (event.tokens ?? []) : [])),
    ).toEqual([
      { ...token('He'), at: 0 },
      { ...token('l'), at: 2 },
      { ...token('lo'), at: 3 },
    ])
  })

  it('goes on from the beginning of an earlier answer, with the prompt that it had', async () => {
    const engine = createAnsweringEngine({ answers: [[' "arguments": {}}]']] })
    const raw = '[{"name": "f",'
    const events = await eventsOf(
      engine,
      turnRequest({
        continuation: { prompt: 'As it was: ', startsInReasoning: false, raw, tokens: [] },
      }),
    )
    expect(engine.requests[0]?.prompt).toBe(`As it was: ${raw}`)
    expect(events[0]).toMatchObject({ prompt: 'As it was: ', kept: { raw, tokens: [] } })
    expect(events).toContainEqual({
      type: 'output-delta',
      at: raw.length,
      text: ' "arguments": {}}]',
    })
    expect(events).toContainEqual(expect.objectContaining({ type: 'call-end', call: 0 }))
  })
})

const USAGE = { promptTokens: 1, cachedTokens: 0, completionTokens: 1 }
const TIMINGS = { prefillMs: 1, decodeMs: 1, firstTokenMs: 1 }
