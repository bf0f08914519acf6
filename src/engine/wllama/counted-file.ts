/** Reports of reading, at most this many per model: a large one is read in thousands of pieces. */
const REPORTS = 200

/** Adds up what is read of a model's files. llama.cpp reads headers twice, so the sum is cut at the total. */
export function createReadCounter(
  totalBytes: number,
  onProgress: (doneBytes: number) => void,
): (bytes: number) => void {
  let read = 0
  let reported = 0
  return (bytes) => {
    read = Math.min(totalBytes, read + bytes)
    const isDue = read - reported >= totalBytes / REPORTS || read === totalBytes
    if (!isDue || read === reported) return
    reported = read
    onProgress(read)
  }
}

/** The same file, with every read reported. wllama reads with `slice`, or with `stream` where the browser lacks JSPI. */
export function countedFile(file: File | Blob, onRead: (bytes: number) => void): File | Blob {
  return new Proxy(file, {
    get(target, key) {
      if (key === 'slice') {
        return (start?: number, end?: number, type?: string) => {
          const part = target.slice(start, end, type)
          onRead(part.size)
          return part
        }
      }
      if (key === 'stream') {
        return () =>
          target.stream().pipeThrough(
            new TransformStream<Uint8Array, Uint8Array>({
              transform(chunk, controller) {
                onRead(chunk.byteLength)
                controller.enqueue(chunk)
              },
            }),
          )
      }
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
