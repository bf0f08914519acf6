import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  append,
  childrenOf,
  EMPTY_TRANSCRIPT,
  pathTo,
  replaceMessage,
  showBranch,
  type NodeId,
  type Transcript,
  type TranscriptNode,
} from './transcript.ts'

const id = (name: string) => name as NodeId

function node(name: string, parent: string | null, createdAtMs = 0): TranscriptNode {
  return {
    id: id(name),
    parentId: parent === null ? null : id(parent),
    message: { type: 'user', text: name },
    createdAtMs,
  }
}

function build(...nodes: readonly TranscriptNode[]): Transcript {
  return nodes.reduce(append, EMPTY_TRANSCRIPT)
}

const namesOf = (nodes: readonly TranscriptNode[]) => nodes.map((each) => each.id)

describe('transcript', () => {
  const branched = build(
    node('question', null, 1),
    node('first answer', 'question', 2),
    node('follow-up', 'first answer', 3),
    node('second answer', 'question', 4),
  )

  it('shows what was added last, from the root', () => {
    expect(namesOf(pathTo(branched, branched.leafId))).toEqual(['question', 'second answer'])
  })

  it('keeps every alternative, oldest first', () => {
    expect(namesOf(childrenOf(branched, id('question')))).toEqual(['first answer', 'second answer'])
    expect(namesOf(childrenOf(branched, null))).toEqual(['question'])
  })

  it('goes down to the newest leaf when a branch is shown', () => {
    expect(showBranch(branched, id('first answer')).leafId).toBe('follow-up')
  })

  it('replaces a message in place and leaves the shown leaf alone', () => {
    const changed = replaceMessage(branched, id('question'), { type: 'user', text: 'other' })
    expect(changed.nodes.get(id('question'))?.message).toEqual({ type: 'user', text: 'other' })
    expect(changed.leafId).toBe('second answer')
    expect(replaceMessage(branched, id('gone'), { type: 'user', text: 'x' })).toBe(branched)
  })

  it('ends on a damaged transcript: a missing parent, a cycle', () => {
    expect(namesOf(pathTo(build(node('orphan', 'gone')), id('orphan')))).toEqual(['orphan'])
    const cycle = build(node('a', 'b'), node('b', 'a'))
    expect(namesOf(pathTo(cycle, id('a')))).toEqual(['b', 'a'])
    expect(cycle.nodes.has(showBranch(cycle, id('a')).leafId ?? id(''))).toBe(true)
  })

  it('shows any node of any tree on the path to a leaf below it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        (parents, pick) => {
          const nodes = parents.map((parent, index) =>
            node(`n${index}`, index === 0 ? null : `n${parent % index}`, index),
          )
          const tree = build(...nodes)
          const chosen = id(`n${pick % nodes.length}`)
          const shown = showBranch(tree, chosen)
          const path = namesOf(pathTo(shown, shown.leafId))
          expect(path[0]).toBe('n0')
          expect(path).toContain(chosen)
          expect(childrenOf(shown, shown.leafId)).toEqual([])
        },
      ),
    )
  })
})
