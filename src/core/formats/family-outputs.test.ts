import { describe, expect, it } from 'vitest'
import { FAMILIES } from './__fixtures__/families/all-families.ts'
import { eventsOf, partsOf } from './__fixtures__/read-output.ts'

const WEATHER = { call: 'get_weather', arguments: { city: 'Oslo', unit: 'c' } }
const TIME = { call: 'get_time', arguments: { zone: 'Europe/Oslo' } }

describe.each(FAMILIES)('$format', (family) => {
  const { format } = family
  /** Read whole, and one character at a time, which must come to the same. */
  const read = (output: string) => {
    const events = eventsOf(format, [output])
    expect(eventsOf(format, output.split(''))).toEqual(events)
    return partsOf(events, output)
  }

  it('no call', () => {
    const text = 'None of the tools fits, see [1].\n\nWhich city do you mean?\n'
    expect(read(text)).toEqual([text])
  })

  it('one call', () => {
    expect(read(family.single)).toEqual([WEATHER])
  })

  it('parallel calls', () => {
    expect(read(family.parallel)).toEqual([WEATHER, TIME])
  })

  it('data types', () => {
    const values = { s: 'x', i: 3, n: -2.5, t: true, z: null, l: [1, [2]], o: { k: {} }, e: '' }
    expect(read(family.types)).toEqual([{ call: 'set_all', arguments: values }])
  })

  it('empty arguments', () => {
    expect(read(family.empty)).toEqual([{ call: 'ping', arguments: {} }])
  })

  it('surrounding text', () => {
    expect(read(family.around)).toEqual(['Let me look.', WEATHER, 'Done.'])
  })

  it('escaped strings', () => {
    const text = `He said "hi"\n\\ é 😀 ${family.markInString}`
    expect(read(family.escaped)).toEqual([{ call: 'say', arguments: { text } }])
  })

  it('a malformed call', () => {
    const at = family.malformed.slice(family.malformed.indexOf("'Oslo'"))
    expect(read(family.malformed)).toEqual([
      expect.objectContaining({
        invalid: 'get_weather',
        kind: 'syntax',
        at,
        expected: 'a JSON value',
        found: `"'"`,
      }),
    ])
  })

  it('a call cut off', () => {
    expect(read(family.cutOff)).toEqual([{ cutOff: 'get_weather', argumentsText: '{"city": "Os' }])
  })

  it('reasoning', () => {
    const { output, thought } = family.reasoning
    expect(read(output)).toEqual([{ reasoning: thought }, WEATHER])
  })
})
