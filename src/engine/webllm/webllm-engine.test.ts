import { describe, expect, it } from 'vitest'
import { connectEngine } from '../connect-engine.ts'
import {
  collect,
  describeEngineContract,
  requestFor,
  SCRIPT,
  textOf,
} from '../__fixtures__/engine-contract.ts'
import { createScriptedEngine } from '../__fixtures__/scripted-engine.ts'
import { startWorker } from '../__fixtures__/start-worker.ts'
import type { Engine, EngineError, EngineEvent, LoadRequest } from '../engine.ts'
import { createScriptedMlc, type ScriptedMlcOptions } from './__fixtures__/scripted-mlc.ts'
import { identityOptions } from './identity-template.ts'
import { createWebllmEngine } from './webllm-engine.ts'

const never = new AbortController().signal
const STOP_TOKENS = [151645, 151643]

/** What a model's own file says, with all that must not come through. */
const CHAT_CONFIG = {
  context_window_size: 32768,
  sliding_window_size: -1,
  temperature: 0.7,
  conv_template: {
    system_template: '<|im_start|>system\n{system_message}<|im_end|>\n',
    system_message: 'You are Qwen.',
    roles: { user: '<|im_start|>user', assistant: '<|im_start|>assistant' },
    role_templates: { user: '{user_message}', assistant: '{assistant_message}' },
    seps: ['<|im_end|>\n'],
    stop_str: ['<|im_end|>'],
    stop_token_ids: STOP_TOKENS,
    system_prefix_token_ids: [1],
  },
  conv_config: { system_message: 'More', seps: ['!!'] },
}

function engineOver(options: ScriptedMlcOptions & { readonly contextLength?: number }) {
  const { contextLength = 8192 } = options
  const { mlc, pipeline } = createScriptedMlc(
    { chatConfig: CHAT_CONFIG, ...options },
    identityOptions(STOP_TOKENS, contextLength),
  )
  const device = new AbortController()
  const engine = createWebllmEngine({
    mlc,
    info: { ...createScriptedEngine({ script: [], contextLength }).info, engine: 'webllm' },
    countTokens: async (text) => new TextEncoder().encode(text).length,
    deviceLost: device.signal,
  })
  return { engine, pipeline, lose: (error: EngineError) => device.abort(error) }
}

/** Over the protocol, as the page has it. */
async function connect(engine: Engine): Promise<Engine> {
  const { worker } = startWorker(async () => ({ ok: true, value: engine }))
  const request = { engine: 'webllm' } as LoadRequest
  const loaded = await connectEngine(worker, { request, onProgress: () => undefined }, never)
  if (!loaded.ok) throw new Error(loaded.error.kind)
  return loaded.value
}

describeEngineContract('WebLLM over a scripted pipeline', ({ script, slow, ...model }) =>
  connect(engineOver({ script, ...model, stepMs: slow ? 5 : 0 }).engine),
)

function endOf(events: readonly EngineEvent[]) {
  return events.at(-1)
}

describe('createWebllmEngine', () => {
  it.each([
    'plain',
    'Say "$$", "$&", "$\'", "$`" and "$1"',
    '{user_message} {system_message} {tool_message} {function_string}',
    '<|im_start|>system\nYou are…<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    ' leading and trailing \n\n',
    'é😀\u0000\u2028',
  ])('passes the prompt on byte for byte: %j', async (prompt) => {
    const { engine, pipeline } = engineOver({ script: SCRIPT })
    await collect(engine.generate(requestFor(prompt), never))
    await collect(engine.generate(requestFor(prompt), never))
    expect(pipeline.prompts.map((parts) => parts.join(''))).toEqual([prompt, prompt])
    expect(pipeline.conversation()?.config).toMatchObject({
      stop_token_ids: STOP_TOKENS,
      stop_str: [],
    })
  })

  it('would not without the identity template', async () => {
    const { mlc, pipeline } = createScriptedMlc({ script: SCRIPT, chatConfig: CHAT_CONFIG }, {})
    await mlc.chat.completions.create({ messages: [{ role: 'user', content: 'a $$ b' }] })
    expect(pipeline.prompts[0]?.join('')).not.toContain('a $$ b')
  })

  it('asks for what the request says, and for nothing that the model file sets', async () => {
    const { engine, pipeline } = engineOver({ script: SCRIPT })
    const request = requestFor('Hi', {
      sampling: {
        temperature: 0.4,
        topP: 0,
        topK: 40,
        minP: 0.1,
        repeatPenalty: 1.2,
        seed: 7,
        maxTokens: 9,
      },
      constraint: { type: 'grammar', gbnf: 'root ::= "[" "]"' },
      alternatives: 9,
    })
    await collect(engine.generate(request, never))
    expect(pipeline.configs[0]).toMatchObject({
      temperature: 0.4,
      top_p: 1e-5,
      repetition_penalty: 1.2,
      frequency_penalty: 0,
      presence_penalty: 0,
      max_tokens: 9,
      response_format: { type: 'grammar', grammar: 'root ::= "[" "]"' },
      logprobs: true,
      top_logprobs: 5,
    })
    expect(pipeline.seeds[0]).toBe(7)
  })

  it('tells the alternatives of each token, with the probabilities of the model at temperature 0', async () => {
    const { engine, pipeline } = engineOver({ script: ['a', 'b'] })
    const events = await collect(engine.generate(requestFor('Hi', { alternatives: 2 }), never))
    expect(events.filter((event) => event.type === 'token')).toEqual(
      ['a', 'b'].map((text) => ({
        type: 'token',
        text,
        tokens: [
          {
            id: null,
            text,
            logprob: -0.5,
            alternatives: [
              { id: null, text, logprob: -0.5 },
              { id: null, text: 'other 1', logprob: -1.5 },
            ],
          },
        ],
      })),
    )
    expect(pipeline.configs[0]).toMatchObject({ temperature: 1, top_p: 1e-5 })
  })

  it('shows no part of a stop text that comes in pieces, and stops there', async () => {
    const { engine } = engineOver({ script: ['a<', '|im_', 'end', '|>b', 'c'] })
    const request = requestFor('Hi', { stop: ['<|im_end|>'] })
    const events = await collect(engine.generate(request, never))
    expect(textOf(events)).toBe('a')
    expect(endOf(events)).toMatchObject({ reason: 'stop', usage: { completionTokens: 4 } })
  })

  it('shows what only began like a stop text', async () => {
    const { engine } = engineOver({ script: ['a<', '|im_', 'x', '<|im'] })
    const request = requestFor('Hi', { stop: ['<|im_end|>'] })
    expect(textOf(await collect(engine.generate(request, never)))).toBe('a<|im_x<|im')
  })

  it('takes usage and timings from the last chunk', async () => {
    const { engine } = engineOver({ script: ['a', 'b', 'c'] })
    const end = endOf(await collect(engine.generate(requestFor('Hi!'), never)))
    expect(end).toMatchObject({
      reason: 'stop',
      usage: { promptTokens: 3, cachedTokens: 0, completionTokens: 4 },
      timings: { prefillMs: 500, decodeMs: 250 },
    })
  })

  it('calls a grammar that cannot be read that, and goes on', async () => {
    const { engine } = engineOver({ script: SCRIPT })
    const constraint = { type: 'grammar', gbnf: 'bad' } as const
    const events = await collect(engine.generate(requestFor('Hi', { constraint }), never))
    expect(events).toEqual([
      {
        type: 'error',
        error: { kind: 'bad-constraint', detail: expect.stringContaining('grammar matcher') },
      },
    ])
    expect(textOf(await collect(engine.generate(requestFor('Hi'), never)))).toBe(SCRIPT.join(''))
  })

  it('ends the stream when the GPU is lost, which WebLLM would wait for', async () => {
    const { engine, lose } = engineOver({ script: SCRIPT, endless: true, stepMs: 5 })
    const error = { kind: 'device-lost', detail: 'driver reset' } as const
    const events: EngineEvent[] = []
    for await (const event of engine.generate(requestFor('Hi', { maxTokens: 5000 }), never)) {
      events.push(event)
      if (events.length === 2) lose(error)
    }
    expect(endOf(events)).toEqual({ type: 'error', error })
    expect(await collect(engine.generate(requestFor('Hi'), never))).toEqual([
      { type: 'error', error },
    ])
    await engine.unload()
  })
})
