import { afterEach, describe, expect, it, vi } from 'vitest'
import { createJsonLanguageClient, type JsonLanguagePort } from './json-language-client.ts'
import type { JsonLanguageRequest, JsonLanguageResponse } from './json-language-protocol.ts'
import { createJsonLanguageServer } from './json-language-server.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    kind: { enum: ['cat', 'dog'], description: 'Which *animal*.' },
    size: { type: 'number' },
    any: { anyOf: [{ type: 'number' }, { type: 'string' }] },
  },
}

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

function connect() {
  const { port1, port2 } = new MessageChannel()
  closers.push(() => port1.close())
  const answer = createJsonLanguageServer(SCHEMA)
  const seen: JsonLanguageRequest[] = []
  port2.onmessage = ({ data }: MessageEvent<JsonLanguageRequest>) => {
    seen.push(data)
    void answer(data).then((response) => port2.postMessage(response))
  }
  return { client: createJsonLanguageClient(() => port1), seen }
}

describe('the JSON language', () => {
  it('completes keys with what they replace', async () => {
    const { client } = connect()
    const items = await client.ask({ type: 'complete', kind: 'tool', text: '{"k"}', offset: 3 })
    expect(items?.map((item) => item.label)).toEqual(['kind', 'size', 'any'])
    expect(items?.[0]).toEqual({
      label: 'kind',
      detail: '',
      documentation: 'Which *animal*.',
      kind: 'key',
      span: { start: 1, end: 4 },
      snippet: '"kind": $1',
    })
  })

  it('completes a key with a place for its value, unless a value follows', async () => {
    const { client } = connect()
    const ask = async (text: string) => {
      const items = await client.ask({ type: 'complete', kind: 'tool', text, offset: 3 })
      return items?.find((item) => item.label === 'any')?.snippet
    }
    expect(await ask('{"a"}')).toBe('"any": $1')
    expect(await ask('{"a" : 1}')).toBe('"any"')
  })

  it('completes enum values', async () => {
    const { client } = connect()
    const text = '{"kind": ""}'
    const items = await client.ask({ type: 'complete', kind: 'tool', text, offset: 10 })
    expect(items?.map((item) => item.snippet)).toEqual(['"cat"', '"dog"'])
  })

  it('documents what is pointed at, in plain text', async () => {
    const { client } = connect()
    const text = '{"kind": "cat"}'
    const hover = await client.ask({ type: 'hover', kind: 'tool', text, offset: 3 })
    expect(hover).toEqual({ span: { start: 1, end: 7 }, text: 'Which *animal*.' })
    expect(await client.ask({ type: 'hover', kind: 'json', text, offset: 3 })).toBeNull()
  })

  it('reports syntax errors in any JSON and schema problems in tools only', async () => {
    const { client } = connect()
    const wrong = '{"size": "big"}'
    expect(await client.ask({ type: 'validate', kind: 'json', text: wrong })).toEqual([])
    const problems = await client.ask({ type: 'validate', kind: 'tool', text: wrong })
    expect(problems).toMatchObject([{ severity: 'warning', span: { start: 9, end: 14 } }])
    const broken = await client.ask({ type: 'validate', kind: 'json', text: '{"a": }' })
    expect(broken).toMatchObject([{ severity: 'error' }])
  })

  it('formats by edits, invalid text too', async () => {
    const { client } = connect()
    const text = '{"a":[1,], "b" 2}'
    const edits = (await client.ask({ type: 'format', kind: 'json', text })) ?? []
    const formatted = [...edits]
      .reverse()
      .reduce(
        (result, { span, text: insert }) =>
          result.slice(0, span.start) + insert + result.slice(span.end),
        text,
      )
    expect(formatted.replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''))
    expect(formatted).toContain('\n  "a": [')
  })

  it('a text that overflows the stack gives no answer and does not stop the next', async () => {
    const { client } = connect()
    expect(
      await client.ask({ type: 'validate', kind: 'json', text: '['.repeat(200_000) }),
    ).toBeNull()
    expect(await client.ask({ type: 'validate', kind: 'json', text: '{}' })).toEqual([])
  })

  it('a newer question replaces the one that waits', async () => {
    const { client, seen } = connect()
    const answers = await Promise.all(
      ['1', '2', '3'].map((text) => client.ask({ type: 'validate', kind: 'json', text })),
    )
    expect(answers).toEqual([[], null, []])
    expect(seen.map((request) => request.question.text)).toEqual(['1', '3'])
  })

  it('after a crash, open questions get null and the next one starts a new worker', async () => {
    const ports: JsonLanguagePort[] = []
    const client = createJsonLanguageClient(() => {
      const port: JsonLanguagePort = {
        postMessage: ({ id }) => {
          const response: JsonLanguageResponse = { id, ok: true, answer: [] }
          if (ports.length > 1)
            port.onmessage?.({ data: response } as MessageEvent<JsonLanguageResponse>)
        },
        onmessage: null,
        onerror: null,
      }
      ports.push(port)
      return port
    })
    const first = client.ask({ type: 'validate', kind: 'json', text: '1' })
    const second = client.ask({ type: 'validate', kind: 'json', text: '2' })
    ports[0]?.onerror?.({ preventDefault: vi.fn() } as unknown as ErrorEvent)
    expect(await Promise.all([first, second])).toEqual([null, null])
    expect(await client.ask({ type: 'validate', kind: 'json', text: '3' })).toEqual([])
    expect(ports).toHaveLength(2)
  })
})
