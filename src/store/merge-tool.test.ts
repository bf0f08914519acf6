import { describe, expect, it } from 'vitest'
import type { CannedResultId, ToolId } from '../core/tools/tool.ts'
import { mergeTool } from './merge-tool.ts'
import type { ToolRecord } from './saved-records.ts'

const base: ToolRecord = {
  id: 'a' as ToolId,
  text: '{}',
  enabled: true,
  cannedResults: [],
  order: 0,
  revision: 3,
}
const theirs = (change: Partial<ToolRecord>): ToolRecord => ({ ...base, revision: 4, ...change })
const mine = (change: Partial<ToolRecord>): ToolRecord => ({ ...base, ...change })
const canned = { id: 'c' as CannedResultId, when: {}, content: 'ok' }
const newId = () => 'copy'

describe('mergeTool', () => {
  it('writes mine when nobody else wrote', () => {
    expect(mergeTool({ base, mine: mine({ text: '1' }), theirs: base }, newId)).toEqual({
      stored: { ...base, text: '1', revision: 4 },
      copy: null,
    })
  })

  it('joins changes of different fields', () => {
    const merged = mergeTool(
      {
        base,
        mine: mine({ text: 'mine', order: 5 }),
        theirs: theirs({ enabled: false, cannedResults: [canned] }),
      },
      newId,
    )
    expect(merged).toEqual({
      stored: {
        ...base,
        text: 'mine',
        order: 5,
        enabled: false,
        cannedResults: [canned],
        revision: 5,
      },
      copy: null,
    })
  })

  it('keeps both when both changed the text', () => {
    const merged = mergeTool(
      { base, mine: mine({ text: 'mine' }), theirs: theirs({ text: 'theirs' }) },
      newId,
    )
    expect(merged).toEqual({
      stored: theirs({ text: 'theirs' }),
      copy: { ...base, id: 'copy', text: 'mine', order: 0.5, revision: 1 },
    })
  })

  it('keeps both when both changed the canned results', () => {
    const merged = mergeTool(
      {
        base,
        mine: mine({ cannedResults: [canned] }),
        theirs: theirs({ cannedResults: [{ ...canned, content: 'no' }] }),
      },
      newId,
    )
    expect(merged.copy?.cannedResults).toEqual([canned])
  })

  it('sees no conflict where both wrote the same', () => {
    const merged = mergeTool(
      { base, mine: mine({ text: 'same' }), theirs: theirs({ text: 'same' }) },
      newId,
    )
    expect(merged).toEqual({ stored: theirs({ text: 'same', revision: 5 }), copy: null })
  })

  it('brings back what another tab deleted when it was changed here', () => {
    expect(mergeTool({ base, mine: mine({ text: 'mine' }), theirs: null }, newId).stored).toEqual(
      mine({ text: 'mine', revision: 4 }),
    )
  })
})
