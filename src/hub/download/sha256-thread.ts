import type { FromSha256, ToSha256 } from './serve-sha256.ts'

/**
 * Blocks in flight. The download's own thread is busy with what arrives and fills a block only between two chunks: with
 * three of 1 MiB the hash stood still for four fifths of the time, and did its work when everything was here.
 */
const BLOCKS = 4
export const BLOCK_BYTES = 2 * 2 ** 20

/** The SHA-256 of one file at a time, computed in a thread of its own. Every promise rejects when the thread dies. */
export type Sha256Thread = {
  /** False when `state` cannot be used; the hash is then that of nothing so far. */
  begin(state: Uint8Array | null): Promise<boolean>
  /** A buffer to fill; waits until the thread has given one back. */
  takeBuffer(): Promise<ArrayBuffer>
  feed(buffer: ArrayBuffer, byteCount: number): void
  /** Gives an unused buffer back. */
  giveBuffer(buffer: ArrayBuffer): void
  save(): Promise<Uint8Array>
  digest(): Promise<string>
  terminate(): void
}

export function startSha256Thread(onHashed: (byteCount: number) => void): Sha256Thread {
  const worker = new Worker(new URL('./sha256.worker.ts', import.meta.url), {
    type: 'module',
    name: 'sha256',
  })
  const buffers = Array.from({ length: BLOCKS }, () => new ArrayBuffer(BLOCK_BYTES))
  const takers: Waiter<ArrayBuffer>[] = []
  const answers: Waiter<FromSha256>[] = []
  let failure: Error | null = null

  const post = (message: ToSha256, transfer: Transferable[] = []) =>
    worker.postMessage(message, transfer)

  function give(buffer: ArrayBuffer): void {
    const taker = takers.shift()
    if (taker) taker.resolve(buffer)
    else buffers.push(buffer)
  }

  function ask(message: ToSha256): Promise<FromSha256> {
    return new Promise((resolve, reject) => {
      if (failure) return reject(failure)
      answers.push({ resolve, reject })
      post(message)
    })
  }

  function fail(detail: string): void {
    failure ??= new Error(detail)
    for (const { reject } of [...takers.splice(0), ...answers.splice(0)]) reject(failure)
  }

  worker.addEventListener('message', ({ data }: MessageEvent<FromSha256>) => {
    if (data.type === 'block-done') {
      give(data.buffer)
      onHashed(data.byteCount)
    } else answers.shift()?.resolve(data)
  })
  worker.addEventListener('error', (event) => {
    fail(event.message || 'The thread that hashes could not be started.')
  })

  return {
    async begin(state) {
      const answer = await ask({ type: 'begin', state })
      return answer.type === 'begun' && answer.isRestored
    },
    takeBuffer() {
      if (failure) return Promise.reject(failure)
      const free = buffers.pop()
      if (free) return Promise.resolve(free)
      return new Promise((resolve, reject) => takers.push({ resolve, reject }))
    },
    feed: (buffer, byteCount) => post({ type: 'block', buffer, byteCount }, [buffer]),
    giveBuffer: give,
    async save() {
      const answer = await ask({ type: 'save' })
      if (answer.type !== 'saved') throw new Error(`unexpected ${answer.type}`)
      return answer.state
    },
    async digest() {
      const answer = await ask({ type: 'digest' })
      if (answer.type !== 'digest') throw new Error(`unexpected ${answer.type}`)
      return answer.hex
    },
    terminate() {
      worker.terminate()
      fail('The thread was ended.')
    },
  }
}

type Waiter<T> = {
  readonly resolve: (value: T) => void
  readonly reject: (reason: Error) => void
}
