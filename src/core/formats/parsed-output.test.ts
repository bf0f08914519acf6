import { describe, expect, it } from 'vitest'
import { RECORDED_OUTPUTS } from './__fixtures__/recorded-outputs.ts'
import { formatById } from './all-formats.ts'
import { EMPTY_OUTPUT, parseOutput, reduceOutput } from './parsed-output.ts'

const parserFor = (format: 'xlam' | 'hermes') =>
  formatById(format).createParser({ startsInReasoning: false })

describe('parseOutput', () => {
  it('gives the parts in order with spans of the output', () => {
    const raw = '<think>Hm</think>Ok [{"name": "f", "arguments": {"a": 1}}, {"name": "g"}] bye'
    expect(parseOutput(parserFor('xlam'), raw)).toEqual({
      parts: [
        { type: 'reasoning', span: { start: 7, end: 9 } },
        { type: 'text', span: { start: 17, end: 19 } },
        { type: 'call', index: 0 },
        { type: 'call', index: 1 },
        { type: 'text', span: { start: 74, end: 77 } },
      ],
      calls: [
        {
          index: 0,
          name: 'f',
          nameSpan: { start: 31, end: 32 },
          span: { start: 21, end: 57 },
          argumentsSpan: { start: 48, end: 56 },
          state: { type: 'complete', arguments: { a: 1 } },
        },
        {
          index: 1,
          name: 'g',
          nameSpan: null,
          span: { start: 59, end: 72 },
          argumentsSpan: null,
          state: { type: 'malformed', problem: { kind: 'missing-arguments', at: 71 } },
        },
      ],
    })
  })

  it('a call that breaks or is cut off before it was announced is a call too', () => {
    const states = (raw: string) =>
      parseOutput(parserFor('hermes'), raw).calls.map(({ name, state }) => [name, state.type])
    expect(states('<tool_call>x</tool_call><tool_call>{"na')).toEqual([
      [null, 'malformed'],
      [null, 'cut-off'],
    ])
  })
})

describe('reduceOutput', () => {
  it('folded event by event it gives the same, and leaves its input alone', () => {
    for (const { formats, output } of RECORDED_OUTPUTS) {
      for (const id of formats) {
        const create = () => formatById(id).createParser({ startsInReasoning: false })
        const parser = create()
        const events = [
          ...output.split('').flatMap((character) => parser.feed(character)),
          ...parser.end(),
        ]
        let folded = EMPTY_OUTPUT
        for (const event of events) {
          const before = structuredClone(folded)
          const next = reduceOutput(folded, event)
          expect(folded).toEqual(before)
          folded = next
        }
        expect(folded).toEqual(parseOutput(create(), output))
      }
    }
  })

  it('shows a call while it is written', () => {
    const parser = parserFor('xlam')
    const output = parser
      .feed('[{"name": "f", "arguments": {"a"')
      .reduce(reduceOutput, EMPTY_OUTPUT)
    expect(output.calls).toEqual([
      {
        index: 0,
        name: 'f',
        nameSpan: { start: 11, end: 12 },
        span: { start: 1, end: 32 },
        argumentsSpan: { start: 28, end: 32 },
        state: { type: 'writing' },
      },
    ])
  })
})
