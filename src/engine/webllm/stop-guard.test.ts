import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStopGuard } from './stop-guard.ts'

/** What is shown of a text that comes in these pieces. */
function shown(pieces: readonly string[], stop: readonly string[]): string {
  const guard = createStopGuard(stop)
  let text = ''
  for (const piece of pieces) {
    const added = guard.add({ text: piece, token: null })
    text += added.pieces.map((one) => one.text).join('')
    if (added.isStopped) return text
  }
  return (
    text +
    guard
      .flush()
      .map((one) => one.text)
      .join('')
  )
}

describe('createStopGuard', () => {
  it('shows the text before the first stop text, in whatever pieces it comes', () => {
    const letters = fc.stringMatching(/^[ab<>]{0,4}$/)
    fc.assert(
      fc.property(fc.array(letters), fc.array(letters, { maxLength: 3 }), (pieces, stop) => {
        const text = pieces.join('')
        const firstEnd = stop
          .filter((one) => one !== '' && text.includes(one))
          .map((one) => text.indexOf(one) + one.length)
        const result = shown(pieces, stop)
        expect(text.startsWith(result)).toBe(true)
        if (firstEnd.length === 0) expect(result).toBe(text)
        else expect(stop.some((one) => one !== '' && result.includes(one))).toBe(false)
      }),
    )
  })

  it('holds nothing back that cannot become a stop text', () => {
    const guard = createStopGuard(['<end>'])
    expect(guard.add({ text: 'a', token: null }).pieces).toHaveLength(1)
    expect(guard.add({ text: 'b<', token: null }).pieces).toHaveLength(0)
    expect(guard.add({ text: 'c', token: null }).pieces).toHaveLength(2)
  })
})
