import { afterEach, describe, expect, it } from 'vitest'
import { scriptedGguf } from '../../../e2e/fixtures/scripted-gguf.ts'
import { CACHE_TYPES, kvCacheBytes, kvCacheShape } from '../../core/gguf/kv-cache.ts'
import { readGgufHeader } from '../../core/gguf/read-gguf-header.ts'
import {
  collect,
  describeEngineContract,
  requestFor,
  SCRIPT,
  textOf,
} from '../__fixtures__/engine-contract.ts'
import { LOAD_OPTIONS, modelFiles, openScripted } from '../__fixtures__/scripted-model.ts'
import { createEngine } from '../create-engine.ts'
import type { Engine, LoadProgress } from '../engine.ts'

const never = new AbortController().signal
const IDLE_WEIGHTS = 10_000_000

describeEngineContract('wllama', ({ script, endless = false, slow, contextLength }) =>
  openScripted(
    { script, endless, idleWeights: slow ? IDLE_WEIGHTS : 0 },
    contextLength === undefined ? {} : { contextLength },
  ),
)

describe('wllama', () => {
  const engines: Engine[] = []
  const open = async (...parameters: Parameters<typeof openScripted>) => {
    const engine = await openScripted(...parameters)
    engines.push(engine)
    return engine
  }
  afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.unload())))

  const load = (bytes: BlobPart, options = LOAD_OPTIONS) =>
    createEngine({ engine: 'wllama', files: modelFiles(bytes), options }, () => undefined, never)

  it('says what it loaded', async () => {
    const engine = await open({ script: SCRIPT, contextLength: 1000, template: 'T' })
    expect(engine.info).toEqual({
      engine: 'wllama',
      modelName: 'scripted',
      backend: {
        type: 'cpu',
        threads: 1,
        why: 'Switched off in the settings',
        threadsWhy: 'As set',
      },
      // No more than it was trained on.
      contextLength: 1000,
      trainedContextLength: 1000,
      yarn: null,
      cacheType: 'f16',
      cacheShape: { elementsPerToken: 0, types: CACHE_TYPES },
      chatTemplate: 'T',
      bosToken: '<|endoftext|>',
      eosToken: '<|im_end|>',
      addsBos: false,
      sizeBytes: engine.info.sizeBytes,
      architecture: 'llama',
    })
    expect(engine.info.sizeBytes).toBeGreaterThan(500_000)
  })

  it.each(["{{ raise_exception('no') }}", '{% if %} {{ ) }}'])(
    'loads a model whose chat template llama.cpp refuses: %s',
    async (template) => {
      const { info } = await open({ script: SCRIPT, template })
      expect(info.chatTemplate).toBe(template)
    },
  )

  it('tells the size that llama.cpp really gives the context', async () => {
    const { info } = await open({ script: SCRIPT }, { contextLength: 300 })
    expect(info.contextLength).toBe(512)
  })

  it('runs on several threads when the page is isolated', async () => {
    expect(globalThis.crossOriginIsolated).toBe(true)
    const engine = await open({ script: SCRIPT }, { threads: 2, gpuLayers: 0 })
    expect(engine.info.backend).toMatchObject({ type: 'cpu', threads: 2 })
    const events = await collect(engine.generate(requestFor('Hi\n'), never))
    expect(textOf(events)).toBe(SCRIPT.join(''))
  })

  it('takes as many threads for a large model as a measurement finds best, and tells the figures', async () => {
    const engine = await open({ script: SCRIPT, idleWeights: 3 * IDLE_WEIGHTS }, { threads: null })
    expect(engine.info.sizeBytes).toBeGreaterThan(16 * 2 ** 20)
    const { backend } = engine.info
    expect(backend).toMatchObject({
      type: 'cpu',
      threadsWhy: expect.stringMatching(/^Measured in \d+ ms: 1: 1\.0×(, \d: \d+\.\d×)*$/),
    })
    if (backend.type !== 'cpu') return
    const speeds = [...(backend.threadsWhy ?? '').matchAll(/(\d): (\d+\.\d)×/g)]
    expect(speeds.map(([, threads]) => Number(threads))).toContain(backend.threads)
    const events = await collect(engine.generate(requestFor('Hi\n'), never))
    expect(textOf(events)).toBe(SCRIPT.join(''))
  })

  it('says why a small model is on the CPU', async () => {
    const { info } = await open({ script: SCRIPT }, { gpuLayers: null })
    expect(info.backend).toMatchObject({ type: 'cpu', why: 'Small model: the CPU starts faster' })
  })

  it('reports every phase of a load, and every byte', async () => {
    const files = modelFiles(scriptedGguf({ script: SCRIPT, idleWeights: 20_000_000 }))
    const seen: LoadProgress[] = []
    const onProgress = (progress: LoadProgress) => seen.push(progress)
    const loaded = await createEngine(
      { engine: 'wllama', files, options: LOAD_OPTIONS },
      onProgress,
      never,
    )
    if (loaded.ok) engines.push(loaded.value)
    expect(loaded.ok).toBe(true)
    const phases = seen.map(({ phase }) => phase)
    expect([...new Set(phases)]).toEqual(['engine', 'weights', 'warm-up'])
    const read = seen.flatMap((entry) => (entry.phase === 'weights' ? [entry.doneBytes] : []))
    expect(read.length).toBeGreaterThan(5)
    expect(read).toEqual(read.toSorted((left, right) => left - right))
    expect(read[0]).toBe(0)
    expect(read.at(-1)).toBe(files.sizeBytes)
  })

  it('adds BOS once, also when the prompt has it in writing', async () => {
    const engine = await open({ script: SCRIPT, addsBos: true })
    expect(engine.info.addsBos).toBe(true)
    const count = async (prompt: string) => {
      const events = await collect(engine.generate(requestFor(prompt), never))
      const end = events.at(-1)
      return end?.type === 'end' ? end.usage.promptTokens : null
    }
    expect(await count('Hi\n')).toBe(4)
    expect(await count('<|endoftext|>Hi\n')).toBe(4)
    expect(await engine.countTokens('<|endoftext|>Hi\n', never)).toEqual({ ok: true, value: 4 })
  })

  it('shows control tokens when asked to', async () => {
    const engine = await open({ script: ['a', { control: '<|python_tag|>' }, 'b'] })
    const hidden = await collect(engine.generate(requestFor('Hi\n'), never))
    expect(textOf(hidden)).toBe('ab')
    const request = requestFor('Hi\n', { showControlTokens: ['<|python_tag|>'] })
    expect(textOf(await collect(engine.generate(request, never)))).toBe('a<|python_tag|>b')
  })

  it('joins a character that is split over tokens', async () => {
    const emoji = new TextEncoder().encode('😀')
    const engine = await open({ script: ['a', emoji.slice(0, 1), emoji.slice(1), 'b'] })
    const events = await collect(engine.generate(requestFor('Hi\n'), never))
    expect(textOf(events)).toBe('a😀b')
    const cut = await collect(engine.generate(requestFor('Hi\n', { maxTokens: 2 }), never))
    expect(textOf(cut)).toBe('a')
    expect(cut.at(-1)).toMatchObject({ reason: 'length', usage: { completionTokens: 2 } })
  })

  it('goes on behind bytes that are no text', async () => {
    // U+FFFD, put in for the broken byte, ends in the byte 0xBD: the script goes on behind that.
    const engine = await open({
      script: ['ab', Uint8Array.of(0xff)],
      otherAnswers: [{ after: Uint8Array.of(0xbd), script: ['cd', 'ef'] }],
    })
    const events = await collect(engine.generate(requestFor('Hi\n'), never))
    expect(textOf(events)).toBe('ab\uFFFDcdef')
    const end = events.at(-1)
    // Six tokens: the broken one and both ends of turn count too.
    expect(end).toMatchObject({ type: 'end', reason: 'stop', usage: { promptTokens: 3 } })
    expect(events.filter((event) => event.type === 'prefill').at(-1)).toMatchObject({ total: 3 })
    const limited = await collect(engine.generate(requestFor('Hi\n', { maxTokens: 3 }), never))
    expect(textOf(limited)).toBe('ab\uFFFDcd')
    expect(limited.at(-1)).toMatchObject({ reason: 'length', usage: { completionTokens: 3 } })
  })

  it('tells the likeliest tokens with each one', async () => {
    const engine = await open({ script: SCRIPT })
    const events = await collect(engine.generate(requestFor('Hi\n', { alternatives: 3 }), never))
    const tokens = events.flatMap((event) => (event.type === 'token' ? (event.tokens ?? []) : []))
    expect(tokens.map(({ text }) => text)).toEqual(SCRIPT)
    for (const { text, logprob, alternatives } of tokens) {
      expect(alternatives).toHaveLength(3)
      expect(alternatives[0]).toMatchObject({ text, logprob })
      expect(logprob).toBeCloseTo(0)
      expect(alternatives[1]?.logprob).toBeLessThan(-10)
    }
  })

  it('goes on telling behind a character that is split over tokens', async () => {
    // Single bytes, as the engine reads its own text again behind them.
    const emoji = Array.from(new TextEncoder().encode('😀'), (byte) => Uint8Array.of(byte))
    const engine = await open({ script: ['a', ...emoji, 'b', 'c'] })
    const events = await collect(engine.generate(requestFor('Hi\n', { alternatives: 1 }), never))
    const told = events.flatMap((event) =>
      event.type === 'token' ? [[event.text, event.tokens?.map(({ text }) => text)]] : [],
    )
    expect(told).toEqual([
      ['a', ['a']],
      ['😀', undefined],
      ['b', ['b']],
      ['c', ['c']],
    ])
    const end = events.at(-1)
    expect(end).toMatchObject({ type: 'end', reason: 'stop', usage: { promptTokens: 3 } })
    // Seven pieces and the end of turn.
    expect(end).toMatchObject({ usage: { completionTokens: 8 } })
  })

  it('calls a file with cut-off tensors corrupt, and does not hang', async () => {
    const bytes = scriptedGguf({ script: SCRIPT })
    expect(await load(bytes.slice(0, -5000))).toEqual({
      ok: false,
      error: {
        kind: 'corrupt-model',
        detail: expect.stringContaining('data is not within the file bounds'),
      },
    })
  })

  it('calls garbage corrupt', async () => {
    const error = { kind: 'corrupt-model', detail: expect.stringContaining('magic') }
    expect(await load(new Uint8Array(5000).fill(7))).toEqual({ ok: false, error })
  })

  it('calls an architecture that it does not know unsupported', async () => {
    expect(await load(scriptedGguf({ script: SCRIPT, architecture: 'nonesuch' }))).toEqual({
      ok: false,
      error: { kind: 'unsupported', detail: "unknown model architecture: 'nonesuch'" },
    })
  })

  it('says how much memory was missing', async () => {
    const contextLength = 20 * 1024 * 1024
    const bytes = scriptedGguf({ script: SCRIPT, contextLength })
    expect(await load(bytes, { ...LOAD_OPTIONS, contextLength })).toEqual({
      ok: false,
      error: { kind: 'out-of-memory', neededBytes: contextLength * 2 * 2 * 64 },
    })
  })

  it('goes beyond the trained context with YaRN, as far as the factor says', async () => {
    const yarn = { factor: 4, originalContext: 1024 }
    const model = { script: SCRIPT, contextLength: 1024 }
    const prompt = `${'a'.repeat(3000)}\n`
    const engine = await open(model, { contextLength: 10_000, yarn })
    expect(engine.info).toMatchObject({ contextLength: 4096, trainedContextLength: 1024, yarn })
    expect(textOf(await collect(engine.generate(requestFor(prompt), never)))).toBe(SCRIPT.join(''))
    const tooLong = await collect(engine.generate(requestFor('a'.repeat(5000)), never))
    expect(tooLong).toEqual([
      {
        type: 'error',
        error: { kind: 'context-exceeded', promptTokens: 5000, contextLength: 4096 },
      },
    ])
    const plain = await open(model, { contextLength: 10_000 })
    expect(plain.info.contextLength).toBe(1024)
    expect(await collect(plain.generate(requestFor(prompt), never))).toMatchObject([
      { type: 'error', error: { kind: 'context-exceeded', contextLength: 1024 } },
    ])
  })

  it.each(['q8_0', 'q4_0'] as const)('keeps keys and values as %s', async (cacheType) => {
    const engine = await open({ script: SCRIPT }, { cacheType })
    expect(engine.info.cacheType).toBe(cacheType)
    expect(textOf(await collect(engine.generate(requestFor('Hi\n'), never)))).toBe(SCRIPT.join(''))
  })

  it.each(CACHE_TYPES)('asks for as much memory as we say with %s', async (cacheType) => {
    const contextLength = 8 * 1024 * 1024
    // Many layers, so that it takes more than 4 GiB.
    const bytes = scriptedGguf({ script: SCRIPT, contextLength, idleWeights: 20_000_000 })
    const header = await readGgufHeader(new File([bytes], 'model.gguf'))
    if (!header.ok) throw new Error(header.error.kind)
    const neededBytes = kvCacheBytes(kvCacheShape(header.value), { contextLength, cacheType })
    expect(await load(bytes, { ...LOAD_OPTIONS, contextLength, cacheType })).toEqual({
      ok: false,
      error: { kind: 'out-of-memory', neededBytes },
    })
  })

  it('refuses a quantized cache that the heads do not fit into', async () => {
    const metadata = new Map([
      ['llama.block_count', 1],
      ['llama.attention.head_count', 1],
      ['llama.attention.key_length', 80],
    ])
    const files = modelFiles(scriptedGguf({ script: SCRIPT }), { metadata })
    const options = { ...LOAD_OPTIONS, cacheType: 'q8_0' } as const
    expect(
      await createEngine({ engine: 'wllama', files, options }, () => undefined, never),
    ).toEqual({
      ok: false,
      error: { kind: 'unsupported', detail: expect.stringContaining('stored as q8_0') },
    })
  })

  it('can be cancelled while it loads', async () => {
    const controller = new AbortController()
    const files = modelFiles(scriptedGguf({ script: SCRIPT, idleWeights: 20_000_000 }))
    const onProgress = ({ phase }: LoadProgress) => phase === 'weights' && controller.abort()
    const loading = createEngine(
      { engine: 'wllama', files, options: LOAD_OPTIONS },
      onProgress,
      controller.signal,
    )
    expect(await loading).toEqual({ ok: false, error: { kind: 'aborted' } })
  })

  it('leaves the running model alone when another one fails to load', async () => {
    const engine = await open({ script: SCRIPT })
    expect(await load(new Uint8Array(5000).fill(7))).toMatchObject({ ok: false })
    const events = await collect(engine.generate(requestFor('Hi\n'), never))
    expect(textOf(events)).toBe(SCRIPT.join(''))
  })

  it('swaps models', async () => {
    const first = await open({ script: ['first'] })
    const second = await open({ script: ['second'] })
    await first.unload()
    expect(textOf(await collect(second.generate(requestFor('Hi\n'), never)))).toBe('second')
  })
})

describe('the built-in model', () => {
  it('answers the same twice, and reads the same prompt only once', async () => {
    const bytes = await (await fetch('/models/callground-nano.gguf')).arrayBuffer()
    const files = modelFiles(bytes)
    const loaded = await createEngine(
      { engine: 'wllama', files, options: LOAD_OPTIONS },
      () => undefined,
      never,
    )
    if (!loaded.ok) throw new Error(loaded.error.kind)
    const engine = loaded.value
    expect(engine.info.contextLength).toBe(2048)
    expect(engine.info.chatTemplate).toContain('<|im_start|>')
    const prompt =
      '<|im_start|>system\nping_host(host: string, count?: integer) Ping a host\n<|im_end|>\n' +
      '<|im_start|>user\nPing example.com<|im_end|>\n<|im_start|>assistant\n'
    const first = await collect(engine.generate(requestFor(prompt), never))
    const second = await collect(engine.generate(requestFor(prompt), never))
    expect(textOf(first)).not.toBe('')
    expect(textOf(second)).toBe(textOf(first))
    const end = second.at(-1)
    if (end?.type !== 'end') throw new Error('no end')
    expect(end.usage.cachedTokens).toBe(end.usage.promptTokens - 1)
    expect(await engine.countTokens(prompt, never)).toEqual({
      ok: true,
      value: end.usage.promptTokens,
    })
    await engine.unload()
  })

  it('runs with YaRN and a quantized cache, beyond its trained context', async () => {
    const bytes = await (await fetch('/models/callground-nano.gguf')).arrayBuffer()
    const header = await readGgufHeader(new File([bytes], 'nano.gguf'))
    if (!header.ok) throw new Error(header.error.kind)
    const files = modelFiles(bytes, header.value)
    const yarn = { factor: 4, originalContext: 2048 }
    const options = { ...LOAD_OPTIONS, contextLength: 8192, cacheType: 'q8_0', yarn } as const
    const loaded = await createEngine({ engine: 'wllama', files, options }, () => undefined, never)
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
    const engine = loaded.value
    expect(engine.info).toMatchObject({
      contextLength: 8192,
      trainedContextLength: 2048,
      cacheType: 'q8_0',
      cacheShape: { elementsPerToken: 4 * 4 * 64, types: CACHE_TYPES },
    })
    const events = await collect(
      engine.generate(requestFor('a '.repeat(2500), { maxTokens: 4 }), never),
    )
    const end = events.at(-1)
    if (end?.type !== 'end') throw new Error(JSON.stringify(end))
    expect(end.usage.promptTokens).toBeGreaterThan(2048)
    await engine.unload()
  })
})
