import type { LoadProgress } from '../engine.ts'

/** What WebLLM says while it loads: a share of 1 and a sentence, which alone tells the phases apart. */
export type InitReport = { readonly progress: number; readonly text: string }

/**
 * A report of WebLLM as progress; null for one that says nothing new.
 *
 * The share is that of the bytes of whole files, so the bytes follow exactly. Files that are not in the cache yet are
 * fetched in a phase of their own, which also goes from 0 to 1.
 */
export function loadProgress(
  { progress, text }: InitReport,
  totalBytes: number,
): LoadProgress | null {
  if (text.startsWith('Finish loading')) return { phase: 'warm-up' }
  const phase = text.startsWith('Fetching param cache')
    ? 'download'
    : text.startsWith('Loading model from cache')
      ? 'weights'
      : null
  if (phase === null) return null
  const share = Math.min(1, Math.max(0, Number.isFinite(progress) ? progress : 0))
  return { phase, doneBytes: Math.round(share * totalBytes), totalBytes }
}
