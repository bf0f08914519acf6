import { describe, expect, it } from 'vitest'
import type { Message } from '../core/chat/message.ts'
import { xlam } from '../core/formats/xlam.ts'
import type { CannedResult, CannedResultId, Tool } from '../core/tools/tool.ts'
import { GREEDY } from './__fixtures__/sampling.ts'
import {
  createAnsweringEngine,
  gate,
  type AnswerScript,
  type AnsweringEngine,
} from './__fixtures__/answering-engine.ts'
import { runAgent, type RunRequest } from './run-agent.ts'
import type { SessionEvent } from './session-event.ts'

const definition = {
  name: 'get_weather',
  description: 'The weather',
  parameters: {
    type: 'object',
    properties: { location: { type: 'string' }, unit: { type: 'string' } },
    required: ['location'],
  },
}
const weather: Tool = { ...definition, definition }

const canned = (when: CannedResult['when'], content: string): CannedResult => ({
  id: content as CannedResultId,
  when,
  content,
})

const OSLO = '[{"name": "get_weather", "arguments": {"location": "Oslo"}}]'
const ROME = '[{"name": "get_weather", "arguments": {"location": "Rome"}}]'
const BOTH = `${OSLO.slice(0, -1)}, ${ROME.slice(1)}`

function request(change: Partial<RunRequest> = {}, messages?: readonly Message[]): RunRequest {
  return {
    prompt: {
      messages: messages ?? [{ type: 'user', text: 'Weather?' }],
      systemPrompt: '',
      tools: [weather],
      toolShape: 'bare',
      format: xlam,
      chatTemplate: null,
      keepInstruction: true,
      bosToken: '',
      eosToken: '',
      nowMs: 0,
    },
    sampling: GREEDY,
    alternatives: 0,
    continuation: null,
    automatic: true,
    maxSteps: 5,
    cannedResults: () => [canned({ location: 'Oslo' }, '{"temp": 4}'), canned({}, '{"temp": 20}')],
    ...change,
  }
}

async function run(
  answers: readonly AnswerScript[],
  runRequest: RunRequest = request(),
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly events: readonly SessionEvent[]; readonly engine: AnsweringEngine }> {
  const engine = createAnsweringEngine({ answers })
  const events: SessionEvent[] = []
  for await (const event of runAgent(engine, runRequest, signal)) events.push(event)
  return { events, engine }
}

const endOf = (events: readonly SessionEvent[]) => events.filter(({ type }) => type === 'run-end')
const resultsOf = (events: readonly SessionEvent[]) =>
  events.flatMap((event) =>
    event.type === 'results' ? [event.results.map(({ content }) => content)] : [],
  )

describe('runAgent', () => {
  it('ends after an answer without a call', async () => {
    const { events } = await run([['Hello!']])
    expect(events.map(({ type }) => type)).toEqual([
      'step-start',
      'turn-start',
      'output-delta',
      'text-delta',
      'turn-end',
      'step-end',
      'run-end',
    ])
    expect(endOf(events)).toEqual([{ type: 'run-end', end: { type: 'answered' } }])
  })

  it('feeds the canned results that fit the arguments, one per call, and goes on', async () => {
    const { events, engine } = await run([[BOTH], ['Cold and warm.']])
    expect(resultsOf(events)).toEqual([['{"temp": 4}', '{"temp": 20}']])
    expect(endOf(events)).toEqual([{ type: 'run-end', end: { type: 'answered' } }])
    expect(engine.requests).toHaveLength(2)
    expect(engine.requests[1]?.prompt).toContain('Oslo')
    expect(engine.requests[1]?.prompt).toMatch(/"temp": 4[\s\S]*"temp": 20/)
  })

  it.each([
    { why: 'manual', case: 'by hand', output: OSLO, change: { automatic: false } },
    {
      why: 'invalid-call',
      case: 'an invalid call',
      output: '[{"name": "get_weather", "arguments": {}}]',
    },
    { why: 'invalid-call', case: 'an unknown tool', output: OSLO.replace('weather', 'wether') },
    {
      why: 'invalid-call',
      case: 'one of two calls is invalid',
      output: `${OSLO.slice(0, -1)}, {"name": "x", "arguments": {}}]`,
    },
    {
      why: 'unreadable-call',
      case: 'a call that cannot be read',
      output: `${OSLO.slice(0, -1)}, {"name": "get_weather", "arguments": {"a" 1}}]`,
    },
    {
      why: 'no-canned-result',
      case: 'no result fits',
      output: OSLO,
      change: { cannedResults: () => [canned({ location: 'Rome' }, 'x')] },
    },
  ] satisfies { why: string; case: string; output: string; change?: Partial<RunRequest> }[])(
    'waits: $why ($case)',
    async ({ why, output, change }) => {
      const { events, engine } = await run([[output]], request(change))
      expect(endOf(events)).toEqual([{ type: 'run-end', end: { type: 'waiting', why } }])
      expect(engine.requests).toHaveLength(1)
    },
  )

  it('waits when the answer was cut off after a whole call', async () => {
    const end = {
      type: 'end',
      reason: 'length',
      usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 },
      timings: { prefillMs: 1, decodeMs: 1, firstTokenMs: 1 },
    } as const
    const { events } = await run([
      [`${OSLO.slice(0, -1)}, {"name": "get_weather", "arguments": {"loc`, end],
    ])
    expect(endOf(events)).toEqual([
      { type: 'run-end', end: { type: 'waiting', why: 'not-finished' } },
    ])
  })

  it('stops at the cap on steps', async () => {
    const answers = ['a', 'b', 'c', 'd'].map((place) => [OSLO.replace('Oslo', place)])
    const { events, engine } = await run(answers, request({ maxSteps: 3 }))
    expect(engine.requests).toHaveLength(3)
    expect(endOf(events)).toEqual([{ type: 'run-end', end: { type: 'step-limit', maxSteps: 3 } }])
  })

  it('stops when the same call comes twice in a row', async () => {
    const { events, engine } = await run([[OSLO]])
    expect(engine.requests).toHaveLength(2)
    expect(endOf(events)).toEqual([
      { type: 'run-end', end: { type: 'repeated-call', name: 'get_weather', times: 2 } },
    ])
  })

  it('stops when a call comes the third time, with others between', async () => {
    const { events, engine } = await run(
      [[OSLO], [ROME], [OSLO], [ROME], [OSLO]],
      request({ maxSteps: 9 }),
    )
    expect(engine.requests).toHaveLength(5)
    expect(endOf(events)).toEqual([
      { type: 'run-end', end: { type: 'repeated-call', name: 'get_weather', times: 3 } },
    ])
  })

  it('remembers the calls that were answered by hand since the user spoke', async () => {
    const { events, engine } = await run(
      [[OSLO]],
      request({}, [
        { type: 'user', text: 'Weather?' },
        {
          type: 'assistant',
          raw: OSLO,
          format: 'xlam',
          startsInReasoning: false,
          prompt: '',
          modelName: 'm',
          end: { type: 'complete' },
          usage: null,
          timings: null,
          origin: 'model',
        },
        {
          type: 'tool-results',
          results: [
            {
              call: { name: 'get_weather', arguments: { location: 'Oslo' } },
              content: '5',
              source: 'typed',
            },
          ],
        },
      ]),
    )
    expect(engine.requests).toHaveLength(1)
    expect(endOf(events)[0]).toMatchObject({ end: { type: 'repeated-call' } })
  })

  it('ends as stopped when it is stopped, with one end', async () => {
    const controller = new AbortController()
    const engine = createAnsweringEngine({ answers: [[OSLO], ['Now ', gate().promise, 'later']] })
    const events: SessionEvent[] = []
    for await (const event of runAgent(engine, request(), controller.signal)) {
      events.push(event)
      if (event.type === 'output-delta' && event.text === 'Now ') controller.abort()
    }
    expect(endOf(events)).toEqual([{ type: 'run-end', end: { type: 'stopped' } }])
    expect(events.at(-1)?.type).toBe('run-end')
  })

  it('does not go on when it was stopped between two steps', async () => {
    const controller = new AbortController()
    const engine = createAnsweringEngine({ answers: [[OSLO], ['never']] })
    const events: SessionEvent[] = []
    for await (const event of runAgent(engine, request(), controller.signal)) {
      events.push(event)
      if (event.type === 'step-end') controller.abort()
    }
    expect(engine.requests).toHaveLength(1)
    expect(events.at(-1)).toEqual({ type: 'run-end', end: { type: 'stopped' } })
  })

  it('ends as failed when the engine crashes', async () => {
    const error = { kind: 'crashed', detail: 'gone' } as const
    const { events } = await run([['Hm', { type: 'error', error }]])
    expect(endOf(events)).toEqual([
      { type: 'run-end', end: { type: 'failed', error: { kind: 'engine', error } } },
    ])
  })
})
