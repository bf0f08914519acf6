/** Long enough to be steady, short enough to show a change. */
const WINDOW_MS = 8000

/** Bytes a second over the last seconds. `totalBytes` may fall: bytes that are fetched again. */
export function createRate() {
  let samples: { readonly atMs: number; readonly totalBytes: number }[] = []
  return {
    add(atMs: number, totalBytes: number): void {
      const last = samples.at(-1)
      if (last && totalBytes < last.totalBytes) samples = []
      samples.push({ atMs, totalBytes })
      // One sample older than the window stays: it is where the window begins.
      while ((samples[1]?.atMs ?? Infinity) <= atMs - WINDOW_MS) samples.shift()
    },
    bytesPerSecond(): number {
      const [first] = samples
      const last = samples.at(-1)
      if (!first || !last || last.atMs === first.atMs) return 0
      return ((last.totalBytes - first.totalBytes) / (last.atMs - first.atMs)) * 1000
    },
    reset(): void {
      samples = []
    },
  }
}

export function secondsLeft(leftBytes: number, bytesPerSecond: number): number | null {
  if (leftBytes <= 0) return 0
  return bytesPerSecond > 0 ? leftBytes / bytesPerSecond : null
}
