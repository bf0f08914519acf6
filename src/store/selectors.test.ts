import { describe, expect, it } from 'vitest'
import type { NodeId } from '../core/chat/transcript.ts'
import { gate, type AnswerScript } from '../session/__fixtures__/answering-engine.ts'
import { openReadyTab, openTab, picked, settle, type Tab } from './__fixtures__/harness.ts'
import {
  selectAnswerOutcome,
  selectCalls,
  selectEnabledTools,
  selectFormat,
  selectInspectedAnswerId,
  selectInstruction,
  selectModelSettings,
  selectOutput,
  selectPath,
  selectPendingAnswer,
  selectPromptPreview,
  selectReadings,
  selectToolProblems,
  selectToolShape,
} from './selectors.ts'
import type { AppState } from './state.ts'

const OSLO = '[{"name": "get_weather", "arguments": {"location": "Oslo"}}]'

function leafOf({ store }: Tab): NodeId {
  const { leafId } = store.getState().transcript
  if (leafId === null) throw new Error('No leaf')
  return leafId
}

async function answered(...script: AnswerScript): Promise<Tab> {
  const tab = await openReadyTab({ answers: [script] })
  await tab.store.getState().send('Weather in Oslo?')
  return tab
}

const LENGTH_END = {
  type: 'end',
  reason: 'length',
  usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 },
  timings: { prefillMs: 1, decodeMs: 1, firstTokenMs: 1 },
} as const

describe('selectors', () => {
  it('give the very same object as long as nothing that they read has changed', async () => {
    const tab = await answered(`Sure. ${OSLO}`)
    const id = leafOf(tab)
    const all: readonly ((state: AppState) => unknown)[] = [
      selectReadings,
      selectEnabledTools,
      selectToolProblems,
      selectModelSettings,
      selectFormat,
      selectToolShape,
      selectPath,
      (state) => selectOutput(state, id),
      (state) => selectCalls(state, id),
      selectPendingAnswer,
      selectInspectedAnswerId,
      selectPromptPreview,
      selectInstruction,
    ]
    const before = all.map((select) => select(tab.store.getState()))
    tab.store.getState().setPhonePane('calls')
    tab.store.getState().pointAt(null)
    expect(all.map((select) => select(tab.store.getState()))).toEqual(before)
    for (const [index, select] of all.entries())
      expect(select(tab.store.getState())).toBe(before[index])
  })

  it('keep finished calls and earlier messages the same while an answer grows', async () => {
    const rest = gate()
    const tab = await openReadyTab({
      answers: [
        ['Hi'],
        [`${OSLO.slice(0, -1)}, {"name": "get_weather", "arguments": {"loc`, rest.promise, 'ation'],
      ],
    })
    await tab.store.getState().send('One')
    const sending = tab.store.getState().send('Two')
    await settle()
    const calls = selectCalls(tab.store.getState(), leafOf(tab))
    const path = selectPath(tab.store.getState())
    rest.open()
    await sending
    const later = selectCalls(tab.store.getState(), leafOf(tab))
    expect(calls.map(({ status }) => status)).toEqual(['waiting', 'writing'])
    expect(later.map(({ status }) => status)).toEqual(['waiting', 'cut-off'])
    for (const index of [0, 1, 2]) expect(selectPath(tab.store.getState())[index]).toBe(path[index])
  })

  it('read a tool text once', async () => {
    const tab = openTab()
    await tab.store.hydrate()
    const before = selectReadings(tab.store.getState())
    tab.store.getState().addTool('{')
    const after = selectReadings(tab.store.getState())
    expect(after[0]).toBe(before[0])
    expect(after).toHaveLength(before.length + 1)
  })

  it('offer the tools that are on, of equal names the first', async () => {
    const tab = openTab()
    await tab.store.hydrate()
    const [weather] = tab.store.getState().toolDocuments
    if (!weather) throw new Error('No tool')
    tab.store.getState().duplicateTool(weather.id)
    tab.store
      .getState()
      .addTool('{"name": "other", "description": "", "parameters": {"type": "object"}}')
    expect(
      selectEnabledTools(tab.store.getState()).map(({ tool, documentId }) => [
        tool.name,
        documentId,
      ]),
    ).toEqual([
      ['get_weather', weather.id],
      ['other', expect.any(String)],
    ])
    const problems = () =>
      selectToolProblems(tab.store.getState()).get(
        tab.store.getState().toolDocuments[1]?.id ?? weather.id,
      )
    expect(problems()).toMatchObject([
      { severity: 'error', message: expect.stringContaining('get_weather') },
    ])
    tab.store.getState().setToolEnabled(weather.id, false)
    expect(problems()).toEqual([])
    expect(selectEnabledTools(tab.store.getState())[0]?.documentId).not.toBe(weather.id)
  })
})

describe('the outcome of an answer', () => {
  it.each([
    ['calls', [OSLO]],
    ['no-call', ['Hello.']],
    ['cut-off', ['[{"name": "get_weather", "arguments": {"loc', LENGTH_END]],
    ['cut-off', ['Once upon a', LENGTH_END]],
    ['malformed', ['[{"name": "get_weather", "arguments": {"location" 1}}]']],
    ['failed', ['Hm', { type: 'error', error: { kind: 'crashed', detail: '' } }]],
  ] satisfies [string, AnswerScript][])('is %s', async (outcome, script) => {
    const tab = await answered(...script)
    expect(selectAnswerOutcome(tab.store.getState(), leafOf(tab))).toBe(outcome)
  })

  it('is writing, then stopped', async () => {
    const tab = await openReadyTab({ answers: [['So ', gate().promise]] })
    const sending = tab.store.getState().send('Hi')
    await settle()
    expect(selectAnswerOutcome(tab.store.getState(), leafOf(tab))).toBe('writing')
    expect(selectPendingAnswer(tab.store.getState())).toBeNull()
    tab.store.getState().stop()
    await sending
    expect(selectAnswerOutcome(tab.store.getState(), leafOf(tab))).toBe('stopped')
  })
})

describe('the calls of an answer', () => {
  it('are checked against their tools', async () => {
    const tab = await answered(
      '[{"name": "get_weather", "arguments": {}}, {"name": "get_wether", "arguments": {}}]',
    )
    const calls = selectCalls(tab.store.getState(), leafOf(tab))
    expect(
      calls.map(({ status, tool, issues }) => [status, tool?.name, issues.map(({ kind }) => kind)]),
    ).toEqual([
      ['invalid', 'get_weather', ['missing']],
      ['invalid', undefined, ['unknown-tool']],
    ])
  })

  it('know the canned result that fits', async () => {
    const tab = await answered(OSLO)
    const [call] = selectCalls(tab.store.getState(), leafOf(tab))
    expect(call?.cannedResults).toContain(call?.canned)
  })

  it('show the results of the branch that is shown', async () => {
    const tab = await openReadyTab({ answers: [[OSLO], ['a'], ['b']] })
    await tab.store.getState().send('Hi')
    const answer = leafOf(tab)
    const call = { name: 'get_weather', arguments: { location: 'Oslo' } }
    await tab.store.getState().submitResults(answer, [{ call, content: '1', source: 'typed' }])
    const first = leafOf(tab)
    await tab.store.getState().submitResults(answer, [{ call, content: '2', source: 'typed' }])
    const content = () => selectCalls(tab.store.getState(), answer)[0]?.result?.content
    expect(content()).toBe('2')
    tab.store.getState().showBranch(first)
    expect(content()).toBe('1')
  })
})

describe('the prompt preview', () => {
  it('is what would be sent, composer included', async () => {
    const tab = await answered('Hello.')
    tab.store.getState().setComposerText('And in Rome?')
    const preview = selectPromptPreview(tab.store.getState())
    await tab.store.getState().send('And in Rome?')
    expect(preview?.built?.prompt).toBe(tab.engines[0]?.requests[1]?.prompt)
    expect(preview?.problem?.title).toBe('The model file has no chat template')
    expect(preview?.built?.templateUsed).toBe('fallback')
  })

  it('is null without a model', () => {
    expect(selectPromptPreview(openTab().store.getState())).toBeNull()
    expect(selectInstruction(openTab().store.getState())).toBeNull()
  })
})

describe('the settings', () => {
  it('are the recommended ones with the changes, per model', async () => {
    const tab = await openReadyTab()
    expect(selectModelSettings(tab.store.getState())).toMatchObject({
      sampling: { temperature: 0, maxTokens: 256 },
      load: { contextLength: 2048 },
    })
    const { sampling } = selectModelSettings(tab.store.getState())
    tab.store.getState().changeModelSettings({ sampling: { ...sampling, temperature: 1 } })
    expect(selectModelSettings(tab.store.getState()).sampling.temperature).toBe(1)
    await tab.store
      .getState()
      .openModelFiles([picked(new File(['GGUF'], 'xLAM-2-3B-fc-r-Q4_K_M.gguf'))])
    expect(selectModelSettings(tab.store.getState()).sampling).toMatchObject({
      temperature: 0,
      topK: 20,
    })
    tab.store.getState().resetModelSettings()
    await tab.store.getState().loadBuiltInModel()
    expect(selectModelSettings(tab.store.getState()).sampling.temperature).toBe(1)
    tab.store.getState().resetModelSettings()
    expect(selectModelSettings(tab.store.getState()).sampling.temperature).toBe(0)
  })
})
