import { describe, expect, it } from 'vitest'
import type { Message } from '../core/chat/message.ts'
import { hermes } from '../core/formats/hermes.ts'
import type { PromptInput } from '../core/template/build-prompt.ts'
import type { Tool } from '../core/tools/tool.ts'
import { type CallRules, NO_RULES } from '../core/tools/tool-choice.ts'
import type { Engine } from '../engine/engine.ts'
import { createAnsweringEngine, type AnsweringEngine } from './__fixtures__/answering-engine.ts'
import { GREEDY } from './__fixtures__/sampling.ts'
import { runTurn } from './run-turn.ts'

const TOOL: Tool = { name: 'get_time', description: '', parameters: {}, definition: {} }
const REQUIRED: CallRules = { ...NO_RULES, choice: { type: 'required' } }
const ASKED: readonly Message[] = [{ type: 'user', text: 'hello' }]
const ANSWERED: readonly Message[] = [
  ...ASKED,
  {
    type: 'tool-results',
    results: [{ call: { name: 'get_time', arguments: {} }, content: '1', source: 'typed' }],
  },
]

function engineWith(constraint: boolean): AnsweringEngine {
  const engine = createAnsweringEngine({ answers: [['Hi.']] })
  return {
    ...engine,
    requests: engine.requests,
    capabilities: { ...engine.capabilities, constraint },
  }
}

async function turn(engine: Engine, rules: CallRules, change: Partial<PromptInput> = {}) {
  const prompt: PromptInput = {
    messages: ASKED,
    systemPrompt: '',
    tools: [TOOL],
    toolShape: 'bare',
    format: hermes,
    chatTemplate: null,
    keepInstruction: true,
    bosToken: '',
    eosToken: '',
    nowMs: 0,
    ...change,
  }
  const events = []
  const request = { prompt, sampling: GREEDY, rules, alternatives: 0, continuation: null }
  for await (const event of runTurn(engine, request, new AbortController().signal))
    events.push(event)
  return events
}

describe('the rules of a turn', () => {
  it('become a grammar, and the answer tells which', async () => {
    const engine = engineWith(true)
    const [start] = await turn(engine, REQUIRED)
    expect(start).toMatchObject({ type: 'turn-start', rules: REQUIRED })
    expect(engine.requests[0]?.constraint?.gbnf).toContain('root ::= calls')
  })

  it('bind nothing where they say nothing, where the engine cannot, and under auto without tools', async () => {
    for (const [engine, rules, change] of [
      [engineWith(true), NO_RULES, {}],
      [engineWith(false), REQUIRED, {}],
      [engineWith(true), { ...NO_RULES, strict: true }, { tools: [] }],
    ] as const) {
      const [start] = await turn(engine, rules, change)
      expect(start).toMatchObject({ type: 'turn-start', rules: null })
      expect(engine.requests[0]?.constraint).toBe(null)
    }
  })

  it('let the model answer once a required call has its results', async () => {
    const [start] = await turn(
      engineWith(true),
      { ...REQUIRED, strict: true },
      { messages: ANSWERED },
    )
    expect(start).toMatchObject({ rules: { choice: { type: 'auto' }, strict: true } })
  })

  it('fail in words when the tools do not allow the choice', async () => {
    const engine = engineWith(true)
    expect(await turn(engine, REQUIRED, { tools: [] })).toEqual([
      { type: 'turn-error', error: { kind: 'tool-choice', error: { kind: 'no-tools' } } },
    ])
    expect(engine.requests).toEqual([])
  })
})
