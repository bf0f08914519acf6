import { afterEach, describe, expect, it } from 'vitest'
import { startOpenAiServer, type OpenAiServer } from '../../e2e/fixtures/openai-server.ts'
import { formatById } from '../core/formats/all-formats.ts'
import { xlam } from '../core/formats/xlam.ts'
import type { CallRules } from '../core/tools/tool-choice.ts'
import type { ChatEvent } from '../engine/chat.ts'
import { createEngine } from '../engine/create-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { createAnsweringEngine } from './__fixtures__/answering-engine.ts'
import { GREEDY } from './__fixtures__/sampling.ts'
import { runNative, type NativeRequest, type NativeRun } from './run-native.ts'

const never = new AbortController().signal
const PARAMETERS = { type: 'object', properties: {} }
const DEFINITION = { name: 'get_weather', parameters: PARAMETERS }

const REQUEST: NativeRequest = {
  prompt: {
    messages: [{ type: 'user', text: 'Weather in Oslo?' }],
    systemPrompt: 'Be brief.',
    tools: [{ ...DEFINITION, description: '', definition: DEFINITION }],
    toolShape: 'bare',
    format: xlam,
    formatOf: formatById,
    chatTemplate: null,
    keepInstruction: true,
    bosToken: '',
    eosToken: '',
  },
  sampling: GREEDY,
}

const servers: OpenAiServer[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

async function runs(
  engine: Engine,
  rules?: CallRules,
  signal: AbortSignal = never,
): Promise<readonly NativeRun[]> {
  const seen: NativeRun[] = []
  const request = { ...REQUEST, ...(rules && { rules }) }
  for await (const run of runNative(engine, request, signal)) seen.push(run)
  return seen
}

function chatting(events: readonly ChatEvent[], thrown?: Error): Engine {
  const engine = createAnsweringEngine({ answers: [] })
  return {
    ...engine,
    capabilities: { ...engine.capabilities, chat: 'beside-text' },
    async *chat() {
      yield* events
      if (thrown) throw thrown
    },
  }
}

describe('runNative', () => {
  it('runs the same messages and tools through a server’s own tool calling', async () => {
    const server = await startOpenAiServer({
      script: ['[{"name": "get_weather", ', '"arguments": {"city": "Oslo"}}]'],
    })
    servers.push(server)
    const endpoint = {
      baseUrl: server.baseUrl,
      model: 'scripted',
      mode: 'raw',
      key: null,
    } as const
    const engine = await createEngine(
      { engine: 'remote', endpoint, template: null },
      () => undefined,
      never,
    )
    if (!engine.ok) throw new Error(JSON.stringify(engine.error))
    const rules = { choice: { type: 'required' }, parallel: false, strict: true } as const
    const last = (await runs(engine.value, rules)).at(-1)
    expect(last).toMatchObject({
      raw: '<|server_call|>{"name": "get_weather", "arguments": {"city": "Oslo"}}<|/server_call|>',
      // By its own template.
      prompt: expect.stringMatching(/^<tools>.*get_weather.*<assistant>$/s),
      // The server is not asked for strict arguments.
      rules: { ...rules, strict: false },
      state: { type: 'ended', reason: 'stop' },
    })
    const { body } = server.requests.findLast(({ path }) => path === '/v1/chat/completions') ?? {}
    expect(JSON.parse(last?.body ?? '')).toEqual(body)
    expect(body).toMatchObject({
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
      tools: [{ function: DEFINITION }],
      tool_choice: 'required',
      parallel_tool_calls: false,
    })
  })

  it('tells the load, the prompt, and of a failure the engine’s own log', async () => {
    const error = { kind: 'crashed', detail: 'peg-native' } as const
    const seen = await runs(
      chatting([
        { type: 'loading', doneBytes: 1, totalBytes: 2 },
        { type: 'sent', body: '{}' },
        { type: 'prompt', prompt: 'P' },
        { type: 'text', text: 'a' },
        { type: 'log', lines: ['one', 'two'] },
        { type: 'error', error },
      ]),
    )
    expect(seen.map(({ state }) => state.type)).toEqual([
      'loading',
      'running',
      'running',
      'running',
      'running',
      'failed',
    ])
    expect(seen.at(-1)).toMatchObject({
      body: '{}',
      prompt: 'P',
      raw: 'a',
      log: ['one', 'two'],
      state: { type: 'failed', error },
    })
  })

  it('ends an engine that falls silent, throws, or has no tool calling', async () => {
    const failure = (run: NativeRun | undefined) =>
      run?.state.type === 'failed' ? run.state.error : null
    expect(failure((await runs(chatting([]))).at(-1))).toMatchObject({ kind: 'crashed' })
    const broken = chatting([{ type: 'sent', body: '{}' }], new Error('broken'))
    expect(failure((await runs(broken)).at(-1))).toMatchObject({ detail: 'broken' })
    const none = createAnsweringEngine({ answers: [] })
    expect(failure((await runs(none)).at(-1))).toMatchObject({ kind: 'unsupported' })
  })
})
