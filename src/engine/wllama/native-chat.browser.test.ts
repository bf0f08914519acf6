import { afterEach, describe, expect, it } from 'vitest'
import { scriptedGguf, type ScriptedGgufOptions } from '../../../e2e/fixtures/scripted-gguf.ts'
import type { GgufHeader } from '../../core/gguf/gguf-header.ts'
import qwen from '../../core/template/__fixtures__/qwen3.jinja?raw'
import xlam from '../../core/template/__fixtures__/xlam-qwen.jinja?raw'
import { collect, requestFor, textOf } from '../__fixtures__/engine-contract.ts'
import { LOAD_OPTIONS, modelFiles } from '../__fixtures__/scripted-model.ts'
import type { ChatEvent, ChatRequest } from '../chat.ts'
import { createEngine } from '../create-engine.ts'
import type { Engine } from '../engine.ts'

const never = new AbortController().signal
const ARGUMENTS = '{"city": "Oslo"}'

const REQUEST: ChatRequest = {
  messages: [{ role: 'user', content: 'Weather in Oslo?' }],
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        parameters: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
        },
      },
    },
  ],
  toolChoice: { type: 'auto' },
  parallelCalls: null,
  sampling: requestFor('').sampling,
}

const engines: Engine[] = []
afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.unload())))

async function open(model: ScriptedGgufOptions, header: Partial<GgufHeader> = {}): Promise<Engine> {
  const files = modelFiles(scriptedGguf(model), header)
  const loaded = await createEngine(
    { engine: 'wllama', files, options: LOAD_OPTIONS },
    () => undefined,
    never,
  )
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
  engines.push(loaded.value)
  return loaded.value
}

async function chat(
  engine: Engine,
  request: ChatRequest = REQUEST,
  signal: AbortSignal = never,
): Promise<readonly ChatEvent[]> {
  const events: ChatEvent[] = []
  for await (const event of engine.chat?.(request, signal) ?? []) events.push(event)
  expect(events.filter(({ type }) => type === 'end' || type === 'error')).toHaveLength(1)
  return events
}

function promptOf(events: readonly ChatEvent[]): string {
  return events.map((event) => (event.type === 'prompt' ? event.prompt : '')).join('')
}

describe('llama.cpp’s own tool calling', { timeout: 60_000 }, () => {
  it('works with a template of the Hermes kind', async () => {
    const engine = await open({
      template: qwen,
      script: [
        '<tool_call>',
        '\n{"name": "get_weather", ',
        `"arguments": ${ARGUMENTS}}\n`,
        '</tool_call>',
      ],
    })
    const events = await chat(engine)
    const parts = events.filter((event) => event.type === 'call-part')
    expect(parts.map(({ name }) => name).join('')).toBe('get_weather')
    expect(JSON.parse(parts.map((part) => part.arguments).join(''))).toEqual(JSON.parse(ARGUMENTS))
    expect(promptOf(events)).toContain('<|im_start|>user\nWeather in Oslo?<|im_end|>\n')
    expect(promptOf(events)).toContain('"name": "get_weather"')
    const sent = events.find((event) => event.type === 'sent')
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      tools: REQUEST.tools,
      tool_choice: 'auto',
    })
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
  })

  it('fails on a correct answer of xLAM-2, and tells the prompt and the log', async () => {
    const script = ['[{"name": "get_weather", ', `"arguments": ${ARGUMENTS}}]`]
    const engine = await open({ template: xlam, script })
    const events = await chat(engine)
    expect(promptOf(events)).toContain('make calls in a single JSON array')
    const log = events.find((event) => event.type === 'log')
    expect(log?.lines.join('\n')).toContain('peg-native')
    expect(events.at(-1)).toMatchObject({ type: 'error' })
    // The running model never noticed.
    expect(textOf(await collect(engine.generate(requestFor('Hi\n'), never)))).toBe(script.join(''))
  })

  it('tells what llama.cpp says of a template that it cannot read', async () => {
    const engine = await open({ template: '{% if %} {{ ) }}', script: ['a'] })
    const events = await chat(engine)
    expect(events.find((event) => event.type === 'log')?.lines.length).toBeGreaterThan(0)
    expect(events.at(-1)).toMatchObject({ type: 'error' })
  })

  it('can be stopped while it writes, and the next request runs', async () => {
    const engine = await open({ template: qwen, script: ['a ', 'b '], endless: true })
    const controller = new AbortController()
    const events: ChatEvent[] = []
    const request = {
      ...REQUEST,
      tools: [],
      sampling: requestFor('', { maxTokens: 5000 }).sampling,
    }
    for await (const event of engine.chat?.(request, controller.signal) ?? []) {
      events.push(event)
      if (event.type === 'text') controller.abort()
    }
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'abort' })
    const next = await collect(engine.generate(requestFor('Hi\n', { maxTokens: 2 }), never))
    expect(textOf(next)).toBe('a b ')
  })

  it('can be stopped while it loads', async () => {
    const engine = await open({ template: qwen, script: ['a'], idleWeights: 20_000_000 })
    const controller = new AbortController()
    const events: ChatEvent[] = []
    for await (const event of engine.chat?.(REQUEST, controller.signal) ?? []) {
      events.push(event)
      controller.abort()
    }
    expect(events[0]?.type).toBe('loading')
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'abort' })
  })

  it('refuses a second load that cannot fit', async () => {
    const engine = await open({ template: qwen, script: ['a'] }, { dataOffset: -5 * 2 ** 30 })
    expect((await chat(engine)).at(-1)).toMatchObject({
      type: 'error',
      error: { kind: 'out-of-memory' },
    })
  })
})
