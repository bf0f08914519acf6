import { describe, expect, it } from 'vitest'
import type { ToolId } from '../core/tools/tool.ts'
import { openReadyTab, openTab, type Tab } from './__fixtures__/harness.ts'
import { selectEnabledTools } from './selectors.ts'

const tool = (name: string) =>
  `{"name": "${name}", "description": "", "parameters": {"type": "object"}}`

/** A tab with the tools a, b and c. */
async function threeTools(): Promise<Tab> {
  const tab = openTab()
  await tab.store.hydrate()
  for (const { id } of tab.store.getState().toolDocuments) tab.store.getState().deleteTool(id)
  for (const name of ['a', 'b', 'c']) tab.store.getState().addTool(tool(name))
  for (const { id } of tab.store.getState().notices) tab.store.getState().dismissNotice(id)
  return tab
}

const namesOf = ({ store }: Tab) =>
  selectEnabledTools(store.getState()).map((enabled) => enabled.tool.name)

function idOf({ store }: Tab, name: string): ToolId {
  const id = store.getState().toolDocuments.find(({ text }) => text.includes(`"${name}"`))?.id
  if (!id) throw new Error(`No tool ${name}`)
  return id
}

function undoLast({ store }: Tab): void {
  const notice = store.getState().notices.at(-1)
  expect(notice?.action).toBe('Undo')
  store.getState().actOnNotice(notice?.id ?? '')
}

describe('tools', () => {
  it('are moved, duplicated, switched off', async () => {
    const tab = await threeTools()
    const { moveTool, setToolEnabled, duplicateTool } = tab.store.getState()
    moveTool(idOf(tab, 'c'), 0)
    expect(namesOf(tab)).toEqual(['c', 'a', 'b'])
    moveTool(idOf(tab, 'c'), 99)
    expect(namesOf(tab)).toEqual(['a', 'b', 'c'])
    setToolEnabled(idOf(tab, 'b'), false)
    expect(namesOf(tab)).toEqual(['a', 'c'])
    duplicateTool(idOf(tab, 'a'))
    const { toolDocuments, selectedToolId } = tab.store.getState()
    expect(toolDocuments[1]).toEqual({ ...toolDocuments[0], id: selectedToolId })
  })

  it('come back where they were when a deletion is undone', async () => {
    const tab = await threeTools()
    const before = tab.store.getState().toolDocuments
    tab.store.getState().deleteTool(idOf(tab, 'b'))
    expect(namesOf(tab)).toEqual(['a', 'c'])
    expect(tab.store.getState().notices.at(-1)).toMatchObject({
      title: 'Tool deleted',
      advice: 'b',
    })
    undoLast(tab)
    expect(tab.store.getState().toolDocuments).toEqual(before)
    expect(tab.store.getState().notices).toEqual([])
  })

  it('import one definition, many, or text that is no JSON, as it is', async () => {
    const tab = await threeTools()
    tab.store.getState().importTools(`[${tool('d')}, ${tool('e')}]`)
    expect(namesOf(tab)).toEqual(['a', 'b', 'c', 'd', 'e'])
    tab.store.getState().importTools('def f(x): ...')
    expect(tab.store.getState().toolDocuments.at(-1)?.text).toBe('def f(x): ...')
    expect(namesOf(tab)).toHaveLength(5)
  })

  it('split a document that holds several', async () => {
    const tab = await threeTools()
    tab.store.getState().editToolText(idOf(tab, 'b'), `[${tool('x')}, ${tool('y')}]`)
    expect(namesOf(tab)).toEqual(['a', 'x', 'y', 'c'])
    tab.store.getState().splitTool(idOf(tab, 'x'))
    expect(tab.store.getState().toolDocuments).toHaveLength(4)
    expect(namesOf(tab)).toEqual(['a', 'x', 'y', 'c'])
  })

  it('keep text that is no valid tool', async () => {
    const tab = await threeTools()
    const id = idOf(tab, 'b')
    tab.store.getState().editToolText(id, '{"name": ')
    expect(tab.store.getState().toolDocuments.find((document) => document.id === id)?.text).toBe(
      '{"name": ',
    )
    expect(namesOf(tab)).toEqual(['a', 'c'])
  })
})

describe('a preset', () => {
  it('replaces the tools, keeps the chat, and can be undone', async () => {
    const tab = await openReadyTab()
    tab.store.getState().setSystemPrompt('Mine.')
    await tab.store.getState().send('Hi')
    const before = tab.store.getState()
    tab.store.getState().applyPreset('shop')
    expect(namesOf(tab)).toContain('cancel_order')
    expect(tab.store.getState().presetId).toBe('shop')
    expect(tab.store.getState().transcript).toBe(before.transcript)
    tab.store.getState().addTool(tool('added'))
    undoLast(tab)
    expect(tab.store.getState()).toMatchObject({ presetId: 'weather', systemPrompt: 'Mine.' })
    expect(tab.store.getState().toolDocuments).toEqual([
      ...before.toolDocuments,
      expect.objectContaining({ text: tool('added') }),
    ])
  })

  it('that does not exist changes nothing', async () => {
    const tab = await openReadyTab()
    const before = tab.store.getState()
    tab.store.getState().applyPreset('nonesuch')
    expect(tab.store.getState()).toBe(before)
  })
})
