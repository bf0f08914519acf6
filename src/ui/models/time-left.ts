const MINUTE = 60
const HOUR = 60 * MINUTE

/** What is left of a download: `40 s`, `12 min`, `1 h 5 min`. */
export function timeLeft(seconds: number): string {
  if (seconds < MINUTE) return `${Math.max(1, Math.ceil(seconds))} s`
  const minutes = Math.ceil(seconds / MINUTE)
  if (seconds < HOUR) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
