import { createParser } from 'eventsource-parser'

/** What came over a stream of server-sent events; exactly one of the last three ends it. */
export type StreamItem =
  | { readonly type: 'data'; readonly value: unknown }
  /** By `[DONE]`, or the connection was closed. */
  | { readonly type: 'over'; readonly wasSaid: boolean }
  | { readonly type: 'broken'; readonly detail: string }
  | { readonly type: 'stalled' }

/**
 * Reads server-sent events with JSON in them, however they are cut into chunks. Comments, which keep a connection open,
 * only say that it is alive. Never throws.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  stallMs: number,
): AsyncGenerator<StreamItem, void, void> {
  const items: StreamItem[] = []
  let isOver = false
  const parser = createParser({
    onEvent({ data }) {
      if (isOver) return
      if (data.trim() !== '[DONE]') items.push(itemOf(data))
      else {
        isOver = true
        items.push({ type: 'over', wasSaid: true })
      }
    },
    onError(error) {
      // llama.cpp once wrote `error: {…}` where others write `data: {"error": …}`.
      if (error.type === 'unknown-field' && error.field === 'error')
        items.push(itemOf(`{"error": ${error.value}}`))
    },
  })
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const chunk = await readOrStall(reader, stallMs)
      if (chunk === null) return yield { type: 'stalled' }
      parser.feed(decoder.decode(chunk.value, { stream: !chunk.done }))
      // The last event may lack the blank line that ends it.
      if (chunk.done) parser.feed('\n\n')
      for (const item of items.splice(0)) {
        yield item
        if (item.type === 'over') return
      }
      if (chunk.done) return yield { type: 'over', wasSaid: false }
    }
  } catch (cause) {
    yield { type: 'broken', detail: cause instanceof Error ? cause.message : String(cause) }
  } finally {
    // It may be broken already: then there is nothing to end.
    await reader.cancel().catch(() => undefined)
  }
}

type Chunk = { readonly done: boolean; readonly value?: Uint8Array | undefined }

async function readOrStall(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  stallMs: number,
): Promise<Chunk | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stall = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), stallMs)
  })
  try {
    return await Promise.race([reader.read(), stall])
  } finally {
    clearTimeout(timer)
  }
}

function itemOf(data: string): StreamItem {
  try {
    return { type: 'data', value: JSON.parse(data) as unknown }
  } catch {
    return { type: 'broken', detail: `not JSON: ${data.slice(0, 80)}` }
  }
}
