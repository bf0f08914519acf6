/** The bytes of a body, chunk by chunk. A chunk is good until the next one is asked for. */
export type Chunks = {
  /** Null at the end. Rejects as the body's stream does. */
  next(): Promise<Uint8Array<ArrayBuffer> | null>
  /** Lets go of the body, wherever it has got to. */
  cancel(): Promise<void>
}

const BUFFER_BYTES = 512 * 2 ** 10

/**
 * Reads into one buffer, again and again. A stream's own chunks are megabytes each and come faster than the garbage
 * collector thinks of running: left to it, they pile up to more than a hundred megabytes. A browser whose bodies are no
 * byte streams gives those chunks.
 */
export function readChunks(body: ReadableStream<Uint8Array<ArrayBuffer>>): Chunks {
  const reader = byteReader(body)
  if (!reader) return chunksOf(body.getReader())
  let buffer = new ArrayBuffer(BUFFER_BYTES)
  return {
    async next() {
      const { done, value } = await reader.read(new Uint8Array(buffer))
      if (done || !value) return null
      buffer = value.buffer
      return value
    },
    cancel: () => reader.cancel().catch(() => undefined),
  }
}

function byteReader(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  try {
    return body.getReader({ mode: 'byob' })
  } catch {
    return null
  }
}

function chunksOf(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>): Chunks {
  return {
    async next() {
      const { done, value } = await reader.read()
      return done ? null : value
    },
    cancel: () => reader.cancel().catch(() => undefined),
  }
}
