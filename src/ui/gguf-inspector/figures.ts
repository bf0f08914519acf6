const BILLION = 1e9
const MILLION = 1e6

/** `3.09 B`, `1.1 M`, `65,536`. */
export function formatWeights(count: number): string {
  if (count >= BILLION) return `${(count / BILLION).toFixed(2)} B`
  if (count >= MILLION) return `${(count / MILLION).toFixed(1)} M`
  return count.toLocaleString('en-US')
}

/** Two decimals at most: `4.5`, `6.56`; `unknown` for null. */
export function formatBits(bitsPerWeight: number | null): string {
  return bitsPerWeight === null ? 'unknown' : String(Number(bitsPerWeight.toFixed(2)))
}

/** `12 %`, `0.3 %`. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '0 %'
  const percent = (part / whole) * 100
  return percent > 0 && percent < 0.1
    ? '< 0.1 %'
    : `${Number(percent.toFixed(percent < 10 ? 1 : 0))} %`
}
