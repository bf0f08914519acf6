/** A stream: pushed into at one end, read once at the other. What is pushed after `close` is dropped. */
export type EventChannel<Item> = {
  push(item: Item): void
  close(): void
  read(): AsyncGenerator<Item, void, void>
}

export function createEventChannel<Item>(): EventChannel<Item> {
  let waiting: Item[] = []
  let isClosed = false
  let wake: (() => void) | null = null
  const stir = () => {
    wake?.()
    wake = null
  }

  return {
    push(item) {
      if (isClosed) return
      waiting.push(item)
      stir()
    },
    close() {
      isClosed = true
      stir()
    },
    async *read() {
      while (!isClosed || waiting.length > 0) {
        const items = waiting
        waiting = []
        yield* items
        if (waiting.length > 0 || isClosed) continue
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
