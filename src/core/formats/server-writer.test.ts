import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseOutput } from './parsed-output.ts'
import { serverCalls } from './server-calls.ts'
import { createServerWriter } from './server-writer.ts'

type Part = { readonly index: number; readonly name: string; readonly arguments: string }

function write(parts: readonly Part[], isWhole = true): string {
  const writer = createServerWriter()
  return parts.map((part) => writer.callPart(part)).join('') + writer.end(isWhole)
}

const read = (raw: string) =>
  parseOutput(serverCalls.createParser({ startsInReasoning: false }), raw).calls.map(
    ({ name, state }) => [name, state.type === 'complete' ? state.arguments : state.type],
  )

describe('calls that come as data', () => {
  it('are merged by index, however their parts are mixed', () => {
    const calls = fc.array(
      fc.record({
        name: fc.stringMatching(/^[a-z_]{1,8}$/),
        arguments: fc.dictionary(
          fc.stringMatching(/^[a-z]{1,5}$/),
          fc.oneof(fc.string(), fc.integer(), fc.boolean()),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(calls, fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (all, picks) => {
        const queues = all.map((call, index) => {
          const json = JSON.stringify(call.arguments)
          const middle = Math.floor(json.length / 2)
          return [
            { index, name: call.name, arguments: '' },
            { index, name: '', arguments: json.slice(0, middle) },
            { index, name: '', arguments: json.slice(middle) },
          ]
        })
        const mixed: Part[] = []
        for (let turn = 0; queues.some(({ length }) => length > 0); turn++) {
          const open = queues.filter(({ length }) => length > 0)
          const part = open[(picks[turn % picks.length] ?? 0) % open.length]?.shift()
          if (part) mixed.push(part)
        }
        // Indices are dense and every one begins before it ends, but calls may announce themselves out of order.
        const sorted = (calls: readonly (readonly unknown[])[]) =>
          calls
            .map((call) => JSON.stringify(call))
            .toSorted((left, right) => (left < right ? -1 : 1))
        expect(sorted(read(write(mixed)))).toEqual(
          sorted(all.map((call) => [call.name, call.arguments])),
        )
      }),
    )
  })

  it('keep broken arguments as they came, and the reason', () => {
    const raw = write([{ index: 0, name: 'f', arguments: '{"a": nope}' }])
    expect(raw).toContain('{"a": nope}')
    expect(read(raw)).toEqual([['f', 'malformed']])
  })

  it('that were not ended are cut off', () => {
    expect(read(write([{ index: 0, name: 'f', arguments: '{"a": 1' }], false))).toEqual([
      ['f', 'cut-off'],
    ])
  })

  it('have no arguments where the tool has no parameters', () => {
    expect(read(write([{ index: 0, name: 'f', arguments: '' }]))).toEqual([['f', {}]])
  })

  it('stand beside text and reasoning', () => {
    const writer = createServerWriter()
    const raw =
      writer.reasoning('Hm') +
      writer.text('Ok. ') +
      writer.callPart({ index: 0, name: 'f', arguments: '{}' }) +
      writer.end(true)
    expect(raw).toBe(
      '<think>Hm</think>Ok. <|server_call|>{"name": "f", "arguments": {}}<|/server_call|>',
    )
  })
})
