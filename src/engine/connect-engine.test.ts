import { describe, expect, it } from 'vitest'
import { err, ok } from '../core/lib/result.ts'
import { connectEngine } from './connect-engine.ts'
import {
  collect,
  describeEngineContract,
  requestFor,
  textOf,
  type ContractModel,
} from './__fixtures__/engine-contract.ts'
import { HEADER } from './__fixtures__/gguf-header.ts'
import { createScriptedEngine } from './__fixtures__/scripted-engine.ts'
import { startWorker, type FakeWorker } from './__fixtures__/start-worker.ts'
import type { Engine, EngineEvent, LoadRequest } from './engine.ts'

const never = new AbortController().signal

const REQUEST: LoadRequest = {
  engine: 'wllama',
  files: { name: 'scripted', shards: [], sizeBytes: 0, header: HEADER },
  options: { contextLength: 8192, threads: null, gpuLayers: null, cacheType: 'f16', yarn: null },
}

async function connect(fake: FakeWorker): Promise<Engine> {
  const loaded = await connectEngine(
    fake.worker,
    { request: REQUEST, onProgress: () => undefined },
    never,
  )
  if (!loaded.ok) throw new Error(loaded.error.kind)
  return loaded.value
}

const scripted = (model: ContractModel) =>
  startWorker(async () =>
    ok(createScriptedEngine({ ...model, ...(model.slow ? { stepMs: 20 } : {}) })),
  )

describeEngineContract('an engine behind the protocol', (model) => connect(scripted(model)))

describe('connectEngine', () => {
  it('tells the progress of a load, and what was loaded', async () => {
    const fake = startWorker(async (_, onProgress) => {
      onProgress({ phase: 'engine' })
      onProgress({ phase: 'weights', doneBytes: 1, totalBytes: 2 })
      return ok(createScriptedEngine({ script: ['a'] }))
    })
    const phases: string[] = []
    const task = {
      request: REQUEST,
      onProgress: ({ phase }: { phase: string }) => phases.push(phase),
    }
    const loaded = await connectEngine(fake.worker, task, never)
    expect(phases).toEqual(['engine', 'weights'])
    expect(loaded).toMatchObject({ ok: true, value: { info: { modelName: 'scripted' } } })
  })

  it('terminates the worker of a load that fails', async () => {
    const fake = startWorker(async () => err({ kind: 'corrupt-model', detail: 'No tensors.' }))
    const task = { request: REQUEST, onProgress: () => undefined }
    expect(await connectEngine(fake.worker, task, never)).toEqual({
      ok: false,
      error: { kind: 'corrupt-model', detail: 'No tensors.' },
    })
    expect(fake.isTerminated()).toBe(true)
  })

  it('reports a load that throws as a crash', async () => {
    const fake = startWorker(async () => {
      throw new Error('a bug')
    })
    const task = { request: REQUEST, onProgress: () => undefined }
    expect(await connectEngine(fake.worker, task, never)).toEqual({
      ok: false,
      error: { kind: 'crashed', detail: 'a bug' },
    })
  })

  it('cancels a load at once', async () => {
    const fake = startWorker(() => new Promise(() => undefined))
    const controller = new AbortController()
    const task = { request: REQUEST, onProgress: () => undefined }
    const loading = connectEngine(fake.worker, task, controller.signal)
    controller.abort()
    expect(await loading).toEqual({ ok: false, error: { kind: 'aborted' } })
    expect(fake.isTerminated()).toBe(true)
  })

  it('refuses files that cannot be sent to a worker', async () => {
    const fake = scripted({ script: ['a'] })
    const shard = {
      name: 'x',
      size: 1,
      slice: () => ({ arrayBuffer: async () => new ArrayBuffer(1) }),
    }
    const request = { ...REQUEST, files: { ...REQUEST.files, shards: [shard] } }
    const task = { request, onProgress: () => undefined }
    expect(await connectEngine(fake.worker, task, never)).toMatchObject({
      ok: false,
      error: { kind: 'unsupported' },
    })
  })

  it('calls a worker whose script does not arrive a network error', async () => {
    const fake = startWorker(() => new Promise(() => undefined))
    const task = { request: REQUEST, onProgress: () => undefined }
    const loading = connectEngine(fake.worker, task, never)
    fake.fail('error')
    expect(await loading).toMatchObject({ ok: false, error: { kind: 'network' } })
  })

  for (const type of ['error', 'messageerror'] as const) {
    it(`ends running and queued streams when the worker has an ${type} event`, async () => {
      const fake = scripted({ script: ['a'], endless: true, slow: true })
      const engine = await connect(fake)
      const request = requestFor('Hi\n', { maxTokens: 100_000 })
      const first: EngineEvent[] = []
      const running = (async () => {
        for await (const event of engine.generate(request, never)) {
          first.push(event)
          if (event.type === 'token') fake.fail(type, 'unreachable')
        }
      })()
      const queued = collect(engine.generate(request, never))
      const counting = engine.countTokens('Hi', never)
      await running
      const crash = { type: 'error', error: { kind: 'crashed' } }
      expect(first.at(-1)).toMatchObject(crash)
      expect(first.filter((event) => event.type === 'error')).toHaveLength(1)
      expect(await queued).toMatchObject([crash])
      expect(await counting).toMatchObject({ ok: false, error: { kind: 'crashed' } })
      expect(fake.isTerminated()).toBe(true)
    })
  }

  it('does not wait for a worker that never frees its model', async () => {
    const fake = startWorker(async () => {
      const engine = createScriptedEngine({ script: ['a'] })
      return ok({ ...engine, unload: () => new Promise<void>(() => undefined) })
    })
    const engine = await connect(fake)
    await engine.unload()
    expect(fake.isTerminated()).toBe(true)
  })

  it('makes an engine that throws, or says nothing at the end, end in one error', async () => {
    const broken = startWorker(async () => {
      const engine = createScriptedEngine({ script: ['a'] })
      return ok({
        ...engine,
        async *generate({ prompt }): AsyncGenerator<EngineEvent> {
          yield { type: 'token', text: 'a' }
          if (prompt === 'throw') throw new Error('a bug')
        },
      })
    })
    const engine = await connect(broken)
    for (const prompt of ['throw', 'silence']) {
      const events = await collect(engine.generate(requestFor(prompt), never))
      expect(events.map((event) => event.type)).toEqual(['token', 'error'])
    }
  })
})

describe('serveEngine', () => {
  it('posts the first token at once and joins the messages of a fast model', async () => {
    const script = Array.from({ length: 500 }, (_, index) => `${index} `)
    const fake = startWorker(async () => {
      const engine = createScriptedEngine({ script })
      return ok({
        ...engine,
        async *generate(): AsyncGenerator<EngineEvent> {
          for (const text of script) yield { type: 'token', text }
          const usage = { promptTokens: 1, cachedTokens: 0, completionTokens: script.length }
          const timings = { prefillMs: 0, decodeMs: 0, firstTokenMs: 0 }
          yield { type: 'end', reason: 'stop', usage, timings }
        },
      })
    })
    const engine = await connect(fake)
    const events = await collect(engine.generate(requestFor('Hi\n'), never))
    expect(textOf(events)).toBe(script.join(''))
    expect(events).toHaveLength(script.length + 1)
    const batches = fake.heard.filter((message) => message.type === 'events')
    expect(batches[0]?.events).toHaveLength(1)
    expect(batches.length).toBeLessThan(20)
  })
})
