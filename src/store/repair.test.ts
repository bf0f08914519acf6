import { describe, expect, it } from 'vitest'
import type { NodeId } from '../core/chat/transcript.ts'
import { openReadyTab, type Tab } from './__fixtures__/harness.ts'
import { selectCalls, selectDiagnosis, selectFormat, selectOutput } from './selectors.ts'

const BROKEN = "Sure.\n[{'name': 'get_weather', 'arguments': {'location': 'Oslo',}}]"
const WHOLE = 'Sure.\n[{"name": "get_weather", "arguments": {"location": "Oslo"}}]'

async function answered(answer: string): Promise<{ readonly tab: Tab; readonly id: NodeId }> {
  const tab = await openReadyTab({ answers: [[answer]] })
  await tab.store.getState().send('Weather?')
  return { tab, id: leafOf(tab) }
}

function leafOf(tab: Tab): NodeId {
  const { leafId } = tab.store.getState().transcript
  if (leafId === null) throw new Error('nothing is shown')
  return leafId
}

describe('a repair', () => {
  it('is proposed for a broken call, and taken as a branch that keeps what the model wrote', async () => {
    const broken = '[{"name": "get_weather", "arguments": {"location": "Oslo",}}]'
    const { tab, id } = await answered(broken)
    const { getState } = tab.store
    expect(selectDiagnosis(getState(), id)?.repair?.raw).toBe(broken.replace(',}', '}'))
    getState().takeRepair(id)
    const repaired = leafOf(tab)
    expect(repaired).not.toBe(id)
    const { nodes } = getState().transcript
    expect(nodes.get(id)?.message).toMatchObject({ raw: broken, origin: 'model' })
    expect(nodes.get(repaired)?.message).toMatchObject({ origin: 'repaired', usage: null })
    expect(nodes.get(repaired)?.parentId).toBe(nodes.get(id)?.parentId)
    expect(selectCalls(getState(), repaired).map(({ status }) => status)).toEqual(['waiting'])
    expect(getState().announcement).toMatch(/^Answer repaired/)
  })

  it('is not there for an answer that is well, and then taking it does nothing', async () => {
    const { tab, id } = await answered(WHOLE)
    expect(selectDiagnosis(tab.store.getState(), id)).toEqual({ otherFormat: null, repair: null })
    const { transcript } = tab.store.getState()
    tab.store.getState().takeRepair(id)
    expect(tab.store.getState().transcript).toBe(transcript)
  })

  it('does not make a call of prose', async () => {
    const { tab, id } = await answered(BROKEN.replace("'name': 'get_weather', ", ''))
    expect(selectDiagnosis(tab.store.getState(), id)?.repair).toBeNull()
  })
})

it('a call in the format of another family is read in it, without a changed character', async () => {
  const { tab, id } = await answered('[get_weather(location="Oslo")]')
  const { getState } = tab.store
  expect(selectOutput(getState(), id).calls).toEqual([])
  expect(selectDiagnosis(getState(), id)?.otherFormat?.id).toBe('pythonic')
  getState().readAs(id, 'pythonic')
  const reread = leafOf(tab)
  const { nodes } = getState().transcript
  expect(nodes.get(reread)?.message).toEqual({ ...nodes.get(id)?.message, format: 'pythonic' })
  expect(nodes.get(id)?.message).toMatchObject({ format: 'xlam' })
  expect(selectFormat(getState())?.id).toBe('pythonic')
  expect(selectCalls(getState(), reread)[0]).toMatchObject({
    status: 'waiting',
    call: { name: 'get_weather', state: { arguments: { location: 'Oslo' } } },
  })
  getState().editArgument(reread, 0, { pointer: '/location', value: "Val d'Or" })
  expect(getState().transcript.nodes.get(leafOf(tab))?.message).toMatchObject({
    raw: `[get_weather(location="Val d'Or")]`,
    origin: 'edited',
  })
})
