import { afterEach, describe, expect, it } from 'vitest'
import {
  startOpenAiServer,
  type OpenAiServer,
  type OpenAiServerOptions,
} from '../../e2e/fixtures/openai-server.ts'
import type { Message } from '../core/chat/message.ts'
import { formatById } from '../core/formats/all-formats.ts'
import { EMPTY_OUTPUT, reduceOutput } from '../core/formats/parsed-output.ts'
import { xlam } from '../core/formats/xlam.ts'
import type { PromptInput } from '../core/template/build-prompt.ts'
import type { Tool } from '../core/tools/tool.ts'
import { type CallRules, NO_RULES } from '../core/tools/tool-choice.ts'
import type { ChatEvent } from '../engine/chat.ts'
import { createEngine } from '../engine/create-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { createAnsweringEngine } from './__fixtures__/answering-engine.ts'
import { GREEDY } from './__fixtures__/sampling.ts'
import { chatRules } from './run-chat-turn.ts'
import { runTurn } from './run-turn.ts'
import type { TurnEvent } from './session-event.ts'

const never = new AbortController().signal
const CALL = '[{"name": "get_weather", "arguments": {"city": "Oslo"}}]'

const servers: OpenAiServer[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

/** A real server, and the engine that a user would have of it in chat mode. */
async function connect(options: OpenAiServerOptions = {}) {
  const server = await startOpenAiServer({ script: [CALL], ...options })
  servers.push(server)
  const endpoint = { baseUrl: server.baseUrl, model: 'scripted', mode: 'chat', key: null } as const
  const loaded = await createEngine(
    { engine: 'remote', endpoint, template: null },
    () => undefined,
    never,
  )
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
  const sent = () =>
    server.requests.findLast(({ path }) => path === '/v1/chat/completions')?.body ?? {}
  return { server, engine: loaded.value, sent }
}

function tool(name: string): Tool {
  const definition = { name, parameters: { type: 'object', properties: {} } }
  return { name, description: '', parameters: definition.parameters, definition } as Tool
}

const TOOLS = [tool('get_weather'), tool('get_time')]

function prompt(change: Partial<PromptInput> = {}): PromptInput {
  return {
    messages: [{ type: 'user', text: 'Weather in Oslo?' }],
    systemPrompt: '',
    tools: TOOLS,
    toolShape: 'bare',
    format: xlam,
    formatOf: formatById,
    chatTemplate: null,
    keepInstruction: true,
    bosToken: '',
    eosToken: '',
    nowMs: 0,
    ...change,
  }
}

async function run(
  engine: Engine,
  { rules, signal = never, ...change }: Partial<PromptInput> & TestOptions = {},
): Promise<readonly TurnEvent[]> {
  const events: TurnEvent[] = []
  const request = {
    prompt: prompt(change),
    sampling: GREEDY,
    alternatives: 0,
    continuation: null,
    ...(rules && { rules: { ...NO_RULES, ...rules } }),
  }
  for await (const event of runTurn(engine, request, signal)) events.push(event)
  expect(events.filter(({ type }) => type === 'turn-end' || type === 'turn-error')).toHaveLength(1)
  return events
}

type TestOptions = { readonly rules?: Partial<CallRules>; readonly signal?: AbortSignal }

const rawOf = (events: readonly TurnEvent[]) =>
  events.map((event) => (event.type === 'output-delta' ? event.text : '')).join('')

function outputOf(events: readonly TurnEvent[]) {
  return events.reduce((output, event) => {
    switch (event.type) {
      case 'turn-start':
      case 'prefill':
      case 'output-delta':
      case 'turn-end':
      case 'turn-error':
        return output
      default:
        return reduceOutput(output, event)
    }
  }, EMPTY_OUTPUT)
}

/** An engine whose own tool calling says just these events. */
function chatting(...events: readonly ChatEvent[]): Engine {
  const engine = createAnsweringEngine({ answers: [] })
  return {
    ...engine,
    capabilities: { ...engine.capabilities, chat: 'only' },
    async *chat() {
      yield* events
    },
  }
}

const END = {
  type: 'end',
  reason: 'stop',
  usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 },
  timings: { prefillMs: 1, decodeMs: 1, firstTokenMs: 1 },
} as const

describe('a turn through a server’s own tool calling', () => {
  it('sends messages and tools, and reads its calls as text of the format server', async () => {
    const { engine, sent } = await connect()
    const events = await run(engine)
    const [start] = events
    expect(start).toMatchObject({ type: 'turn-start', format: 'server', rules: null })
    expect(start?.type === 'turn-start' && JSON.parse(start.prompt)).toEqual(sent())
    expect(rawOf(events)).toBe(
      '<|server_call|>{"name": "get_weather", "arguments": {"city": "Oslo"}}<|/server_call|>',
    )
    expect(outputOf(events).calls).toMatchObject([
      { name: 'get_weather', state: { type: 'complete', arguments: { city: 'Oslo' } } },
    ])
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', reason: 'stop' })
  })

  it.each([
    [{}, { tool_choice: 'auto', parallel_tool_calls: undefined }],
    [{ choice: { type: 'none' } }, { tool_choice: 'none' }],
    [{ choice: { type: 'required' } }, { tool_choice: 'required' }],
    [
      { choice: { type: 'tool', name: 'get_time' } },
      { tool_choice: { type: 'function', function: { name: 'get_time' } } },
    ],
    [{ parallel: false }, { tool_choice: 'auto', parallel_tool_calls: false }],
  ] as const)('asks for what the rules say: %j', async (rules, fields) => {
    const { engine, sent } = await connect()
    const [start] = await run(engine, { rules })
    const { tool_choice, parallel_tool_calls } = sent()
    expect({ tool_choice, parallel_tool_calls }).toEqual({
      parallel_tool_calls: undefined,
      ...fields,
    })
    const isHeld = Object.keys(rules).length > 0
    expect(start).toMatchObject({ rules: isHeld ? { ...NO_RULES, ...rules } : null })
  })

  it('claims no strict arguments: the server is not asked for them', async () => {
    const { engine } = await connect()
    const [alone] = await run(engine, { rules: { strict: true } })
    expect(alone).toMatchObject({ rules: null })
    const [required] = await run(engine, { rules: { strict: true, choice: { type: 'required' } } })
    expect(required).toMatchObject({ rules: { choice: { type: 'required' }, strict: false } })
  })

  it('lets the model answer once a required call has its result', async () => {
    const { engine, sent } = await connect({ script: ['Mild.'] })
    const call = { name: 'get_weather', arguments: { city: 'Oslo' } }
    const answer: Message = {
      type: 'assistant',
      raw: CALL,
      format: 'xlam',
      startsInReasoning: false,
      prompt: '',
      modelName: '',
      end: { type: 'complete' },
      usage: null,
      timings: null,
      origin: 'model',
    }
    const results = [{ call, content: '12', source: 'typed' }] as const
    const messages: readonly Message[] = [
      { type: 'user', text: 'Weather in Oslo?' },
      answer,
      { type: 'tool-results', results },
    ]
    const events = await run(engine, { messages, rules: { choice: { type: 'required' } } })
    expect(sent()['tool_choice']).toBe('auto')
    expect(events[0]).toMatchObject({ rules: null })
    expect(rawOf(events)).toBe('Mild.')
  })

  it.each([
    ['llama-server', { choice: { type: 'tool', name: 'get_time' } }, { tool_choice: 'auto' }],
    ['ollama', { choice: { type: 'required' }, parallel: false }, { tool_choice: 'auto' }],
  ] as const)('does not ask %s for what it would ignore', async (kind, rules, fields) => {
    const { engine, sent } = await connect({ kind })
    const [start] = await run(engine, { rules })
    expect(sent()).toMatchObject(fields)
    expect(sent()['parallel_tool_calls']).toBeUndefined()
    expect(start).toMatchObject({ rules: null })
  })

  it('refuses a choice that the tools do not allow, before anything is sent', async () => {
    const { engine, server } = await connect()
    const before = server.requests.length
    const unknown = await run(engine, { rules: { choice: { type: 'tool', name: 'gone' } } })
    expect(unknown).toEqual([
      {
        type: 'turn-error',
        error: { kind: 'tool-choice', error: { kind: 'unknown-tool', name: 'gone' } },
      },
    ])
    const none = await run(engine, { tools: [], rules: { choice: { type: 'required' } } })
    expect(none).toMatchObject([{ error: { error: { kind: 'no-tools' } } }])
    expect(server.requests).toHaveLength(before)
  })

  it('says nothing of rules in a request without tools', async () => {
    const { engine, sent } = await connect({ script: ['Hi.'] })
    const [start] = await run(engine, { tools: [], rules: { parallel: false } })
    expect(start).toMatchObject({ rules: null })
    expect(Object.keys(sent())).not.toContain('tool_choice')
  })
})

describe('what comes over', () => {
  it('writes reasoning, text and the mixed parts of two calls as one text', async () => {
    const events = await run(
      chatting(
        { type: 'sent', body: '{}' },
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'Both: ' },
        { type: 'call-part', index: 0, name: 'a', arguments: '' },
        { type: 'call-part', index: 1, name: 'b', arguments: '{"x"' },
        { type: 'call-part', index: 0, name: '', arguments: '{}' },
        { type: 'call-part', index: 1, name: '', arguments: ': 1}' },
        END,
      ),
    )
    const { calls } = outputOf(events)
    expect(calls).toMatchObject([
      { name: 'a', state: { arguments: {} } },
      { name: 'b', state: { arguments: { x: 1 } } },
    ])
    expect(rawOf(events)).toContain('Hm.')
    // Offsets go on where the text before ended.
    let length = 0
    for (const event of events) {
      if (event.type !== 'output-delta') continue
      expect(event.at).toBe(length)
      length += event.text.length
    }
  })

  it('keeps a call that was cut off as cut off, and tells the error after it', async () => {
    const error = { kind: 'network', detail: 'gone' } as const
    const events = await run(
      chatting(
        { type: 'sent', body: '{}' },
        { type: 'call-part', index: 0, name: 'a', arguments: '{"x": ' },
        { type: 'error', error },
      ),
    )
    expect(outputOf(events).calls).toMatchObject([{ name: 'a', state: { type: 'cut-off' } }])
    expect(events.at(-1)).toEqual({ type: 'turn-error', error: { kind: 'engine', error } })
  })

  it('ends an engine that falls silent, throws, or has no tool calling', async () => {
    const silent = await run(chatting({ type: 'sent', body: '{}' }))
    expect(silent.at(-1)).toMatchObject({ error: { error: { kind: 'crashed' } } })
    const throwing = {
      ...chatting(),
      // oxlint-disable-next-line require-yield
      async *chat() {
        throw new Error('broken')
      },
    }
    expect((await run(throwing)).at(-1)).toMatchObject({ error: { error: { detail: 'broken' } } })
    const { capabilities } = chatting()
    const none = { ...createAnsweringEngine({ answers: [] }), capabilities }
    expect(await run(none)).toMatchObject([{ error: { error: { kind: 'unsupported' } } }])
  })

  it('an abort ends the answer, and the server sees it', async () => {
    const { engine } = await connect({ script: ['word '], endless: true, slow: true })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 60)
    const events = await run(engine, { signal: controller.signal })
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', reason: 'abort' })
  })

  it('does not continue an answer whose prompt the server wrote', async () => {
    const { engine } = await connect()
    const continuation = { prompt: '', raw: 'a', tokens: [], startsInReasoning: false }
    const events: TurnEvent[] = []
    const request = { prompt: prompt(), sampling: GREEDY, alternatives: 0, continuation }
    for await (const event of runTurn(engine, request, never)) events.push(event)
    expect(events).toMatchObject([
      { type: 'turn-error', error: { error: { kind: 'unsupported' } } },
    ])
  })
})

describe('chatRules', () => {
  it('takes nothing for granted where an engine does not tell', () => {
    const rules = { choice: { type: 'required' }, parallel: false, strict: true } as const
    expect(chatRules(rules, undefined)).toEqual(NO_RULES)
  })
})
