import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../engine/chat.ts'
import { createAnsweringEngine, gate } from '../session/__fixtures__/answering-engine.ts'
import { ok } from '../core/lib/result.ts'
import { openReadyTab, settle } from './__fixtures__/harness.ts'
import { selectNativeAnswer, selectNativeFailure, selectOwnAnswer } from './compare-views.ts'

const CALL = '[{"name": "get_weather", "arguments": {"location": "Oslo"}}]'
const END: ChatEvent = {
  type: 'end',
  reason: 'stop',
  usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 },
  timings: { prefillMs: 1, decodeMs: 1, firstTokenMs: 1 },
}

type Step = ChatEvent | Promise<void>

/** A tab with an answer that calls the weather tool, on an engine whose own tool calling says `steps`. */
async function withAnswer(steps: readonly Step[]) {
  const signals: AbortSignal[] = []
  const engine = createAnsweringEngine({ answers: [[CALL]] })
  const tab = await openReadyTab({
    deps: {
      createEngine: async () =>
        ok({
          ...engine,
          capabilities: { ...engine.capabilities, chat: 'beside-text' },
          async *chat(_request, signal) {
            signals.push(signal)
            for (const step of steps) {
              if (step instanceof Promise) await step
              else yield step
            }
          },
        }),
    },
  })
  const { store } = tab
  await store.getState().send('Weather in Oslo?')
  await settle()
  const answerId = store.getState().transcript.leafId
  if (answerId === null) throw new Error('no answer')
  return { store, answerId, signals }
}

describe('comparing an answer', () => {
  it('shows both, each call checked, and that the prompts are of the same settings', async () => {
    const { store, answerId } = await withAnswer([
      { type: 'sent', body: '{}' },
      { type: 'prompt', prompt: 'P' },
      { type: 'call-part', index: 0, name: 'get_weather', arguments: '{"city": 1}' },
      END,
    ])
    await store.getState().compareNative(answerId)
    const state = store.getState()
    expect(state.dialog).toBe('compare')
    expect(state.comparison).toMatchObject({ answerId, hasChanged: false })
    expect(selectOwnAnswer(state)?.calls).toMatchObject([{ status: 'waiting', issues: [] }])
    const native = selectNativeAnswer(state)
    expect(native).toMatchObject({ prompt: 'P', calls: [{ status: 'invalid' }] })
    expect(native?.calls[0]?.issues.length).toBeGreaterThan(0)
    expect(selectNativeAnswer(state)).toBe(native)
    expect(selectOwnAnswer(state)).toBe(selectOwnAnswer(state))
    expect(selectNativeFailure(state)).toBeNull()
  })

  it('says when the settings are no longer those of the answer', async () => {
    const { store, answerId } = await withAnswer([END])
    store.getState().setSystemPrompt('Be brief.')
    await store.getState().compareNative(answerId)
    expect(store.getState().comparison?.hasChanged).toBe(true)
  })

  it('tells a failure in the engine’s own words: the running model goes on', async () => {
    const error = { kind: 'crashed', detail: 'does not match peg-native' } as const
    const { store, answerId } = await withAnswer([{ type: 'error', error }])
    await store.getState().compareNative(answerId)
    expect(selectNativeFailure(store.getState())?.title).toBe('does not match peg-native')
    expect(store.getState().modelStatus.type).toBe('ready')
  })

  it('closing ends the run, and nothing of it comes later', async () => {
    const wait = gate()
    const { store, answerId, signals } = await withAnswer([
      { type: 'sent', body: '{}' },
      wait.promise,
      END,
    ])
    const running = store.getState().compareNative(answerId)
    await settle()
    store.getState().closeComparison()
    expect(signals[0]?.aborted).toBe(true)
    wait.open()
    await running
    expect(store.getState().comparison).toBeNull()
  })

  it('another dialog in its place ends the run', async () => {
    const wait = gate()
    const { store, answerId, signals } = await withAnswer([
      { type: 'sent', body: '{}' },
      wait.promise,
      { type: 'text', text: 'a' },
      END,
    ])
    const running = store.getState().compareNative(answerId)
    await settle()
    store.getState().openDialog('palette')
    wait.open()
    await running
    expect(signals[0]?.aborted).toBe(true)
    expect(store.getState()).toMatchObject({ comparison: null, dialog: 'palette' })
  })
})
