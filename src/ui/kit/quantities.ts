const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** Bytes in decimal units, as the Hub and the disk show them: `1.25 MB`. */
export function formatBytes(bytes: number): string {
  // Rounded first: 999.9 MB are 1.00 GB.
  const shown = Number(bytes.toPrecision(3))
  const power = shown < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(shown) / 3))
  const value = shown / 1000 ** power
  const digits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${UNITS[power]}`
}

/** A whole number with thin separators: `4,096`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** `850 ms`, `4.2 s`, `3 min 20 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
