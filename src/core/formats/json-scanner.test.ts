import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonScanner } from './json-scanner.ts'

/** Where the scanner stops: at the end of the value, at an error, or at the end of the text. */
function scan(chunks: readonly string[]): { readonly end: number; readonly state: string } {
  const scanner = new JsonScanner(1)
  let base = 0
  for (const chunk of chunks) {
    let index = 0
    while (index < chunk.length) {
      index = scanner.run(chunk, index)
      if (scanner.event === 'invalid') return { end: base + index, state: 'invalid' }
      if (scanner.isDone) return { end: base + index, state: 'done' }
    }
    base += chunk.length
  }
  return { end: base, state: 'open' }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const anyDocument = fc
  .oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()))
  .chain((value) => fc.constantFrom(JSON.stringify(value), JSON.stringify(value, null, 1)))

describe('JsonScanner', () => {
  it('reads every JSON document to its last character', () => {
    fc.assert(
      fc.property(anyDocument, (text) => {
        expect(scan([`${text} rest`])).toEqual({ end: text.length, state: 'done' })
        expect(scan(text.split(''))).toEqual({ end: text.length, state: 'done' })
      }),
    )
  })

  it('agrees with JSON.parse on documents with one character changed', () => {
    const change = fc.tuple(
      anyDocument,
      fc.nat(),
      fc.constantFrom(...'{}[]",:\\0123-+.eEtfn\n\u0001\u007f ux'.split(''), ''),
    )
    fc.assert(
      fc.property(change, ([text, at, character]) => {
        const index = at % text.length
        const changed = text.slice(0, index) + character + text.slice(index + 1)
        if (!/^\s*[{[]/.test(changed)) return
        const { end, state } = scan([changed])
        expect(state === 'done' && changed.slice(end).trim() === '').toBe(isJson(changed))
      }),
      { numRuns: 2000 },
    )
  })

  it('agrees with JSON.parse on scalars', () => {
    const scalar = fc.stringMatching(/^[-+.eE0-9tfnrualse"\\ux\n ]{1,10}$/)
    fc.assert(
      fc.property(fc.oneof(scalar, fc.double().map(String)), (text) => {
        const document = `[${text}]`
        const { end, state } = scan([document])
        expect(state === 'done' && end === document.length).toBe(isJson(document))
      }),
      { numRuns: 2000 },
    )
  })
})
