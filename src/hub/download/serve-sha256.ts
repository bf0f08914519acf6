import { createSHA256, type IHasher } from 'hash-wasm'

/** Answers come in the order of the questions, so none needs an id. */
export type ToSha256 =
  /** `state` goes on where a hash was saved. */
  | { readonly type: 'begin'; readonly state: Uint8Array | null }
  | { readonly type: 'block'; readonly buffer: ArrayBuffer; readonly byteCount: number }
  | { readonly type: 'save' }
  | { readonly type: 'digest' }

export type FromSha256 =
  /** False when the state is of another version and the hash starts anew. */
  | { readonly type: 'begun'; readonly isRestored: boolean }
  /** Hashed; the buffer comes back to be filled again. */
  | { readonly type: 'block-done'; readonly buffer: ArrayBuffer; readonly byteCount: number }
  | { readonly type: 'saved'; readonly state: Uint8Array }
  | { readonly type: 'digest'; readonly hex: string }

type Port = {
  postMessage(message: FromSha256, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<ToSha256>) => void): void
}

/** A thread that hashes: at a few hundred megabytes a second it is the slowest step, and must not hold up the disk. */
export function serveSha256(port: Port): void {
  let hasher: IHasher | null = null
  let queue = Promise.resolve()

  async function answer(message: ToSha256): Promise<void> {
    if (message.type === 'begin') {
      hasher = await createSHA256()
      const isRestored = message.state !== null && restore(hasher, message.state)
      if (!isRestored) hasher.init()
      return port.postMessage({ type: 'begun', isRestored }, [])
    }
    if (!hasher) throw new Error('The hash was not begun.')
    switch (message.type) {
      case 'block': {
        const { buffer, byteCount } = message
        hasher.update(new Uint8Array(buffer, 0, byteCount))
        return port.postMessage({ type: 'block-done', buffer, byteCount }, [buffer])
      }
      case 'save':
        return port.postMessage({ type: 'saved', state: hasher.save() }, [])
      case 'digest': {
        const hex = hasher.digest()
        hasher = null
        return port.postMessage({ type: 'digest', hex }, [])
      }
    }
  }

  port.addEventListener('message', ({ data }) => {
    queue = queue
      .then(() => answer(data))
      .catch((cause: unknown) => {
        // Reaches the page's side as the worker's `error` event.
        setTimeout(() => {
          throw cause
        })
      })
  })
}

function restore(hasher: IHasher, state: Uint8Array): boolean {
  try {
    hasher.load(state)
    return true
  } catch {
    return false
  }
}
