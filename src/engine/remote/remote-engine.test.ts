import { afterEach, describe, expect, it } from 'vitest'
import {
  startOpenAiServer,
  type OpenAiFault,
  type OpenAiServer,
  type OpenAiServerOptions,
} from '../../../e2e/fixtures/openai-server.ts'
import {
  collect,
  describeEngineContract,
  requestFor,
  SCRIPT,
  textOf,
} from '../__fixtures__/engine-contract.ts'
import type { ChatEvent, ChatRequest } from '../chat.ts'
import { createEngine } from '../create-engine.ts'
import type { Endpoint } from '../endpoint.ts'
import type { Engine, EngineError } from '../engine.ts'

const never = new AbortController().signal
const servers: OpenAiServer[] = []
const engines: Engine[] = []
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.unload()))
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function serve(options: OpenAiServerOptions): Promise<OpenAiServer> {
  const server = await startOpenAiServer(options)
  servers.push(server)
  return server
}

function load(server: OpenAiServer, change: Partial<Endpoint> = {}) {
  const endpoint = {
    baseUrl: server.baseUrl,
    model: 'scripted',
    mode: 'raw',
    key: null,
    ...change,
  } as const
  return createEngine({ engine: 'remote', endpoint, template: null }, () => undefined, never)
}

async function open(options: OpenAiServerOptions, change: Partial<Endpoint> = {}) {
  const server = await serve(options)
  const engine = await load(server, change)
  if (!engine.ok) throw new Error(JSON.stringify(engine.error))
  engines.push(engine.value)
  return { server, engine: engine.value }
}

for (const kind of ['vllm', 'llama-server'] as const) {
  describeEngineContract(
    `remote (${kind})`,
    async (model) => (await open({ kind, ...model })).engine,
  )
}

describe('the request', () => {
  it('gives vLLM the prompt as it is, with what keeps it so', async () => {
    const { server, engine } = await open({ kind: 'vllm', script: SCRIPT })
    const prompt = '<|im_start|>user\n“é” $$ \u0000 {{x}}<|im_end|>\n'
    const constraint = { type: 'grammar', gbnf: 'root ::= "a"' } as const
    const events = await collect(
      engine.generate(
        requestFor(prompt, { constraint, alternatives: 3, stop: ['', 'END'] }),
        never,
      ),
    )
    expect(server.requests.find(({ path }) => path === '/v1/completions')?.body).toEqual({
      model: 'scripted',
      prompt,
      max_tokens: 400,
      temperature: 0,
      top_p: 1,
      top_k: -1,
      min_p: 0,
      repetition_penalty: 1,
      seed: 1,
      stop: ['END'],
      logprobs: 3,
      structured_outputs: { grammar: 'root ::= "a"' },
      add_special_tokens: false,
      skip_special_tokens: false,
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    })
    const [first] = events.flatMap((event) => (event.type === 'token' ? (event.tokens ?? []) : []))
    expect(first).toEqual({
      id: null,
      text: SCRIPT[0],
      logprob: -0.1,
      alternatives: [
        { id: null, text: SCRIPT[0], logprob: -0.1 },
        { id: null, text: 'a', logprob: -1.1 },
        { id: null, text: 'b', logprob: -2.1 },
      ],
    })
  })

  it('sends llama-server its own names, and reads its probabilities', async () => {
    const { server, engine } = await open({
      kind: 'llama-server',
      script: ['Hi'],
      chatTemplate: 'T',
    })
    expect(engine.info).toMatchObject({
      chatTemplate: 'T',
      eosToken: '<|im_end|>',
      contextLength: 32_768,
    })
    const constraint = { type: 'grammar', gbnf: 'root ::= "a"' } as const
    const events = await collect(
      engine.generate(requestFor('Hi\n', { constraint, alternatives: 2 }), never),
    )
    expect(server.requests.at(-1)?.body).toMatchObject({
      grammar: 'root ::= "a"',
      cache_prompt: true,
      repeat_penalty: 1,
    })
    expect(events.find(({ type }) => type === 'token')).toMatchObject({
      tokens: [{ id: 1, text: 'Hi', alternatives: [{ text: 'Hi' }, { text: 'a' }] }],
    })
  })

  it('keeps from other servers what they may refuse, and says what they cannot do', async () => {
    const { server, engine } = await open({ kind: 'ollama', script: SCRIPT })
    expect(textOf(await collect(engine.generate(requestFor('Hi\n'), never)))).toBe(SCRIPT.join(''))
    expect(Object.keys(server.requests.at(-1)?.body ?? {})).toEqual([
      'model',
      'prompt',
      'max_tokens',
      'temperature',
      'top_p',
      'seed',
      'stream',
      'stream_options',
    ])
    expect(engine.capabilities).toMatchObject({ topK: false, constraint: false, alternatives: 0 })
    expect(await engine.countTokens('Hi', never)).toMatchObject({
      ok: false,
      error: { kind: 'unsupported' },
    })
    expect(await engine.warm('Hi', never)).toEqual({
      ok: true,
      value: { promptTokens: 0, cachedTokens: 0 },
    })
  })

  it('sends the key to the server, and names it in no event', async () => {
    const { server, engine } = await open({ key: 'sk-secret' }, { key: 'sk-secret' })
    const events = await collect(engine.generate(requestFor('Hi\n'), never))
    expect(server.requests.every(({ authorization }) => authorization === 'Bearer sk-secret')).toBe(
      true,
    )
    expect(JSON.stringify([events, engine.info])).not.toContain('sk-secret')
  })
})

describe('what goes wrong', () => {
  async function errorWith(fault: OpenAiFault): Promise<readonly [string, EngineError | null]> {
    const { server, engine } = await open({ script: SCRIPT })
    server.setFault(fault)
    const events = await collect(engine.generate(requestFor('Hi\n'), never))
    const last = events.at(-1)
    expect(events.filter(({ type }) => type === 'end' || type === 'error')).toHaveLength(1)
    return [textOf(events), last?.type === 'error' ? last.error : null]
  }
  const status = (code: number, message = 'no', retryAfter?: number): OpenAiFault => ({
    type: 'status',
    status: code,
    message,
    ...(retryAfter !== undefined && { retryAfter }),
  })

  it.each([
    [status(401), { type: 'unauthorized', status: 401, hadKey: false }],
    [status(403), { type: 'unauthorized', status: 403, hadKey: false }],
    [status(404, 'The model `x` does not exist.'), { type: 'no-such-model', model: 'scripted' }],
    [status(404), { type: 'no-such-path', path: '/completions' }],
    [status(429, 'slow down', 7), { type: 'rate-limited', retryAfterSeconds: 7 }],
    [status(429), { type: 'rate-limited', retryAfterSeconds: null }],
    [status(500, 'CUDA error'), { type: 'refused', status: 500, detail: 'CUDA error' }],
  ])('%j', async (fault, problem) => {
    const [text, error] = await errorWith(fault)
    expect(text).toBe('')
    expect(error).toMatchObject({ kind: 'endpoint', failure: { server: 'vllm', ...problem } })
  })

  it('a grammar that the server cannot read', async () => {
    const [, error] = await errorWith(status(400, 'Invalid grammar specification.'))
    expect(error).toEqual({ kind: 'bad-constraint', detail: 'Invalid grammar specification.' })
  })

  it.each(['data', 'error-line'] as const)('an error in the middle (%s)', async (style) => {
    const [text, error] = await errorWith({ type: 'error-midway', message: 'Engine died', style })
    expect(text).toBe(SCRIPT[0])
    expect(error).toMatchObject({ failure: { type: 'failed-midway', detail: 'Engine died' } })
  })

  it('a cut connection', async () => {
    const [text, error] = await errorWith({ type: 'cut' })
    expect(text).toBe(SCRIPT[0])
    expect(error).toMatchObject({ failure: { type: 'cut-off' } })
  })

  it.each([{ type: 'no-done' }, { type: 'one-byte-chunks' }] as const)(
    'nothing, with %j',
    async (fault) => {
      const { server, engine } = await open({ script: ['é🙂', '漢', '.'] })
      server.setFault(fault)
      const events = await collect(engine.generate(requestFor('Hi\n'), never))
      expect(textOf(events)).toBe('é🙂漢.')
      expect(events.at(-1)).toMatchObject({
        type: 'end',
        reason: 'stop',
        usage: { completionTokens: 3 },
      })
    },
    20_000,
  )

  it('at the load: no server, no such model, no key, no such API', async () => {
    const server = await serve({ key: 'sk-secret' })
    expect(await load(server)).toMatchObject({
      error: { failure: { type: 'unauthorized', hadKey: false } },
    })
    expect(await load(server, { key: 'wrong' })).toMatchObject({
      error: { failure: { hadKey: true } },
    })
    expect(await load(server, { key: 'sk-secret', model: 'other' })).toMatchObject({
      error: { failure: { type: 'no-such-model', model: 'other' } },
    })
    const open = await serve({})
    const elsewhere = open.baseUrl.replace('/v1', '/v2')
    expect(await load(open, { baseUrl: elsewhere })).toMatchObject({
      error: { failure: { type: 'no-such-path' } },
    })
    await server.close()
    expect(await load(server)).toMatchObject({ error: { failure: { type: 'cut-off' } } })
  })
})

describe('chat', () => {
  const REQUEST: ChatRequest = {
    messages: [{ role: 'user', content: 'Ping a and b' }],
    tools: [{ type: 'function', function: { name: 'ping', parameters: { type: 'object' } } }],
    toolChoice: { type: 'auto' },
    parallelCalls: true,
    sampling: requestFor('').sampling,
  }
  async function chat(engine: Engine, request = REQUEST): Promise<readonly ChatEvent[]> {
    const events: ChatEvent[] = []
    for await (const event of engine.chat?.(request, never) ?? []) events.push(event)
    return events
  }

  it('streams the calls that the server found', async () => {
    const script = [
      '[{"name": "ping", ',
      '"arguments": {"host": "a"}}, ',
      '{"name": "ping", "arguments": {}}]',
    ]
    const { server, engine } = await open({ script }, { mode: 'chat' })
    expect(engine.capabilities).toMatchObject({ chat: 'only', constraint: false, alternatives: 0 })
    const events = await chat(engine)
    const [sent] = events
    const { body } = server.requests.at(-1) ?? {}
    expect(sent?.type === 'sent' && JSON.parse(sent.body)).toEqual(body)
    expect(body).toMatchObject({
      tools: REQUEST.tools,
      tool_choice: 'auto',
      parallel_tool_calls: true,
    })
    const parts = events.filter((event) => event.type === 'call-part')
    const merged = [0, 1].map((index) => parts.filter((part) => part.index === index))
    expect(merged.map((all) => all.map((part) => part.name).join(''))).toEqual(['ping', 'ping'])
    expect(merged.map((all) => all.map((part) => part.arguments).join(''))).toEqual([
      '{"host": "a"}',
      '{}',
    ])
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
  })

  it.each(['vllm', 'llama-server'] as const)(
    'tells the prompt that %s makes of it',
    async (kind) => {
      const { engine } = await open({ kind, script: ['Which host?'] })
      const events = await chat(engine)
      const tools = JSON.stringify(REQUEST.tools)
      const prompt = `<tools>${tools}\n<user>Ping a and b\n<assistant>`
      expect(events.filter(({ type }) => type === 'prompt')).toEqual([{ type: 'prompt', prompt }])
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
    },
  )

  it('tells no prompt where the server does not, and asks for none in chat mode', async () => {
    const ollama = await open({ kind: 'ollama', script: ['Hi'] })
    const inChatMode = await open({ script: ['Hi'] }, { mode: 'chat' })
    for (const { engine, server } of [ollama, inChatMode]) {
      const events = await chat(engine)
      expect(events.map(({ type }) => type)).not.toContain('prompt')
      expect(events.at(-1)).toMatchObject({ type: 'end' })
      expect(server.requests.filter(({ path }) => path.endsWith('tokenize'))).toEqual([])
    }
  })

  it('streams text, and fails with the kind of the failure', async () => {
    const { server, engine } = await open({ script: ['Which', ' host?'] })
    const texts = (await chat(engine)).map((event) => (event.type === 'text' ? event.text : ''))
    expect(texts.join('')).toBe('Which host?')
    server.setFault({ type: 'status', status: 429, message: 'no' })
    expect((await chat(engine)).at(-1)).toMatchObject({
      error: { failure: { type: 'rate-limited' } },
    })
  })
})
