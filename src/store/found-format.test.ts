import { expect, it } from 'vitest'
import { openReadyTab } from './__fixtures__/harness.ts'
import { readNodeRecord } from './saved-records.ts'
import {
  selectFormat,
  selectFoundFormat,
  selectIsFormatCertain,
  selectOutput,
} from './selectors.ts'
import type { AppState } from './state.ts'

/** Of a family that no format knows. */
const TEMPLATE = `{{ tools | tojson }}{% for message in messages %}<turn>{{ message.content }}
{%- for call in message.tool_calls or [] %}<act>{"tool": "{{ call.function.name }}", "args": {{ call.function.arguments | tojson }}}</act>{% endfor %}<end>{% endfor %}`

async function stateWith(chatTemplate: string | null): Promise<AppState> {
  const tab = await openReadyTab({ answers: [['Ok']] })
  await tab.store.getState().send('Hi')
  const state = tab.store.getState()
  if (!state.engineInfo) throw new Error('No engine')
  return { ...state, engineInfo: { ...state.engineInfo, chatTemplate } }
}

it('the markers of an unknown template are found and in force, and stored answers keep them', async () => {
  const state = await stateWith(TEMPLATE)
  const format = selectFormat(state)
  if (!format) throw new Error('No format')
  expect(format.label).toBe('Found in the template')
  expect(format.description).toContain('tool and args')
  expect(selectFoundFormat(state)).toBe(format)
  expect(selectIsFormatCertain(state)).toBe(true)

  const id = state.transcript.leafId
  const node = id === null ? undefined : state.transcript.nodes.get(id)
  if (!node) throw new Error('No answer')
  const raw = 'So: <act>{"tool": "f", "args": {"a": 1}}</act>'
  const saved = {
    ...node,
    conversationId: 'c',
    message: { ...node.message, raw, format: format.id },
  }
  const read = readNodeRecord(JSON.parse(JSON.stringify(saved)))
  if (!read) throw new Error('Not readable')
  const nodes = new Map(state.transcript.nodes).set(read.id, { ...node, message: read.message })
  const restored = { ...state, transcript: { ...state.transcript, nodes } }
  expect(selectOutput(restored, read.id).calls).toEqual([
    expect.objectContaining({ name: 'f', state: { type: 'complete', arguments: { a: 1 } } }),
  ])
})

it.each([
  ['nothing to find', '{{ messages[0].content }}', false],
  ['no template', null, false],
  ['a template that tells', '<tool_call>\n{"name": x}\n</tool_call>', true],
] as const)('%s: no format is found', async (_name, template, certain) => {
  const state = await stateWith(template)
  expect(selectFoundFormat(state)).toBeNull()
  expect(selectIsFormatCertain(state)).toBe(certain)
})
