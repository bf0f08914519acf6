import { afterEach, describe, expect, it } from 'vitest'
import type { Engine, EngineEvent, GenerateRequest } from '../engine.ts'

export type ContractModel = {
  /** What it answers to a prompt that ends in a newline: one piece, one token. A byte of a prompt is a token too. */
  readonly script: readonly string[]
  readonly endless?: boolean
  readonly contextLength?: number
  /** Takes some milliseconds for a token, and many more for a prefill batch. */
  readonly slow?: boolean
}

const never = new AbortController().signal

export const SCRIPT = ['[{"name": ', '"ping_host"', ', "arguments": {}', '}]']

export function requestFor(
  prompt: string,
  changes: Partial<GenerateRequest> & { readonly maxTokens?: number } = {},
): GenerateRequest {
  const { maxTokens = 400, ...rest } = changes
  return {
    prompt,
    sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, repeatPenalty: 1, seed: 1, maxTokens },
    stop: [],
    showControlTokens: [],
    constraint: null,
    alternatives: 0,
    ...rest,
  }
}

export async function collect(stream: AsyncIterable<EngineEvent>): Promise<EngineEvent[]> {
  const events: EngineEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

export function textOf(events: readonly EngineEvent[]): string {
  return events.map((event) => (event.type === 'token' ? event.text : '')).join('')
}

/** Reads until `isEnough`, then calls `act`, and reads on. Resolves to everything and the milliseconds after `act`. */
async function interrupt(
  stream: AsyncIterable<EngineEvent>,
  isEnough: (event: EngineEvent) => boolean,
  act: () => void,
): Promise<{ readonly events: readonly EngineEvent[]; readonly tookMs: number }> {
  const events: EngineEvent[] = []
  let actedAt: number | null = null
  for await (const event of stream) {
    events.push(event)
    if (actedAt !== null || !isEnough(event)) continue
    actedAt = performance.now()
    act()
  }
  expect(actedAt).not.toBeNull()
  return { events, tookMs: performance.now() - (actedAt ?? 0) }
}

/** Like `interrupt`, when `ready` is there. */
async function interruptAfter(
  stream: AsyncIterable<EngineEvent>,
  ready: Promise<unknown>,
  act: () => void,
): Promise<{ readonly events: readonly EngineEvent[]; readonly tookMs: number }> {
  const reading = collect(stream)
  await ready
  const actedAt = performance.now()
  act()
  return { events: await reading, tookMs: performance.now() - actedAt }
}

function summary(events: readonly EngineEvent[]): string[] {
  return events.map((event) => (event.type === 'end' ? `end ${event.reason}` : event.type))
}

/** What every engine must do, whatever computes. Prompts end in a newline: see `scriptedGguf`. */
export function describeEngineContract(
  name: string,
  open: (model: ContractModel) => Promise<Engine>,
): void {
  describe(`${name} keeps the engine contract`, () => {
    const engines: Engine[] = []
    const load = async (model: ContractModel) => {
      const engine = await open(model)
      engines.push(engine)
      return engine
    }
    afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.unload())))

    it('streams prefill, then tokens, then exactly one end', async () => {
      const engine = await load({ script: SCRIPT })
      const prompt = `${'x'.repeat(299)}\n`
      const events = await collect(engine.generate(requestFor(prompt), never))
      expect(textOf(events)).toBe(SCRIPT.join(''))
      const kinds = summary(events)
      const prefills = events.filter((event) => event.type === 'prefill')
      if (engine.capabilities.prefillProgress) {
        expect(kinds.join(' ')).toMatch(/^(prefill )+(token )+end stop$/)
        expect(prefills.map((event) => event.done)).toEqual(
          prefills.map((event) => event.done).toSorted((left, right) => left - right),
        )
        expect(prefills.at(-1)).toEqual({ type: 'prefill', done: 300, total: 300, cached: 0 })
      } else expect(kinds.join(' ')).toMatch(/^(token )+end stop$/)
      expect(events.at(-1)).toMatchObject({
        type: 'end',
        usage: { promptTokens: 300, cachedTokens: 0 },
      })
    })

    it('gives the same text again at temperature 0 and reuses the prefix if it can', async () => {
      const engine = await load({ script: SCRIPT })
      const prompt = `${'x'.repeat(199)}\n`
      const first = await collect(engine.generate(requestFor(prompt), never))
      const second = await collect(engine.generate(requestFor(`${prompt}more\n`), never))
      expect(textOf(second)).toBe(textOf(first))
      const cachedTokens = engine.capabilities.prefixCache ? 200 : 0
      expect(second.at(-1)).toMatchObject({ usage: { promptTokens: 205, cachedTokens } })
    })

    it('stops at max tokens', async () => {
      const engine = await load({ script: SCRIPT })
      const events = await collect(engine.generate(requestFor('Hi\n', { maxTokens: 2 }), never))
      expect(textOf(events)).toBe(SCRIPT.slice(0, 2).join(''))
      expect(events.at(-1)).toMatchObject({ reason: 'length', usage: { completionTokens: 2 } })
    })

    it('writes nothing when no token is allowed', async () => {
      const engine = await load({ script: SCRIPT })
      const events = await collect(engine.generate(requestFor('Hi\n', { maxTokens: 0 }), never))
      expect(textOf(events)).toBe('')
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'length' })
    })

    it('stops at a stop text, which is not printed', async () => {
      const engine = await load({ script: SCRIPT })
      const request = requestFor('Hi\n', { stop: [', "arg'] })
      const events = await collect(engine.generate(request, never))
      expect(textOf(events)).toBe(SCRIPT.slice(0, 2).join(''))
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
    })

    it('ends with "context" when prompt and answer fill the context', async () => {
      const engine = await load({ script: SCRIPT, endless: true, contextLength: 256 })
      const request = requestFor(`${'x'.repeat(199)}\n`, { maxTokens: 5000 })
      const events = await collect(engine.generate(request, never))
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'context' })
    })

    it('refuses a prompt that does not fit, with the numbers, and stays usable', async () => {
      const engine = await load({ script: SCRIPT, contextLength: 256 })
      const events = await collect(engine.generate(requestFor(`${'x'.repeat(299)}\n`), never))
      const error = { kind: 'context-exceeded', promptTokens: 300, contextLength: 256 }
      expect(events).toEqual([{ type: 'error', error }])
      const next = await collect(engine.generate(requestFor('Hi\n'), never))
      expect(textOf(next)).toBe(SCRIPT.join(''))
    })

    it('ends at once when stopped between tokens, and answers the next request', async () => {
      const engine = await load({ script: SCRIPT, endless: true, slow: true })
      const controller = new AbortController()
      let tokens = 0
      const { events, tookMs } = await interrupt(
        engine.generate(requestFor('Hi\n', { maxTokens: 5000 }), controller.signal),
        (event) => event.type === 'token' && ++tokens === 3,
        () => controller.abort(),
      )
      expect(summary(events).filter((kind) => kind.startsWith('end'))).toEqual(['end abort'])
      // Without progress the page hears of the prompt's length only at an end that it did not make itself.
      const promptTokens = engine.capabilities.prefillProgress ? 3 : 0
      expect(events.at(-1)).toMatchObject({ usage: { promptTokens } })
      expect(tookMs).toBeLessThan(100)
      const next = await collect(engine.generate(requestFor('Hi\n', { maxTokens: 1 }), never))
      expect(textOf(next)).toBe(SCRIPT[0])
    })

    it('ends at once when stopped while it reads the prompt', async () => {
      const engine = await load({ script: SCRIPT, slow: true })
      const { prefillProgress, prefixCache } = engine.capabilities
      const controller = new AbortController()
      const stream = engine.generate(requestFor(`${'x'.repeat(1499)}\n`), controller.signal)
      // Without progress nothing is heard of the prompt before its first token.
      const begun = new Promise((resolve) => setTimeout(resolve, 20))
      const { events, tookMs } = prefillProgress
        ? await interrupt(
            stream,
            (event) => event.type === 'prefill',
            () => controller.abort(),
          )
        : await interruptAfter(stream, begun, () => controller.abort())
      expect(textOf(events)).toBe('')
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'abort' })
      expect(tookMs).toBeLessThan(100)
      // It stopped reading, too: little of the prompt is there.
      const again = engine.generate(requestFor(`${'x'.repeat(1499)}\n`), never)
      for await (const event of prefixCache ? again : []) {
        expect(event).toMatchObject({ type: 'prefill', total: 1500 })
        if (event.type === 'prefill') expect(event.cached).toBeLessThan(500)
        break
      }
      const next = await collect(engine.generate(requestFor('Hi\n'), never))
      expect(textOf(next)).toBe(SCRIPT.join(''))
    })

    it('stops working when it is told to, though nobody reads on', async () => {
      const engine = await load({ script: SCRIPT, endless: true, slow: true })
      const controller = new AbortController()
      const request = requestFor('Hi\n', { maxTokens: 1_000_000 })
      const stream = engine.generate(request, controller.signal)[Symbol.asyncIterator]()
      await stream.next()
      controller.abort()
      const next = await collect(engine.generate(requestFor('Hi\n', { maxTokens: 1 }), never))
      expect(textOf(next)).toBe(SCRIPT[0])
    })

    it('stops working when the loop is left early', async () => {
      const engine = await load({ script: SCRIPT, endless: true, slow: true })
      const endless = requestFor('Hi\n', { maxTokens: 1_000_000 })
      for await (const event of engine.generate(endless, never)) if (event.type === 'token') break
      const next = await collect(engine.generate(requestFor('Hi\n', { maxTokens: 2 }), never))
      expect(textOf(next)).toBe(SCRIPT.slice(0, 2).join(''))
    })

    it('runs requests one after the other, in order', async () => {
      const engine = await load({ script: SCRIPT })
      const order: string[] = []
      const run = async (id: string) => {
        for await (const event of engine.generate(requestFor('Hi\n'), never)) {
          order.push(`${id} ${event.type}`)
        }
      }
      await Promise.all([run('1'), run('2'), run('3')])
      const starts = order.filter((entry, index) => entry[0] !== order[index - 1]?.[0])
      expect(starts.map((entry) => entry[0])).toEqual(['1', '2', '3'])
    })

    it('ends a request that is stopped in the line without waiting', async () => {
      const engine = await load({ script: SCRIPT, endless: true, slow: true })
      const first = new AbortController()
      const running = collect(
        engine.generate(requestFor('Hi\n', { maxTokens: 100_000 }), first.signal),
      )
      const second = new AbortController()
      const queued = collect(engine.generate(requestFor('Hi\n'), second.signal))
      second.abort()
      expect(summary(await queued)).toEqual(['end abort'])
      first.abort()
      expect(summary(await running).at(-1)).toBe('end abort')
      const next = await collect(engine.generate(requestFor('Hi\n', { maxTokens: 1 }), never))
      expect(textOf(next)).toBe(SCRIPT[0])
    })

    it('ends a request whose signal was aborted before', async () => {
      const engine = await load({ script: SCRIPT })
      const events = await collect(engine.generate(requestFor('Hi\n'), AbortSignal.abort()))
      expect(summary(events)).toEqual(['end abort'])
    })

    it('ends every stream when it is unloaded, and stays unloaded', async () => {
      const engine = await load({ script: SCRIPT, endless: true, slow: true })
      const endless = requestFor('Hi\n', { maxTokens: 100_000 })
      let unloaded: Promise<void> | undefined
      const running = interrupt(
        engine.generate(endless, never),
        (event) => event.type === 'token',
        () => {
          unloaded = engine.unload()
        },
      )
      const queued = collect(engine.generate(endless, never))
      const crash = { type: 'error', error: { kind: 'crashed' } }
      expect((await running).events.at(-1)).toMatchObject(crash)
      expect(await queued).toMatchObject([crash])
      await unloaded
      expect(await collect(engine.generate(endless, never))).toMatchObject([crash])
      await engine.unload()
    })

    it('counts tokens as it does for a prompt, and keeps what it has of a prefix cache', async () => {
      const engine = await load({ script: SCRIPT })
      const prompt = `${'é'.repeat(50)}\n`
      await collect(engine.generate(requestFor(prompt), never))
      expect(await engine.countTokens(prompt, never)).toEqual({ ok: true, value: 101 })
      expect(await engine.countTokens('', never)).toEqual({ ok: true, value: 0 })
      const long = 'x'.repeat(10_000)
      expect(await engine.countTokens(long, never)).toEqual({ ok: true, value: 10_000 })
      const events = await collect(engine.generate(requestFor(prompt), never))
      const cachedTokens = engine.capabilities.prefixCache ? 100 : 0
      expect(events.at(-1)).toMatchObject({ usage: { promptTokens: 101, cachedTokens } })
    })

    it('reads a prompt ahead if it can, and its request then computes only what is new', async () => {
      const engine = await load({ script: SCRIPT })
      const { prefixCache } = engine.capabilities
      const prompt = `${'x'.repeat(600)}\n`
      const warmed = await engine.warm(prompt, never)
      const promptTokens = prefixCache ? 601 : 0
      expect(warmed).toEqual({ ok: true, value: { promptTokens, cachedTokens: 0 } })
      const events = await collect(engine.generate(requestFor(`${prompt}more\n`), never))
      const cachedTokens = prefixCache ? 601 : 0
      expect(events.at(-1)).toMatchObject({ usage: { promptTokens: 606, cachedTokens } })
    })

    it('does not read ahead when it was told to stop', async () => {
      const engine = await load({ script: SCRIPT })
      const warmed = await engine.warm('Hi\n', AbortSignal.abort())
      expect(warmed).toEqual({ ok: false, error: { kind: 'aborted' } })
    })

    it('does not count when it was told to stop', async () => {
      const engine = await load({ script: SCRIPT })
      const counted = await engine.countTokens('Hi', AbortSignal.abort())
      expect(counted).toEqual({ ok: false, error: { kind: 'aborted' } })
    })
  })
}
