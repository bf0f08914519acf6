import { describe, expect, it } from 'vitest'
import type { ToolCall } from '../core/tools/tool.ts'
import { createRepeatGuard } from './repeat-guard.ts'

const oslo: ToolCall = { name: 'get_weather', arguments: { location: 'Oslo', unit: 'celsius' } }
const osloReordered: ToolCall = {
  name: 'get_weather',
  arguments: { unit: 'celsius', location: 'Oslo' },
}
const rome: ToolCall = { name: 'get_weather', arguments: { location: 'Rome', unit: 'celsius' } }
const ping: ToolCall = { name: 'ping_host', arguments: { host: 'example.com' } }

function verdicts(...steps: readonly (readonly ToolCall[])[]) {
  const guard = createRepeatGuard()
  return steps.map((calls) => guard.add(calls))
}

describe('createRepeatGuard', () => {
  it('lets different calls pass', () => {
    expect(verdicts([oslo], [rome], [ping])).toEqual([null, null, null])
  })

  it('stops the same call twice in a row, whatever the order of its keys', () => {
    expect(verdicts([oslo], [osloReordered])).toEqual([null, { name: 'get_weather', times: 2 }])
  })

  it('stops the same set of calls in another order', () => {
    expect(verdicts([oslo, ping], [ping, oslo])).toEqual([null, { name: 'ping_host', times: 2 }])
  })

  it('stops a call the third time, with others between', () => {
    expect(verdicts([oslo], [rome], [oslo, ping], [oslo])).toEqual([
      null,
      null,
      null,
      { name: 'get_weather', times: 3 },
    ])
  })

  it('counts a call twice in one step once', () => {
    expect(verdicts([oslo, oslo], [rome])).toEqual([null, null])
  })

  it('takes steps without calls for no repetition', () => {
    expect(verdicts([], [])).toEqual([null, null])
  })
})
