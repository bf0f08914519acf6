import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEvents, type StreamItem } from './read-events.ts'

const PLENTY_MS = 60_000

/** The bytes in these chunks; `isOpen` leaves the connection open behind them. */
function bodyOf(chunks: readonly Uint8Array[], isOpen = false) {
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      if (!isOpen) controller.close()
    },
    cancel() {
      isCancelled = true
    },
  })
  return { body, isCancelled: () => isCancelled }
}

async function itemsOf(
  chunks: readonly Uint8Array[],
  { isOpen = false, stallMs = PLENTY_MS } = {},
): Promise<readonly StreamItem[]> {
  const items: StreamItem[] = []
  for await (const item of readEvents(bodyOf(chunks, isOpen).body, stallMs)) items.push(item)
  return items
}

/** Cuts bytes at these places, of whatever order and number. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted(
    (left, right) => left - right,
  )
  return [0, ...ends].map((start, index) => bytes.slice(start, ends[index] ?? bytes.length))
}

const encode = (text: string) => new TextEncoder().encode(text)
// What JSON.stringify makes of it is one line, so it may be any text.
const value = fc.record({ text: fc.string({ unit: 'binary' }), n: fc.integer() })
const lineEnd = fc.constantFrom('\n', '\r\n')
const noise = fc.constantFrom(
  '',
  ': keep-alive',
  ': ping\n',
  'event: message',
  'id: 7',
  'retry: 10',
)

describe('readEvents', () => {
  it('gives the same items in any chunking, whatever stands between them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          events: fc.array(fc.tuple(value, noise), { maxLength: 8 }),
          end: lineEnd,
          isSaid: fc.boolean(),
          places: fc.array(fc.nat(), { maxLength: 40 }),
        }),
        async ({ events, end, isSaid, places }) => {
          const text = [
            ...events.map(([json, before]) => `${before}\n${`data: ${JSON.stringify(json)}`}\n\n`),
            isSaid ? 'data: [DONE]\n\n' : '',
          ]
            .join('')
            .replaceAll('\n', end)
          const items = await itemsOf(cut(encode(text), places))
          expect(items).toEqual([
            ...events.map(([json]) => ({ type: 'data', value: json })),
            { type: 'over', wasSaid: isSaid },
          ])
        },
      ),
    )
  })

  it('never throws, and ends in exactly one terminal item, on any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 })), async (chunks) => {
        const items = await itemsOf(chunks)
        const over = items.filter(({ type }) => type === 'over' || type === 'stalled')
        expect(over).toHaveLength(1)
        expect(items.at(-1)).toEqual(over[0])
      }),
    )
  })

  it('reads nothing behind [DONE]', async () => {
    const text = 'data: 1\n\ndata: [DONE]\n\ndata: 2\n\n'
    expect(await itemsOf([encode(text)])).toEqual([
      { type: 'data', value: 1 },
      { type: 'over', wasSaid: true },
    ])
  })

  it('reads a last event without the blank line that ends it', async () => {
    expect(await itemsOf([encode('data: {"a": 1}')])).toEqual([
      { type: 'data', value: { a: 1 } },
      { type: 'over', wasSaid: false },
    ])
  })

  it('gives up on a connection that stays silent, and closes it', async () => {
    const { body, isCancelled } = bodyOf([encode('data: 1\n\n')], true)
    const items: StreamItem[] = []
    for await (const item of readEvents(body, 20)) items.push(item)
    expect(items).toEqual([{ type: 'data', value: 1 }, { type: 'stalled' }])
    expect(isCancelled()).toBe(true)
  })

  it('a comment is a sign of life', async () => {
    let comments = 0
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 30))
        if (comments++ < 5) controller.enqueue(encode(': still here\n\n'))
        else controller.close()
      },
    })
    const items: StreamItem[] = []
    for await (const item of readEvents(body, 100)) items.push(item)
    expect(items).toEqual([{ type: 'over', wasSaid: false }])
  })
})
