import type { Wllama } from '@wllama/wllama/esm/index.js'
import { describe, expect, it } from 'vitest'
import { collect, requestFor } from '../__fixtures__/engine-contract.ts'
import { createScriptedEngine } from '../__fixtures__/scripted-engine.ts'
import { createNativeLog } from './native-log.ts'
import { createWllamaEngine } from './wllama-engine.ts'

const never = new AbortController().signal

type Completion = (options: {
  readonly onData: (chunk: unknown) => void
  readonly abortSignal: AbortSignal
}) => Promise<void>

/** The engine over a `Wllama` of which only requests work, as given. */
function engineOver(createCompletion: Completion) {
  const log = createNativeLog(() => undefined)
  let exits = 0
  const wllama = {
    createCompletion,
    exit: async () => {
      exits += 1
    },
  } as unknown as Wllama
  const { info } = createScriptedEngine({ script: [] })
  return {
    log,
    engine: createWllamaEngine({ wllama, log, info, chat: async function* () {} }),
    exits: () => exits,
  }
}

const token = (text: string) => ({ choices: [{ text, finish_reason: null }] })
const pending = new Promise<void>(() => undefined)

describe('createWllamaEngine', () => {
  it('ends the stream when the worker of wllama dies, which wllama itself never notices', async () => {
    const { engine, log } = engineOver(({ onData }) => {
      onData(token('a'))
      setTimeout(() => log.logger.error(new Event('error')))
      return pending
    })
    const crash = { type: 'error', error: { kind: 'crashed' } }
    const events = await collect(engine.generate(requestFor('Hi'), never))
    expect(events).toMatchObject([{ type: 'token', text: 'a' }, crash])
    expect(await collect(engine.generate(requestFor('Hi'), never))).toMatchObject([crash])
    expect(await engine.countTokens('Hi', never)).toMatchObject({ ok: false })
  })

  it('is dead after llama.cpp aborted, with the reason', async () => {
    const { engine, log } = engineOver(async () => {
      log.logger.log('ggml_abort: GGML_ASSERT(n_tokens > 0) failed')
      throw Object.assign(new Error('(ABORT) native code called abort()'), { name: 'RuntimeError' })
    })
    const detail = 'GGML_ASSERT(n_tokens > 0) failed'
    const crash = [{ type: 'error', error: { kind: 'crashed', detail } }]
    expect(await collect(engine.generate(requestFor('Hi'), never))).toEqual(crash)
    log.logger.log('something else')
    expect(await collect(engine.generate(requestFor('Hi'), never))).toEqual(crash)
  })

  it('outlives an error that llama.cpp caught', async () => {
    let requests = 0
    const { engine, log } = engineOver(async ({ onData }) => {
      requests += 1
      if (requests === 1) {
        log.logger.error('srv  operator(): failed to allocate buffer of size 1234')
        const message = 'Invalid typed array length: 1163217991'
        throw Object.assign(new Error(message), { name: 'RuntimeError' })
      }
      if (requests === 2) throw new Error('another one')
      onData(token('a'))
    })
    expect(await collect(engine.generate(requestFor('Hi'), never))).toEqual([
      { type: 'error', error: { kind: 'out-of-memory', neededBytes: 1234 } },
    ])
    // The old reason is not blamed for it.
    expect(await collect(engine.generate(requestFor('Hi'), never))).toEqual([
      { type: 'error', error: { kind: 'crashed', detail: 'another one' } },
    ])
    const events = await collect(engine.generate(requestFor('Hi'), never))
    expect(events.map((event) => event.type)).toEqual(['token', 'end'])
  })

  it('knows of a device that was lost between two requests', async () => {
    const { engine, log } = engineOver(async () => {
      // The next request only hears what wllama says of its end.
      throw new Error('Failed to cancel request 11 wllama has crashed, please reload the module')
    })
    log.logger.error('ggml_webgpu: Device lost! Reason: 1, Message: No Instance any more.')
    expect(await collect(engine.generate(requestFor('Hi'), never))).toEqual([
      {
        type: 'error',
        error: {
          kind: 'device-lost',
          detail: 'Device lost! Reason: 1, Message: No Instance any more.',
        },
      },
    ])
  })

  it('stops a request before it exits, and does not wait for one that hangs', async () => {
    let wasAborted = false
    const { engine, exits } = engineOver(({ abortSignal }) => {
      abortSignal.addEventListener('abort', () => {
        wasAborted = true
      })
      return pending
    })
    void collect(engine.generate(requestFor('Hi'), never))
    await engine.unload()
    expect([wasAborted, exits()]).toEqual([true, 1])
  })

  it('gives up on a model that writes nothing but broken bytes', async () => {
    const { engine, log } = engineOver(async () => {
      log.logger.error('[json.exception.type_error.316] invalid UTF-8 byte at index 0: 0xFF')
      throw Object.assign(new Error('Invalid typed array length'), { name: 'RuntimeError' })
    })
    const events = await collect(engine.generate(requestFor('Hi', { maxTokens: 5 }), never))
    expect(events.filter((event) => event.type === 'token')).toHaveLength(5)
    expect(events.at(-1)).toMatchObject({ reason: 'length', usage: { completionTokens: 5 } })
  })
})
