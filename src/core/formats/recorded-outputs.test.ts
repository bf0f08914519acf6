import { describe, expect, it } from 'vitest'
import { eventsOf, partsOf } from './__fixtures__/read-output.ts'
import type { ExpectedPart } from './__fixtures__/recorded-output.ts'
import { RECORDED_OUTPUTS } from './__fixtures__/recorded-outputs.ts'

/** What a fixture leaves out is not asked for. */
function expectation(part: ExpectedPart): unknown {
  if (typeof part === 'string' || !('invalid' in part)) return part
  return expect.objectContaining({ ...part, at: expect.stringMatching(startOf(part.at)) })
}

function startOf(text: string): RegExp {
  return new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`)
}

const CASES = RECORDED_OUTPUTS.flatMap((recorded) =>
  recorded.formats.map((format) => ({ ...recorded, format })),
)

describe.each(CASES)('$format: $name', ({ format, output, parts, startsInReasoning }) => {
  const options = { startsInReasoning: startsInReasoning === true }

  it('is read as recorded', () => {
    expect(partsOf(eventsOf(format, [output], options), output)).toEqual(parts.map(expectation))
  })

  it('is read alike one character at a time', () => {
    expect(eventsOf(format, output.split(''), options)).toEqual(eventsOf(format, [output], options))
  })
})
