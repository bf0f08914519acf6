import { describe, expect, it } from 'vitest'
import { pathTo, type NodeId } from '../core/chat/transcript.ts'
import { ok } from '../core/lib/result.ts'
import {
  createAnsweringEngine,
  gate,
  type AnswerScript,
} from '../session/__fixtures__/answering-engine.ts'
import { openReadyTab, openTab, settle, type Tab } from './__fixtures__/harness.ts'
import { selectCalls, selectOutput, selectPendingAnswer } from './selectors.ts'
import type { Turn } from './state.ts'

const OSLO = '[{"name": "get_weather", "arguments": {"location": "Oslo"}}]'

/** The branch that is shown, in short. */
function shown({ store }: Tab): readonly string[] {
  const { transcript } = store.getState()
  return pathTo(transcript, transcript.leafId).map(({ message }) => {
    if (message.type === 'user') return `user: ${message.text}`
    if (message.type === 'assistant') return `${message.end.type}: ${message.raw}`
    return `results: ${message.results.map(({ content }) => content).join(' ')}`
  })
}

function leafOf({ store }: Tab): NodeId {
  const { leafId } = store.getState().transcript
  if (leafId === null) throw new Error('No leaf')
  return leafId
}

function parentOf({ store }: Tab, id: NodeId): NodeId {
  const parentId = store.getState().transcript.nodes.get(id)?.parentId
  if (!parentId) throw new Error('No parent')
  return parentId
}

describe('a turn', () => {
  it('streams an answer and ends idle', async () => {
    const tab = await openReadyTab({ answers: [['Hel', 'lo.']] })
    await tab.store.getState().send('Hi')
    const state = tab.store.getState()
    expect(shown(tab)).toEqual(['user: Hi', 'complete: Hello.'])
    expect(state.turn).toEqual({ type: 'idle' })
    expect(state.liveOutput).toBeNull()
    expect(state.announcement).toBe('Answer complete, no call')
    expect(state.transcript.nodes.get(leafOf(tab))?.message).toMatchObject({
      modelName: 'Callground Nano',
      prompt: tab.engines[0]?.requests[0]?.prompt,
      usage: { completionTokens: 2 },
    })
  })

  it('goes through prefill and decode, and tells how fast', async () => {
    const [read, more, write] = [gate(), gate(), gate()]
    const prefill = { type: 'prefill', done: 5, total: 9, cached: 1 } as const
    let nowMs = 1000
    const tab = await openReadyTab({
      answers: [[prefill, read.promise, 'a', more.promise, 'b', 'c', write.promise]],
      deps: { nowMs: () => nowMs },
    })
    const turns: Turn[] = []
    tab.store.subscribe(({ turn }, previous) => {
      if (turn !== previous.turn) turns.push(turn)
    })
    const sending = tab.store.getState().send('Hi')
    await settle()
    nowMs += 100
    read.open()
    await settle()
    nowMs += 100
    more.open()
    await settle()
    expect(tab.store.getState().turn).toMatchObject({ type: 'decode', tokens: 3 })
    expect(tab.store.getState().liveOutput?.output.parts).toEqual([
      { type: 'text', span: { start: 0, end: 3 } },
    ])
    write.open()
    await sending
    expect(turns.map(({ type }) => type)).toEqual([
      'prefill',
      'prefill',
      'decode',
      'decode',
      'idle',
    ])
    expect(turns[1]).toMatchObject({ done: 5, total: 9, cached: 1 })
    expect(turns[2]).toMatchObject({ tokens: 1, tokensPerSecond: null })
    // Two tokens in the 100 ms after the first.
    expect(turns[3]).toMatchObject({ tokens: 3, tokensPerSecond: 20 })
  })

  it('sets the state once a frame, however many tokens come', async () => {
    const tokens = Array.from({ length: 500 }, () => 'x')
    const tab = await openReadyTab({ answers: [tokens] })
    const before = tab.setCount()
    await tab.store.getState().send('Hi')
    expect(tab.setCount() - before).toBeLessThan(20)
    expect(shown(tab)[1]).toBe(`complete: ${'x'.repeat(500)}`)
  })

  it('stop keeps what was written, acts at once, and notes the numbers', async () => {
    const tab = await openReadyTab({ answers: [['So ', gate().promise, 'late']] })
    const sending = tab.store.getState().send('Hi')
    await settle()
    tab.store.getState().stop()
    expect(shown(tab)).toEqual(['user: Hi', 'stopped: So '])
    expect(tab.store.getState().turn).toEqual({ type: 'idle' })
    expect(tab.store.getState().announcement).toBe('Stopped')
    await sending
    expect(shown(tab)).toEqual(['user: Hi', 'stopped: So '])
    expect(tab.store.getState().transcript.nodes.get(leafOf(tab))?.message).toMatchObject({
      usage: { completionTokens: 1 },
    })
  })

  it('a newer turn replaces a running one', async () => {
    const rest = gate()
    const tab = await openReadyTab({
      answers: [
        ['old ', gate().promise, 'late'],
        ['new', rest.promise, 'er'],
      ],
    })
    const first = tab.store.getState().send('One')
    await settle()
    const second = tab.store.getState().send('Two')
    await first
    await settle()
    expect(shown(tab)).toEqual(['user: One', 'stopped: old ', 'user: Two', 'streaming: new'])
    expect(tab.store.getState().turn).toMatchObject({ type: 'decode', nodeId: leafOf(tab) })
    rest.open()
    await second
    expect(shown(tab).at(-1)).toBe('complete: newer')
    expect(tab.store.getState().turn).toEqual({ type: 'idle' })
  })

  it('a turn that takes no notice of its abort changes nothing any more', async () => {
    const slow = gate()
    const deaf = {
      ...createAnsweringEngine({ answers: [[]] }),
      async *generate() {
        yield { type: 'token', text: 'old ' } as const
        await slow.promise
        yield { type: 'token', text: 'late' } as const
        yield { type: 'error', error: { kind: 'crashed', detail: '' } } as const
      },
    }
    const tab = await openReadyTab({ deps: { createEngine: async () => ok(deaf) } })
    const sending = tab.store.getState().send('One')
    await settle()
    tab.store.getState().stop()
    slow.open()
    await sending
    await settle()
    expect(shown(tab)).toEqual(['user: One', 'stopped: old '])
    expect(tab.store.getState().turnFailure).toBeNull()
    expect(tab.store.getState().modelStatus).toEqual({ type: 'ready' })
  })

  it('marks an answer that reached the limit', async () => {
    const end = (reason: 'length' | 'context') =>
      ({
        type: 'end',
        reason,
        usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 },
        timings: { prefillMs: 1, decodeMs: 1, firstTokenMs: 1 },
      }) as const
    const tab = await openReadyTab({
      answers: [['[{"name": "get_weather", "arguments": {"loc', end('length')]],
    })
    await tab.store.getState().send('Hi')
    expect(tab.store.getState().transcript.nodes.get(leafOf(tab))?.message).toMatchObject({
      end: { type: 'length', limit: 'max-tokens' },
    })
    expect(selectCalls(tab.store.getState(), leafOf(tab)).map(({ status }) => status)).toEqual([
      'cut-off',
    ])
  })

  it('a crash keeps the transcript and says what to do', async () => {
    const tab = await openReadyTab({
      answers: [['Hal', { type: 'error', error: { kind: 'crashed', detail: 'x' } }]],
    })
    await tab.store.getState().send('Hi')
    expect(shown(tab)).toEqual(['user: Hi', 'failed: Hal'])
    expect(tab.store.getState().turnFailure).toEqual({
      title: 'The engine stopped unexpectedly',
      advice: 'Your conversation is safe. Load the model again and go on. (x)',
    })
  })

  it('waits for a model that is being loaded, then starts by itself', async () => {
    const loaded = gate()
    const tab = openTab({
      deps: {
        createEngine: async () => {
          await loaded.promise
          return ok(createAnsweringEngine({ answers: [['Hello']] }))
        },
      },
    })
    const loading = tab.store.getState().loadBuiltInModel()
    const sending = tab.store.getState().send('Hi')
    await settle()
    expect(tab.store.getState().turn.type).toBe('waiting-for-model')
    loaded.open()
    await Promise.all([loading, sending])
    expect(shown(tab)).toEqual(['user: Hi', 'complete: Hello'])
  })

  it('can be stopped while it waits for a model', async () => {
    const tab = openTab({ deps: { createEngine: () => new Promise(() => undefined) } })
    void tab.store.getState().loadBuiltInModel()
    const sending = tab.store.getState().send('Hi')
    await settle()
    tab.store.getState().stop()
    await sending
    expect(shown(tab)).toEqual(['user: Hi', 'stopped: '])
  })

  it('says so when there is no model', async () => {
    const tab = openTab()
    await tab.store.getState().send('Hi')
    expect(tab.store.getState().turnFailure?.title).toBe('No model is running')
    expect(tab.store.getState().turn).toEqual({ type: 'idle' })
  })

  it('does not send answers that said nothing', async () => {
    const failing: AnswerScript = [
      { type: 'error', error: { kind: 'context-exceeded', promptTokens: 9, contextLength: 8 } },
    ]
    const tab = await openReadyTab({ answers: [failing, ['ok']] })
    await tab.store.getState().send('One')
    await tab.store.getState().send('Two')
    expect(tab.engines[0]?.requests[1]?.prompt.match(/assistant/g)).toHaveLength(1)
  })
})

describe('branches', () => {
  it('regenerating adds a sibling and keeps the old answer', async () => {
    const tab = await openReadyTab({ answers: [['one'], ['two']] })
    await tab.store.getState().send('Hi')
    const first = leafOf(tab)
    await tab.store.getState().regenerate(first)
    expect(shown(tab)).toEqual(['user: Hi', 'complete: two'])
    tab.store.getState().showBranch(first)
    expect(shown(tab)).toEqual(['user: Hi', 'complete: one'])
  })

  it('continues from another token in a new branch, with the tokens before it', async () => {
    const token = (text: string, ...others: string[]) => ({
      id: null,
      text,
      logprob: -1,
      alternatives: [text, ...others].map((other) => ({ id: null, text: other, logprob: -1 })),
    })
    const tab = await openReadyTab({
      answers: [
        [
          { type: 'token', text: 'It is ', tokens: [token('It is ')] },
          { type: 'token', text: 'cold', tokens: [token('cold', 'warm')] },
          { type: 'token', text: ' today', tokens: [token(' today')] },
        ],
        [{ type: 'token', text: ' here', tokens: [token(' here')] }],
      ],
    })
    await tab.store.getState().send('Hi')
    const first = leafOf(tab)
    await tab.store.getState().continueFrom(first, 1, { id: null, text: 'warm', logprob: -2 })
    expect(shown(tab)).toEqual(['user: Hi', 'complete: It is warm here'])
    const [before, after] = tab.engines[0]?.requests ?? []
    expect(after?.prompt).toBe(`${before?.prompt}It is warm`)
    const message = tab.store.getState().transcript.nodes.get(leafOf(tab))?.message
    expect(message).toMatchObject({
      forkedAt: 'It is warm'.length,
      prompt: before?.prompt,
      tokens: [
        { text: 'It is ', at: 0, logprob: -1 },
        { text: 'warm', at: 6, logprob: -2 },
        { text: ' here', at: 10, logprob: -1 },
      ],
    })
    tab.store.getState().showBranch(first)
    expect(shown(tab)).toEqual(['user: Hi', 'complete: It is cold today'])
  })

  it('editing a message answers it in a new branch', async () => {
    const tab = await openReadyTab({ answers: [['one'], ['two']] })
    await tab.store.getState().send('Hi')
    await tab.store.getState().editUserMessage(parentOf(tab, leafOf(tab)), 'Hello')
    expect(shown(tab)).toEqual(['user: Hello', 'complete: two'])
    expect(tab.store.getState().transcript.nodes.size).toBe(4)
  })

  it('gives results and goes on; again makes a sibling', async () => {
    const tab = await openReadyTab({ answers: [[OSLO], ['4 degrees'], ['5 degrees']] })
    await tab.store.getState().send('Weather?')
    const answer = leafOf(tab)
    expect(selectPendingAnswer(tab.store.getState())).toBe(answer)
    expect(tab.store.getState().announcement).toBe('Answer complete, 1 call. Waiting for 1 result')
    const call = { name: 'get_weather', arguments: { location: 'Oslo' } }
    tab.store.getState().setResultDraft(answer, 0, '4')
    await tab.store.getState().submitResults(answer, [{ call, content: '4', source: 'typed' }])
    expect(shown(tab).slice(2)).toEqual(['results: 4', 'complete: 4 degrees'])
    expect(tab.store.getState().resultDrafts).toEqual({})
    expect(selectCalls(tab.store.getState(), answer)[0]).toMatchObject({
      status: 'done',
      result: { content: '4' },
      canned: { content: expect.any(String) },
    })
    await tab.store.getState().submitResults(answer, [{ call, content: '5', source: 'typed' }])
    expect(shown(tab).slice(2)).toEqual(['results: 5', 'complete: 5 degrees'])
    expect(tab.store.getState().transcript.nodes.size).toBe(6)
  })

  it('an edited argument is a new answer whose calls wait again', async () => {
    const tab = await openReadyTab({ answers: [[`Sure. ${OSLO}`]] })
    await tab.store.getState().send('Weather?')
    const answer = leafOf(tab)
    tab.store.getState().editArgument(answer, 0, { pointer: '/location', value: 'Rome, "EUR"' })
    expect(leafOf(tab)).not.toBe(answer)
    expect(shown(tab)[1]).toBe(
      'complete: Sure. [{"name": "get_weather", "arguments": {"location": "Rome, \\"EUR\\""}}]',
    )
    expect(selectPendingAnswer(tab.store.getState())).toBe(leafOf(tab))
    expect(tab.store.getState().transcript.nodes.get(leafOf(tab))?.message).toMatchObject({
      origin: 'edited',
    })
    tab.store.getState().editArgument(leafOf(tab), 0, { pointer: '/unit', value: 'celsius' })
    expect(selectOutput(tab.store.getState(), leafOf(tab)).calls[0]?.state).toEqual({
      type: 'complete',
      arguments: { location: 'Rome, "EUR"', unit: 'celsius' },
    })
  })

  it('an edit that leads nowhere changes nothing', async () => {
    const tab = await openReadyTab({ answers: [[OSLO]] })
    await tab.store.getState().send('Weather?')
    const before = tab.store.getState().transcript
    tab.store.getState().editArgument(leafOf(tab), 0, { pointer: '/a/b', value: 1 })
    tab.store.getState().editArgument(leafOf(tab), 7, { pointer: '/location', value: 1 })
    expect(tab.store.getState().transcript).toBe(before)
  })
})

describe('automatic mode', () => {
  it('feeds canned results until the model has answered', async () => {
    const tab = await openReadyTab({ answers: [[OSLO], ['4 degrees']] })
    tab.store.getState().setAutomatic(true)
    await tab.store.getState().send('Weather?')
    const path = shown(tab)
    expect(path.map((line) => line.split(':')[0])).toEqual([
      'user',
      'complete',
      'results',
      'complete',
    ])
    expect(path[3]).toBe('complete: 4 degrees')
  })

  it('stops a model that repeats itself, and says so', async () => {
    const tab = await openReadyTab({ answers: [[OSLO]] })
    tab.store.getState().setAutomatic(true)
    await tab.store.getState().send('Weather?')
    expect(tab.store.getState().notices.at(-1)?.title).toBe(
      'Stopped: get_weather was called 2 times with the same arguments',
    )
    expect(tab.store.getState().turn).toEqual({ type: 'idle' })
  })

  it('does not take the user away from another branch', async () => {
    const second = gate()
    const tab = await openReadyTab({ answers: [['first'], [second.promise, OSLO], ['done']] })
    await tab.store.getState().send('Hi')
    const other = leafOf(tab)
    tab.store.getState().setAutomatic(true)
    const running = tab.store.getState().regenerate(other)
    await settle()
    tab.store.getState().showBranch(other)
    second.open()
    await running
    expect(leafOf(tab)).toBe(other)
    expect([...tab.store.getState().transcript.nodes.values()].at(-1)?.message).toMatchObject({
      raw: 'done',
    })
  })
})
